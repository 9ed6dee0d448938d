import { open } from "node:fs/promises";
import type { DuckDb } from "../engine/duckdb.ts";
import { quoteIdentifier, quotePath } from "../engine/sql.ts";
import type { Located } from "./located.ts";
import { readError } from "./read-error.ts";
import { refusal, refuseDuplicates, unreadable } from "./refusals.ts";

/** A column by the footer of one file. */
export interface StoredColumn {
  readonly name: string;
  readonly engineType: string;
}

/** The columns of one file by its footer. Throws `not-evaluable` where the footer cannot be read or names a column twice. */
export async function parquetColumns(file: Located, db: DuckDb): Promise<StoredColumn[]> {
  const path = quotePath(file.absolutePath);
  try {
    const described = await db.query(`DESCRIBE FROM read_parquet(${path}, hive_partitioning = false)`);
    const schema = await db.query(`SELECT name, num_children FROM parquet_schema(${path})`);
    const names = topLevelNames(
      schema.map((row) => ({ name: String(row["name"]), children: Number(row["num_children"] ?? 0) })),
    );
    refuseDuplicates(file.uri, names);
    return described.slice(0, names.length).map((row, index) => ({
      name: names[index] ?? String(row["column_name"]),
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

const broken = "DATA_PARQUET_BROKEN";

/** Throws where a file does not begin and end as Parquet does: cut off, encrypted, or something else. */
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
    throw badMagic(file, head);
  } finally {
    await handle.close();
  }
}

function badMagic({ uri, sizeBytes }: Located, head: string): Error {
  if (head === "PARE")
    return refusal(
      "DATA_ENCRYPTED",
      `${uri} is an encrypted Parquet file; there is no key to read it with.`,
      "Write it without encryption, or decrypt it in an earlier step.",
    );
  const again = "Fetch or write it again; check the ending if it is not Parquet.";
  const isCutOff = head === "PAR1";
  const problem = isCutOff
    ? `${uri} is a Parquet file that is cut off: its last four bytes are not PAR1 (${sizeBytes} bytes).`
    : `${uri} is not a Parquet file: it does not start with PAR1.`;
  return refusal(broken, problem, again);
}

/** Columns get names of ours, so that no name of the file (`a` beside `A`, `"; drop`) means anything to SQL. */
export function positional(index: number): string {
  return quoteIdentifier(`c${index}`);
}
