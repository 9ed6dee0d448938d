import type { DuckDBResult } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import type { NumberArray } from "./column-vector.ts";

export interface HeldChunk {
  readonly rows: number;
  /** By column, in the order of the query; as in the engine's memory: good until the next chunk is asked for. */
  readonly numbers: readonly NumberArray[];
  /** By column; see `ColumnVector.validity`. */
  readonly validity: readonly (Uint8Array | undefined)[];
}

const arrays = new Map<number, { new (buffer: ArrayBufferLike, at: number, length: number): NumberArray }>([
  [duckdb.Type.BOOLEAN, Uint8Array],
  [duckdb.Type.TINYINT, Int8Array],
  [duckdb.Type.SMALLINT, Int16Array],
  [duckdb.Type.INTEGER, Int32Array],
  [duckdb.Type.BIGINT, BigInt64Array],
  [duckdb.Type.UTINYINT, Uint8Array],
  [duckdb.Type.USMALLINT, Uint16Array],
  [duckdb.Type.UINTEGER, Uint32Array],
  [duckdb.Type.FLOAT, Float32Array],
  [duckdb.Type.DOUBLE, Float64Array],
]);

const bytesOfWord = 8;

/**
 * The chunks (about 2,000 rows each) of a result that DuckDB holds as a whole, columns of numbers and of enums. Asked for one after
 * the other without a way to another thread and back, which for a table of millions takes longer than reading it.
 */
export function* heldChunks(result: DuckDBResult): Generator<HeldChunk, void, undefined> {
  const raw = rawResult(result);
  const columns = Array.from({ length: result.columnCount }, (_, index) => arrayOf(result, index));
  const chunks = duckdb.result_chunk_count(raw);
  for (let index = 0; index < chunks; index += 1) {
    const chunk = duckdb.result_get_chunk(raw, index);
    const rows = duckdb.data_chunk_get_size(chunk);
    const vectors = columns.map((_, column) => duckdb.data_chunk_get_vector(chunk, column));
    yield {
      rows,
      numbers: columns.map((Numbers, column) => numbersOf(vectors[column], Numbers, rows)),
      validity: vectors.map((vector) => validityOf(vector, rows)),
    };
    // Asked for once more, so that the chunk, whose memory was handed out, is not collected while somebody looks at it.
    if (duckdb.data_chunk_get_size(chunk) !== rows)
      throw new RangeError("a chunk of DuckDB changed its size");
  }
}

type Arrays = typeof arrays extends Map<number, infer One> ? One : never;

function arrayOf(result: DuckDBResult, column: number): Arrays {
  const type = result.columnType(column);
  // Codes of an enum lie in the integers that hold as many.
  const internal: unknown = Reflect.get(type, "internalTypeId");
  const found = arrays.get(typeof internal === "number" ? internal : type.typeId);
  if (found === undefined) throw new RangeError(`a column of ${type.toString()} holds no numbers`);
  return found;
}

function numbersOf(vector: duckdb.Vector | undefined, Numbers: Arrays, rows: number): NumberArray {
  if (vector === undefined) throw new RangeError("a chunk without its columns");
  const width = Reflect.get(Numbers, "BYTES_PER_ELEMENT");
  const { buffer, byteOffset } = duckdb.vector_get_data(vector, rows * Number(width));
  return new Numbers(buffer, byteOffset, rows);
}

/** Undefined where nothing is missing. */
function validityOf(vector: duckdb.Vector, rows: number): Uint8Array | undefined {
  const bits: unknown = duckdb.vector_get_validity(vector, Math.ceil(rows / 64) * bytesOfWord);
  return bits instanceof Uint8Array ? bits : undefined;
}

/** The result as the functions of DuckDB know it: a field of the client's, which is looked at. */
function rawResult(result: DuckDBResult): duckdb.Result {
  const raw: unknown = Reflect.get(result, "result");
  if (!isRaw(raw))
    throw new RangeError("a result of DuckDB's client without the field that this program knows");
  return raw;
}

function isRaw(value: unknown): value is duckdb.Result {
  return typeof value === "object" && value !== null;
}
