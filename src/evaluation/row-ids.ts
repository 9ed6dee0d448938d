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
export async function orderRowIds(
  db: DuckDb,
  source: TableSource,
  request: {
    readonly uri: string;
    readonly column: string;
    readonly rows: number;
    /** True: other ids than ascending whole numbers are refused, since their order would be in memory. */
    readonly isOnDisk?: boolean;
  },
): Promise<RowOrder> {
  const { uri, column, rows, isOnDisk = false } = request;
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
  if (facts["whole"] !== true) {
    if (isOnDisk) throw unordered(uri, column);
    return await orderTexts({ db, source, text, uri, rows });
  }
  const number = `CAST(${isWhole ? id.sql : text} AS BIGINT)`;
  const ordered = await inOrder({ db, source, number });
  if (ordered !== undefined) return ordered;
  if (isOnDisk) throw unordered(uri, column);
  return await orderNumbers({ db, source, number, uri, rows });
}

function unordered(uri: string, column: string): MlopsError {
  return new MlopsError({
    kind: "not-evaluable",
    code: "MEMORY_TOO_SMALL",
    message: `${uri} does not fit into memory, and its row ids (${column}) are no ascending whole numbers, in the order of which such a table is measured from disk.`,
    hint: "Give the job more memory, write the rows sorted by a whole number, or leave --row-id out: the rows are then told apart by their order.",
  });
}

interface Numbers {
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly number: string;
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

async function orderNumbers({
  db,
  source,
  number,
  uri,
  rows,
}: Numbers & { readonly uri: string; readonly rows: number }): Promise<RowOrder> {
  const hash = startHash("whole numbers");
  const order = new Uint32Array(rows);
  const repeated = new Repeated();
  let done = 0;
  let last: bigint | undefined;
  for await (const chunk of streamNumbers(db, sortedSql(source, number))) {
    const [ids, places] = chunk.columns;
    if (!(ids instanceof BigInt64Array && places instanceof Uint32Array))
      throw new RangeError("row ids are no 64-bit integers");
    for (const id of ids) {
      if (id === last) repeated.add(String(id));
      last = id;
    }
    hash.update(ids);
    order.set(places, done);
    done += chunk.rows;
  }
  repeated.refuse(uri);
  return { rows: order, sha256: hash.digest("hex") };
}

async function orderTexts(parts: {
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly text: string;
  readonly uri: string;
  readonly rows: number;
}): Promise<RowOrder> {
  const { db, source, text, uri, rows } = parts;
  const hash = startHash("texts");
  const order = new Uint32Array(rows);
  const repeated = new Repeated();
  let done = 0;
  let last: string | undefined;
  for await (const chunk of db.streamColumns(sortedSql(source, text))) {
    const [ids = [], places = []] = chunk.columns;
    let line = "";
    for (const [index, cell] of ids.entries()) {
      const id = String(cell);
      if (id === last) repeated.add(id);
      last = id;
      line += `${id.length}:${id}\n`;
      order[done + index] = Number(places[index]);
    }
    hash.update(line);
    done += chunk.rows;
  }
  repeated.refuse(uri);
  return { rows: order, sha256: hash.digest("hex") };
}

function sortedSql(source: TableSource, id: string): string {
  return `SELECT id, place FROM (SELECT ${id} AS id, CAST(row_number() OVER () - 1 AS UINTEGER) AS place FROM ${source.sql}) ORDER BY id`;
}

function startHash(kind: string): Hash {
  return createHash("sha256").update(`row ids, ${kind}\n`);
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
    refuseTable(uri, [`${uri}: ${this.#count} row ids stand more than once: ${shown}`]);
  }
}
