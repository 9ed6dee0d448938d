export type NumberArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** One column of a chunk as it lies in the engine. Good until the next chunk is asked for. */
export interface ColumnVector {
  /** Numbers, dates (days) and timestamps (micro- or nanoseconds); undefined for every other type. */
  readonly numbers: NumberArray | undefined;
  /** One byte a truth value, or sixteen a text: its length (32 bits, little endian), then its bytes where there are at most twelve. */
  readonly bytes: DataView | undefined;
  /** Bit `row & 7` of byte `row >> 3` is 1 where there is a value; undefined: nothing is missing. */
  readonly validity: Uint8Array | undefined;
  /** As `Cell` of duckdb.ts. */
  cell(row: number): unknown;
}

/**
 * The memory of a vector of DuckDB's Node API, which itself only hands out one value at a time: a hundred times slower. The names
 * of its fields are looked at, and a version of the API with others is an error.
 */
export function columnVector(vector: object, cell: (row: number) => unknown): ColumnVector {
  const numbers: unknown = Reflect.get(vector, "items");
  const bytes: unknown = Reflect.get(vector, "dataView");
  return {
    numbers: isNumberArray(numbers) ? numbers : undefined,
    bytes: bytes instanceof DataView ? bytes : undefined,
    validity: validityOf(vector),
    cell,
  };
}

function isNumberArray(value: unknown): value is NumberArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function validityOf(vector: object): Uint8Array | undefined {
  const validity: unknown = Reflect.get(vector, "validity");
  const words: unknown =
    typeof validity === "object" && validity !== null ? Reflect.get(validity, "data") : undefined;
  if (words === null) return undefined;
  if (words instanceof BigUint64Array)
    return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  throw new RangeError("a vector of DuckDB without the validity that this program knows");
}
