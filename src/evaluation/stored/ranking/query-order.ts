import type { DuckDb } from "../../../data/engine/duckdb.ts";
import type { SourceColumn, TableSource } from "../../../data/sources/table-source.ts";
import { textSql } from "../../read/expressions.ts";
import { type NumberChunk, streamNumbers } from "../../read/number-chunks.ts";

interface QueryChunk extends NumberChunk {
  /** The rows that are of another query than the row before them. */
  readonly starts: readonly number[];
}

const wholeNumbers = /^((TINY|SMALL|BIG)?INT(EGER)?|U(TINYINT|SMALLINT|INTEGER))$/;

/**
 * Columns of numbers query by query: DuckDB sorts, on disk where it must. Queries are told apart as in memory, by their text, of which
 * whole numbers have one each; of others the 128 bits of their MD5 are sorted, which takes a fraction of the time and memory of texts.
 * No row may be without a query.
 */
export async function* inQueryOrder(
  db: DuckDb,
  source: TableSource,
  { query, sqls }: { readonly query: SourceColumn; readonly sqls: readonly string[] },
): AsyncIterable<QueryChunk> {
  const isWhole = wholeNumbers.test(query.engineType);
  const key = isWhole ? `CAST(${query.sql} AS BIGINT)` : `md5_number(${textSql(query)})`;
  const keys = isWhole ? ["key"] : halves.map((half) => signed(half));
  const named = sqls.map((sql, index) => `${sql} AS c${index}`);
  const shown = [...keys, ...named.map((_, index) => `c${index}`)].join(", ");
  const inner = [`${key} AS key`, ...named].join(", ");
  const sql = `SELECT ${shown} FROM (SELECT ${inner} FROM ${source.sql}) ORDER BY key`;
  const changes = new Changes();
  for await (const { rows, columns, gaps } of streamNumbers(db, sql)) {
    const starts = changes.in(columns.slice(0, keys.length));
    yield { rows, columns: columns.slice(keys.length), gaps: gaps.slice(keys.length), starts };
  }
}

const halves = ["key >> 64", "key & 18446744073709551615"];

/** Of 64 bits without a sign. */
function signed(half: string): string {
  return `CAST(CAST(${half} AS HUGEINT) - 9223372036854775808 AS BIGINT)`;
}

/** Where keys are others than the one before. */
class Changes {
  /** Undefined before the first. */
  #last: readonly number[] | undefined;

  /** Of columns of 64-bit integers. */
  in(columns: NumberChunk["columns"]): number[] {
    const words = columns.map((column) => {
      if (!(column instanceof BigInt64Array)) throw new RangeError("queries are no 64-bit integers");
      return new Uint32Array(column.buffer, column.byteOffset, 2 * column.length);
    });
    const at = (row: number) => words.flatMap((own) => [own[2 * row] ?? 0, own[2 * row + 1] ?? 0]);
    const rows = columns[0]?.length ?? 0;
    const found: number[] = [];
    if (rows === 0) return found;
    if (at(0).some((word, index) => word !== this.#last?.[index])) found.push(0);
    for (let row = 1; row < rows; row += 1) if (words.some((own) => isChange(own, row))) found.push(row);
    this.#last = at(rows - 1);
    return found;
  }
}

function isChange(words: Uint32Array, row: number): boolean {
  const at = 2 * row;
  return words[at] !== words[at - 2] || words[at + 1] !== words[at - 1];
}
