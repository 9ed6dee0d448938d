import type { DuckDb } from "../../data/engine/duckdb.ts";
import type { SourceColumn, TableSource } from "../../data/sources/table-source.ts";
import { textSql } from "../read/expressions.ts";
import { type NumberChunk, type NumberVector, streamNumbers } from "../read/number-chunks.ts";

interface QueryChunk extends NumberChunk {
  /** The rows that are of another query than the row before them. */
  readonly starts: readonly number[];
}

const wholeNumbers = /^((TINY|SMALL|BIG)?INT(EGER)?|U(TINYINT|SMALLINT|INTEGER))$/;

/**
 * Columns of numbers query by query: DuckDB sorts, on disk where it must. Queries are told apart as in memory, by their text, of which
 * whole numbers have one each. No row may be without a query.
 */
export async function* inQueryOrder(
  db: DuckDb,
  source: TableSource,
  { query, sqls }: { readonly query: SourceColumn; readonly sqls: readonly string[] },
): AsyncIterable<QueryChunk> {
  const isWhole = wholeNumbers.test(query.engineType);
  const key = isWhole ? `CAST(${query.sql} AS BIGINT)` : textSql(query);
  const named = [key, ...sqls].map((sql, index) => `${sql} AS c${index}`);
  const names = named.map((_, index) => `c${index}`).join(", ");
  const sql = `SELECT ${names} FROM (SELECT ${named.join(", ")} FROM ${source.sql}) ORDER BY c0`;
  const changes = new Changes();
  if (isWhole) {
    for await (const { rows, columns, gaps } of streamNumbers(db, sql)) {
      const [queries, ...others] = columns;
      if (!(queries instanceof BigInt64Array)) throw new RangeError("queries are no 64-bit integers");
      const starts = changes.in(rows, (row) => queries[row]);
      yield { rows, columns: others, gaps: gaps.slice(1), starts };
    }
    return;
  }
  for await (const { rows, columns } of db.streamVectors(sql)) {
    const [texts, ...others] = columns;
    const starts = changes.in(rows, (row) => texts?.cell(row));
    const gaps = others.map((one) => one.validity);
    yield { rows, columns: others.map(({ numbers }) => numbersOf(numbers)), gaps, starts };
  }
}

/** Where values are others than the one before. */
class Changes {
  #last: unknown;

  in(rows: number, at: (row: number) => unknown): number[] {
    const found: number[] = [];
    for (let row = 0; row < rows; row += 1) {
      const value = at(row);
      if (value === this.#last) continue;
      this.#last = value;
      found.push(row);
    }
    return found;
  }
}

function numbersOf(vector: NumberVector | BigUint64Array | undefined): NumberVector {
  if (vector === undefined || vector instanceof BigUint64Array)
    throw new RangeError("a column holds no numbers");
  return vector;
}
