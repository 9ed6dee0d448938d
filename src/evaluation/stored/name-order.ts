import type { DuckDb } from "../../data/engine/duckdb.ts";
import type { SourceColumn, TableSource } from "../../data/sources/table-source.ts";
import { isInteger, textSql } from "../read/expressions.ts";
import { type NumberChunk, streamNumbers } from "../read/number-chunks.ts";
import { BadRows, type Sink } from "../read/sinks.ts";

/** A column of names that rows are sorted by. */
export interface NameColumn {
  readonly column: SourceColumn;
  /** Whether whole numbers are sorted as such, which they must then be: see `areWholeNumbers`. */
  readonly areWhole: boolean;
}

interface NameChunk extends NumberChunk {
  /** The rows that are of another name than the row before them. */
  readonly starts: readonly number[];
  /** What the name of a row is sorted by, by one number after the other. */
  keyAt(row: number): NameKey;
}

/** One whole number, or the two halves of an MD5, which tell as much of their order. */
export type NameKey = readonly bigint[];

const wholeNumbers = /^((TINY|SMALL|BIG)?INT(EGER)?|U(TINYINT|SMALLINT|INTEGER))$/;

/** Of 64 bits at most. */
export function areWholeNumbers({ engineType }: SourceColumn): boolean {
  return wholeNumbers.test(engineType);
}

/** What sorts a column of names. */
export function keySql({ column, areWhole }: NameColumn): string {
  return areWhole ? `CAST(${column.sql} AS BIGINT)` : `md5_number(${textSql(column)})`;
}

/** A key of `keySql` as columns of 64-bit integers. */
export function keyColumns({ areWhole }: NameColumn, key: string): string[] {
  if (areWhole) return [key];
  return [`${key} >> 64`, `${key} & 18446744073709551615`].map(signed);
}

/** Of 64 bits without a sign. */
function signed(half: string): string {
  return `CAST(CAST(${half} AS HUGEINT) - 9223372036854775808 AS BIGINT)`;
}

/**
 * Columns of numbers name by name (queries, series), and within one by `within` where that is asked for: DuckDB sorts, on disk where it must.
 * Names are told apart as in memory, by their text, of which whole numbers have one each; of others the 128 bits of their MD5 are
 * sorted, which takes a fraction of the time and memory of texts. No row may be without a name.
 */
export async function* inNameOrder(
  db: DuckDb,
  source: TableSource,
  {
    name,
    sqls,
    within,
  }: { readonly name: NameColumn; readonly sqls: readonly string[]; readonly within?: string },
): AsyncIterable<NameChunk> {
  const keys = keyColumns(name, "key");
  const named = sqls.map((sql, index) => `${sql} AS c${index}`);
  const shown = [...keys, ...named.map((_, index) => `c${index}`)].join(", ");
  const order = within === undefined ? [] : [`${within} AS later`];
  const inner = [`${keySql(name)} AS key`, ...named, ...order].join(", ");
  const by = within === undefined ? "key" : "key, later";
  const rowsSql = `SELECT ${inner} FROM ${source.sql}`;
  const from = source.format === "csv" ? await parsed(db, rowsSql) : `(${rowsSql})`;
  const sql = `SELECT ${shown} FROM ${from} ORDER BY ${by}`;
  const changes = new Changes();
  for await (const { rows, columns, gaps } of streamNumbers(db, sql)) {
    const own = wordsOf(columns.slice(0, keys.length));
    yield {
      rows,
      columns: columns.slice(keys.length),
      gaps: gaps.slice(keys.length),
      starts: changes.in(own.words, rows),
      keyAt: (row) => own.keys.map((key) => key[row] ?? 0n),
    };
  }
  await db.query("DROP TABLE IF EXISTS parsed_rows");
}

/**
 * What is read of a CSV as a table, most of it on disk: while DuckDB (1.5.6) sorts, it holds all memory that it may have, and the
 * parser of CSV wants tens of megabytes in one piece.
 */
async function parsed(db: DuckDb, rowsSql: string): Promise<string> {
  await db.query(`CREATE OR REPLACE TEMP TABLE parsed_rows AS ${rowsSql}`);
  return "parsed_rows";
}

function wordsOf(columns: NumberChunk["columns"]) {
  const keys = columns.map((column) => {
    if (!(column instanceof BigInt64Array)) throw new RangeError("keys of names are no 64-bit integers");
    return column;
  });
  return { keys, words: keys.map((key) => new Uint32Array(key.buffer, key.byteOffset, 2 * key.length)) };
}

/** Where keys are others than the one before. */
class Changes {
  /** Undefined before the first. */
  #last: readonly number[] | undefined;

  /** Of columns of 64-bit integers, as 32-bit words. */
  in(words: readonly Uint32Array[], rows: number): number[] {
    const at = (row: number) => words.flatMap((own) => [own[2 * row] ?? 0, own[2 * row + 1] ?? 0]);
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

/** Finds rows without a name. */
export function missingNames(column: SourceColumn): Sink {
  const bad = new BadRows();
  return {
    sql: `CAST(${isInteger(column.engineType) ? column.sql : textSql(column)} IS NULL AS UTINYINT)`,
    bad,
    take({ items, start }) {
      for (let index = 0; index < items.length; index += 1) if (items[index] === 1) bad.add(start + index);
    },
  };
}
