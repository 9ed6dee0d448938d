import type { DuckDb } from "../../data/engine/duckdb.ts";
import { type NumberChunk, numbersIn } from "../read/number-chunks.ts";
import type { Sink } from "../read/sinks.ts";
import { type RowIds, type RowOrder, SortedIds } from "../row-ids.ts";
import { type BlockReading, readBlocks } from "./read-blocks.ts";

/** Columns beside the ids of their rows. */
interface IdentifiedColumns {
  /** The table expression where they stand. */
  readonly from: string;
  /** `sql`: there. */
  readonly ids: Pick<RowIds, "sql" | "areNumbers">;
  /** None may be without a value. */
  readonly columns: readonly { readonly sql: string; readonly sink: Sink }[];
  /** The table's, for messages. */
  readonly uri: string;
}

/**
 * Reads columns block by block in the order of the row ids: DuckDB sorts, out of memory where it must. Answers the digest of the ids.
 * Throws `not-evaluable` for ids that stand twice.
 */
export async function readInIdOrder(
  db: DuckDb,
  { from, ids, columns, uri }: IdentifiedColumns,
  reading: Omit<BlockReading, "sinks">,
): Promise<Pick<RowOrder, "sha256">> {
  const sorted = new SortedIds(ids.areNumbers ? "whole numbers" : "texts");
  const named = [ids.sql, ...columns.map((one) => one.sql)].map((sql, index) => `${sql} AS c${index}`);
  const sql = `SELECT * FROM (SELECT ${named.join(", ")} FROM ${from}) ORDER BY c0`;
  const sinks = columns.map((one) => one.sink);
  await readBlocks(withoutIds(db, sql, { sorted, areNumbers: ids.areNumbers }), { ...reading, sinks });
  return { sha256: sorted.finish(uri, reading.rows) };
}

/** The ids, which stand first, are told to `sorted`. */
async function* withoutIds(
  db: DuckDb,
  sql: string,
  { sorted, areNumbers }: { readonly sorted: SortedIds; readonly areNumbers: boolean },
): AsyncIterable<NumberChunk> {
  for await (const { rows, columns } of db.streamVectors(sql)) {
    const [ids, ...others] = columns;
    if (areNumbers) sorted.addNumbers(wholeNumbers(ids?.numbers));
    else sorted.addTexts(Array.from({ length: rows }, (_, row) => ids?.cell(row)));
    yield {
      rows,
      columns: others.map((one) => numbersIn(one.numbers)),
      gaps: others.map(() => undefined),
    };
  }
}

function wholeNumbers(ids: unknown): BigInt64Array {
  if (ids instanceof BigInt64Array) return ids;
  throw new RangeError("row ids are no 64-bit integers");
}
