import type { DuckDb } from "../../data/engine/duckdb.ts";
import type { TableSource } from "../../data/sources/table-source.ts";

/** Cells of a column of numbers, in the engine's own memory. */
export type NumberVector =
  | Float64Array
  | Float32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigInt64Array;

export interface NumberChunk {
  readonly rows: number;
  /** By column, in the order of the query. To be copied before the next chunk is asked for. */
  readonly columns: readonly NumberVector[];
  /** By column: undefined where no row is NULL, else `isThere` tells which are; what stands behind a NULL is no value. */
  readonly gaps: readonly (Uint8Array | undefined)[];
}

/** Held by the engine at once; two stretches of it are. */
const mostHeldBytes = 24e6;
const mostHeldRows = 2_000_000;
/** Of a row group as most programs write it. */
const fewestHeldRows = 131_072;

/**
 * Columns of a table, its rows in their order: floats, integers of 64 bits at most and codes of enums. Where the engine may hold rows,
 * it reads the next stretch while one is looked at; else they are streamed.
 */
export async function* streamRows(
  db: DuckDb,
  source: TableSource,
  { columns, mayHold }: { readonly columns: readonly string[]; readonly mayHold: boolean },
): AsyncIterable<NumberChunk> {
  const select = `SELECT ${columns.join(", ")} FROM`;
  const rows = Math.floor(mostHeldBytes / (8 * columns.length));
  const mostRows = Math.max(fewestHeldRows, Math.min(mostHeldRows, rows));
  const stretches = mayHold ? source.stretches(mostRows) : undefined;
  if (stretches === undefined) {
    yield* streamNumbers(db, `${select} ${source.sql}`);
    return;
  }
  const hold = (index: number) => {
    const sql = stretches[index];
    const held = sql === undefined ? undefined : db.holdNumbers(`${select} ${sql}`);
    // Who stops before the end does not hear of it any more.
    held?.catch(() => undefined);
    return held;
  };
  let next = hold(0);
  try {
    for (let index = 1; next !== undefined; index += 1) {
      const held = await next;
      next = hold(index);
      for (const chunk of held) yield checked(chunk);
    }
  } finally {
    await next?.catch(() => undefined);
  }
}

/** Streams what a query gives: floats, integers of 64 bits at most and codes of enums. */
export async function* streamNumbers(db: DuckDb, sql: string): AsyncIterable<NumberChunk> {
  for await (const { rows, columns } of db.streamVectors(sql)) {
    const numbers = columns.map((column) => column.numbers);
    const validity = columns.map((column) => column.validity);
    yield checked({ rows, numbers, validity });
  }
}

function checked({
  rows,
  numbers,
  validity,
}: {
  readonly rows: number;
  readonly numbers: readonly (NumberVector | BigUint64Array | undefined)[];
  readonly validity: readonly (Uint8Array | undefined)[];
}): NumberChunk {
  return {
    rows,
    columns: numbers.map(numbersIn),
    gaps: validity.map((bits) => (bits !== undefined && hasMissing(bits, rows) ? bits : undefined)),
  };
}

export function numbersIn(column: NumberVector | BigUint64Array | undefined): NumberVector {
  if (column === undefined || column instanceof BigUint64Array)
    throw new RangeError("a column holds no numbers");
  return column;
}

/** Of a row of a chunk. */
export function isThere(gaps: Uint8Array, row: number): boolean {
  return (((gaps[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
}

function hasMissing(validity: Uint8Array, rows: number): boolean {
  const full = rows >> 3;
  for (let byte = 0; byte < full; byte += 1) if (validity[byte] !== 255) return true;
  const rest = (1 << (rows & 7)) - 1;
  return rest !== 0 && ((validity[full] ?? 0) & rest) !== rest;
}
