import { open } from "node:fs/promises";
import type { DuckDb } from "../engine/duckdb.ts";
import { quoteIdentifier, quotePath } from "../engine/sql.ts";
import type { Located } from "./locate.ts";
import { readError } from "./read-error.ts";
import { refusal, refuseDuplicates, unreadable } from "./refusals.ts";

export interface SourceColumn {
  /** As it stands in the file. */
  readonly name: string;
  /** What to write in SQL for it, in a query over `TableSource.sql`. */
  readonly sql: string;
  /** DuckDB's type; VARCHAR for every column of a CSV, whose text has no types of its own. */
  readonly engineType: string;
}

/** The columns of one file by its footer. Throws `not-evaluable` where the footer cannot be read or names a column twice. */
export async function parquetColumns(file: Located, db: DuckDb): Promise<SourceColumn[]> {
  const reader = `(${quotePath(file.absolutePath)})`;
  try {
    const described = await db.query(`DESCRIBE FROM read_parquet${reader}`);
    const schema = await db.query(`SELECT name, num_children FROM parquet_schema${reader}`);
    const names = topLevelNames(
      schema.map((row) => ({ name: String(row["name"]), children: Number(row["num_children"] ?? 0) })),
    );
    refuseDuplicates(file.uri, names);
    return described.slice(0, names.length).map((row, index) => ({
      name: names[index] ?? String(row["column_name"]),
      sql: positional(index),
      engineType: String(row["column_type"]),
    }));
  } catch (error) {
    throw readError(error, "parquet", [file]);
  }
}

/** The schema is a tree written depth first; its root stands first. */
function topLevelNames(nodes: readonly { readonly name: string; readonly children: number }[]): string[] {
  const names: string[] = [];
  let index = 1;
  const skip = (): void => {
    const node = nodes[index];
    index += 1;
    for (let child = 0; child < (node?.children ?? 0); child += 1) skip();
  };
  for (let child = 0; child < (nodes[0]?.children ?? 0); child += 1) {
    names.push(nodes[index]?.name ?? "");
    skip();
  }
  return names;
}

/** Throws where a file does not begin and end as Parquet does: cut off, or something else. */
export async function refuseBadMagic(file: Located): Promise<void> {
  const handle = await open(file.absolutePath).catch((error: unknown) => {
    throw unreadable(file.uri, error);
  });
  try {
    const ends = Buffer.alloc(8);
    await handle.read(ends, 0, 4, 0);
    await handle.read(ends, 4, 4, Math.max(0, file.sizeBytes - 4));
    const [head, tail] = [ends.subarray(0, 4).toString("latin1"), ends.subarray(4).toString("latin1")];
    if (head === "PAR1" && tail === "PAR1" && file.sizeBytes >= 12) return;
    const problem =
      head === "PAR1"
        ? `${file.uri} is a Parquet file that is cut off: its last four bytes are not PAR1 (${file.sizeBytes} bytes).`
        : `${file.uri} is not a Parquet file: it does not start with PAR1.`;
    throw refusal(
      "DATA_PARQUET_BROKEN",
      problem,
      "Fetch or write it again; check the ending if it is not Parquet.",
    );
  } finally {
    await handle.close();
  }
}

/** Columns get names of ours, so that no name of the file (`a` beside `A`, `"; drop`) means anything to SQL. */
export function positional(index: number): string {
  return quoteIdentifier(`c${index}`);
}
