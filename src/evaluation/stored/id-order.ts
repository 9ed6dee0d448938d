import type { DuckDb } from "../../data/engine/duckdb.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { type NumberVector, streamNumbers } from "../read/number-chunks.ts";
import type { RowIds, SortedIds } from "../row-ids.ts";

interface OrderedChunk {
  readonly rows: number;
  /** By expression; to be copied before the next chunk is asked for. */
  readonly columns: readonly NumberVector[];
}

/**
 * Columns of numbers in the order of the row ids, which are told to `sorted`: DuckDB sorts, out of memory where it must. No row may be
 * without a value.
 */
export async function* inIdOrder(
  db: DuckDb,
  source: TableSource,
  {
    ids,
    sorted,
    sqls,
  }: { readonly ids: RowIds; readonly sorted: SortedIds; readonly sqls: readonly string[] },
): AsyncIterable<OrderedChunk> {
  const named = [ids.sql, ...sqls].map((sql, index) => `${sql} AS c${index}`);
  const names = named.map((_, index) => `c${index}`).join(", ");
  const sql = `SELECT ${names} FROM (SELECT ${named.join(", ")} FROM ${source.sql}) ORDER BY c0`;
  if (ids.areNumbers) {
    for await (const { rows, columns } of streamNumbers(db, sql)) {
      const [numbers, ...others] = columns;
      if (!(numbers instanceof BigInt64Array)) throw new RangeError("row ids are no 64-bit integers");
      sorted.addNumbers(numbers);
      yield { rows, columns: others };
    }
    return;
  }
  for await (const { rows, columns } of db.streamVectors(sql)) {
    const [texts, ...others] = columns;
    sorted.addTexts(Array.from({ length: rows }, (_, row) => texts?.cell(row)));
    yield { rows, columns: others.map(({ numbers }) => numbersOf(numbers)) };
  }
}

function numbersOf(vector: NumberVector | BigUint64Array | undefined): NumberVector {
  if (vector === undefined || vector instanceof BigUint64Array)
    throw new RangeError("a column holds no numbers");
  return vector;
}
