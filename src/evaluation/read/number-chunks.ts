import type { DuckDb } from "../../data/engine/duckdb.ts";

/** Cells of a column of numbers, in the engine's own memory. */
export type NumberVector =
  | Float64Array
  | Float32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigInt64Array;

interface NumberChunk {
  readonly rows: number;
  /** By column, in the order of the query. To be copied before the next chunk is asked for. */
  readonly columns: readonly NumberVector[];
}

/** Streams floats, 64-bit integers and codes of enums. What stands behind a NULL is no value: the query must have none. */
export async function* streamNumbers(db: DuckDb, sql: string): AsyncIterable<NumberChunk> {
  for await (const chunk of db.streamVectors(sql)) {
    const columns = chunk.columns.map(({ numbers, validity }) => {
      if (validity !== undefined && hasMissing(validity, chunk.rows))
        throw new RangeError("a NULL among numbers");
      if (
        numbers instanceof Float64Array ||
        numbers instanceof Float32Array ||
        numbers instanceof Uint8Array ||
        numbers instanceof Uint16Array ||
        numbers instanceof Uint32Array ||
        numbers instanceof BigInt64Array
      )
        return numbers;
      throw new RangeError("a column holds no numbers");
    });
    yield { rows: chunk.rows, columns };
  }
}

function hasMissing(validity: Uint8Array, rows: number): boolean {
  const full = rows >> 3;
  for (let byte = 0; byte < full; byte += 1) if (validity[byte] !== 255) return true;
  const rest = (1 << (rows & 7)) - 1;
  return rest !== 0 && ((validity[full] ?? 0) & rest) !== rest;
}
