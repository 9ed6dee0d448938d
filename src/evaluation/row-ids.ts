import { createHash, type Hash } from "node:crypto";
import type { DuckDb } from "../data/engine/duckdb.ts";
import { mask } from "../data/mask.ts";
import type { TableSource } from "../data/sources/table-source.ts";
import { MlopsError } from "../errors.ts";
import { printable } from "../printable.ts";
import { columnOf, textSql } from "./read/expressions.ts";
import { streamNumbers } from "./read/number-chunks.ts";
import { refuseTable } from "./read/problems.ts";

/** The rows in the order of their ids. */
export interface RowOrder {
  /** Undefined: the rows stand in the order of their ids. */
  readonly rows: Uint32Array | undefined;
  /** Hex, over the sorted ids. */
  readonly sha256: string;
}

const mostShown = 5;

/**
 * Sorts the row ids: whole numbers by value and as 64-bit integers, also where they are text; others as UTF-8 text. DuckDB sorts, out
 * of memory where it must. Throws `not-evaluable` for ids that are missing or stand twice.
 */
export async function orderRowIds(db: DuckDb, source: TableSource, request: RowIdRequest): Promise<RowOrder> {
  const { uri, rows } = request;
  const ids = await lookAtRowIds(db, source, request);
  if (ids.ordered !== undefined) return ids.ordered;
  const parts = { db, source, sql: ids.sql, uri, rows };
  return await (ids.areNumbers ? orderNumbers(parts) : orderTexts(parts));
}

interface RowIdRequest {
  readonly uri: string;
  readonly column: string;
  readonly rows: number;
}

/** Row ids that are all there. */
export interface RowIds {
  /** 64-bit integers or texts. */
  readonly sql: string;
  readonly areNumbers: boolean;
  /** Where they stand in their order: then nothing is sorted. */
  readonly ordered: RowOrder | undefined;
}

/** Finds out how row ids are sorted. Throws `not-evaluable` for ids that are missing. */
export async function lookAtRowIds(
  db: DuckDb,
  source: TableSource,
  { uri, column, rows }: RowIdRequest,
): Promise<RowIds> {
  const id = columnOf(source, column);
  const text = textSql(id);
  const isWhole = /^((TINY|SMALL|BIG)?INT(EGER)?|U(TINYINT|SMALLINT|INTEGER))$/.test(id.engineType);
  const whole = isWhole
    ? "true"
    : `coalesce(bool_and(CAST(TRY_CAST(${text} AS BIGINT) AS VARCHAR) = ${text}), false)`;
  const [facts = {}] = await db.query(
    `SELECT count(*) - count(${isWhole ? id.sql : text}) AS missing, ${whole} AS whole FROM ${source.sql}`,
  );
  const missing = Number(facts["missing"]);
  refuseTable(uri, missing === 0 ? [] : [`${uri}: ${missing} of ${rows} row ids (${column}) are missing`]);
  if (facts["whole"] !== true) return { sql: text, areNumbers: false, ordered: undefined };
  const sql = `CAST(${isWhole ? id.sql : text} AS BIGINT)`;
  return { sql, areNumbers: true, ordered: await inOrder({ db, source, number: sql }) };
}

interface Numbers {
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly number: string;
}

interface Unsorted {
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly sql: string;
  readonly uri: string;
  readonly rows: number;
}

/** Ids are often written in ascending order: then nothing is sorted. Undefined where they are not. */
async function inOrder({ db, source, number }: Numbers): Promise<RowOrder | undefined> {
  const hash = startHash("whole numbers");
  let last: bigint | undefined;
  for await (const { columns } of streamNumbers(db, `SELECT ${number} FROM ${source.sql}`)) {
    const [ids] = columns;
    if (!(ids instanceof BigInt64Array)) throw new RangeError("row ids are no 64-bit integers");
    for (const id of ids) {
      if (last !== undefined && id <= last) return undefined;
      last = id;
    }
    hash.update(ids);
  }
  return { rows: undefined, sha256: hash.digest("hex") };
}

async function orderNumbers({ db, source, sql, uri, rows }: Unsorted): Promise<RowOrder> {
  const digest = new SortedIds("whole numbers");
  const order = new Uint32Array(rows);
  let done = 0;
  for await (const chunk of streamNumbers(db, sortedSql(source, sql))) {
    const [ids, places] = chunk.columns;
    if (!(ids instanceof BigInt64Array && places instanceof Uint32Array))
      throw new RangeError("row ids are no 64-bit integers");
    digest.addNumbers(ids);
    order.set(places, done);
    done += chunk.rows;
  }
  return { rows: order, sha256: digest.finish(uri, rows) };
}

async function orderTexts({ db, source, sql, uri, rows }: Unsorted): Promise<RowOrder> {
  const digest = new SortedIds("texts");
  const order = new Uint32Array(rows);
  let done = 0;
  for await (const chunk of db.streamColumns(sortedSql(source, sql))) {
    const [ids = [], places = []] = chunk.columns;
    digest.addTexts(ids);
    for (const [index, place] of places.entries()) order[done + index] = Number(place);
    done += chunk.rows;
  }
  return { rows: order, sha256: digest.finish(uri, rows) };
}

function sortedSql(source: TableSource, id: string): string {
  return `SELECT id, place FROM (SELECT ${id} AS id, CAST(row_number() OVER () - 1 AS UINTEGER) AS place FROM ${source.sql}) ORDER BY id`;
}

function startHash(kind: string): Hash {
  return createHash("sha256").update(`row ids, ${kind}\n`);
}

/** Takes ids in their order. */
export class SortedIds {
  readonly #hash: Hash;
  readonly #repeated = new Repeated();
  #last: unknown;
  #count = 0;

  constructor(kind: "whole numbers" | "texts") {
    this.#hash = startHash(kind);
  }

  addNumbers(ids: BigInt64Array): void {
    this.#count += ids.length;
    for (const id of ids) {
      if (id === this.#last) this.#repeated.add(String(id));
      this.#last = id;
    }
    this.#hash.update(ids);
  }

  addTexts(cells: readonly unknown[]): void {
    this.#count += cells.length;
    let line = "";
    for (const cell of cells) {
      const id = String(cell);
      if (id === this.#last) this.#repeated.add(id);
      this.#last = id;
      line += `${id.length}:${id}\n`;
    }
    this.#hash.update(line);
  }

  /** The digest. Throws `not-evaluable` for ids that stand twice, and where not all `rows` came. */
  finish(uri: string, rows: number): string {
    // Out of memory in the midst of a sort DuckDB (1.5.6) may end the rows as if there were no more.
    if (this.#count !== rows)
      throw new MlopsError({
        kind: "not-evaluable",
        code: "MEMORY_TOO_SMALL",
        message: `${uri}: only ${this.#count} of ${rows} row ids could be sorted: there is not enough memory.`,
        hint: "Give the job more memory (--memory-limit), or fewer threads (--threads 1).",
      });
    this.#repeated.refuse(uri);
    return this.#hash.digest("hex");
  }
}

class Repeated {
  #count = 0;
  readonly #first: string[] = [];

  add(id: string): void {
    this.#count += 1;
    if (this.#first.length < mostShown) this.#first.push(printable(mask(id)));
  }

  refuse(uri: string): void {
    if (this.#count === 0) return;
    const shown = `${this.#first.join(", ")}${this.#count > this.#first.length ? ", …" : ""}`;
    const what = this.#count === 1 ? "1 row id stands" : `${this.#count} row ids stand`;
    refuseTable(uri, [`${uri}: ${what} more than once: ${shown}`]);
  }
}
