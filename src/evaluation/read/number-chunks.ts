import type { DuckDb } from "../../data/engine/duckdb.ts";

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

/** Streams floats, integers of 64 bits at most and codes of enums. */
export async function* streamNumbers(db: DuckDb, sql: string): AsyncIterable<NumberChunk> {
  for await (const { rows, columns } of db.streamVectors(sql)) {
    yield {
      rows,
      columns: columns.map(({ numbers }) => {
        if (numbers === undefined || numbers instanceof BigUint64Array)
          throw new RangeError("a column holds no numbers");
        return numbers;
      }),
      gaps: columns.map(({ validity }) =>
        validity !== undefined && hasMissing(validity, rows) ? validity : undefined,
      ),
    };
  }
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
