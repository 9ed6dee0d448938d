import type { ColumnVector } from "../data/engine/column-vector.ts";

/** The types that features have; everything else goes as text. */
export type FeatureType =
  | "bool"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "float32"
  | "float64"
  | "date"
  | "timestamp"
  | "timestamp-utc"
  | "text";

export type FeatureArray = InstanceType<(typeof arrays)[keyof typeof arrays]>;

/** One column of a batch. The memory is used again for the next batch. */
export interface FeatureData {
  readonly type: FeatureType;
  readonly rows: number;
  /** One element a row; truth values are bytes 0 and 1, dates days, timestamps microseconds; UTF-8 bytes where the type is text. */
  readonly values: FeatureArray;
  /** Only of texts: row `i` is `values[offsets[i] .. offsets[i + 1]]`. */
  readonly offsets: Int32Array | undefined;
  /** Bit `row & 7` of byte `row >> 3` is 1 where there is a value; undefined: nothing is missing. */
  readonly validity: Uint8Array | undefined;
  readonly missing: number;
}

const arrays = {
  bool: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
  date: Int32Array,
  timestamp: BigInt64Array,
  "timestamp-utc": BigInt64Array,
  text: Uint8Array,
} as const;

/** Bytes of a text that DuckDB keeps beside its length; longer ones lie elsewhere. */
const inlineBytes = 12;
const encoder = new TextEncoder();

/** Collects the chunks of one column to a batch. */
export class ColumnBuffer {
  readonly #type: FeatureType;
  #values: FeatureArray;
  readonly #offsets: Int32Array | undefined;
  readonly #validity: Uint8Array;
  #rows = 0;
  #missing = 0;

  /** `capacity` rows at most. */
  constructor(type: FeatureType, capacity: number) {
    this.#type = type;
    this.#values = new arrays[type](type === "text" ? capacity * 8 : capacity);
    this.#offsets = type === "text" ? new Int32Array(capacity + 1) : undefined;
    this.#validity = new Uint8Array(Math.ceil(capacity / 8));
  }

  /** The rows `from` (included) to `to` (not included) of a chunk. */
  append(vector: ColumnVector, from: number, to: number): void {
    this.#appendValidity(vector.validity, from, to);
    if (this.#offsets !== undefined) this.#appendTexts(vector, from, to, this.#offsets);
    else this.#appendNumbers(vector, from, to);
    this.#rows += to - from;
  }

  /** What was collected; the next `append` begins a new batch. */
  take(): FeatureData {
    const rows = this.#rows;
    const data = {
      type: this.#type,
      rows,
      values: this.#values.subarray(0, this.#offsets?.[rows] ?? rows),
      offsets: this.#offsets?.subarray(0, rows + 1),
      validity: this.#missing === 0 ? undefined : this.#validity.subarray(0, Math.ceil(rows / 8)),
      missing: this.#missing,
    };
    this.#rows = 0;
    this.#missing = 0;
    return data;
  }

  #appendNumbers(vector: ColumnVector, from: number, to: number): void {
    const target = this.#values;
    if (this.#type === "bool") {
      const { bytes } = vector;
      if (bytes === undefined || bytes.byteLength < to) throw new RangeError("fewer truth values than rows");
      for (let row = from; row < to; row++) target[this.#rows + row - from] = bytes.getUint8(row);
      return;
    }
    const { numbers } = vector;
    if (numbers === undefined || numbers.constructor !== target.constructor || numbers.length < to)
      throw new RangeError(`values of a column are no ${target.constructor.name}`);
    copy(numbers.subarray(from, to), target, this.#rows);
  }

  #appendTexts({ bytes, validity, cell }: ColumnVector, from: number, to: number, offsets: Int32Array): void {
    if (bytes === undefined || bytes.byteLength < to * 16) throw new RangeError("fewer texts than rows");
    let end = this.#rows === 0 ? 0 : (offsets[this.#rows] ?? 0);
    offsets[0] = 0;
    for (let row = from; row < to; row++) {
      if (isThere(validity, row)) {
        const length = bytes.getUint32(row * 16, true);
        const target = this.#room(end, length);
        if (length > inlineBytes) encoder.encodeInto(String(cell(row)), target.subarray(end));
        else for (let at = 0; at < length; at++) target[end + at] = bytes.getUint8(row * 16 + 4 + at);
        end += length;
      }
      offsets[this.#rows + row - from + 1] = end;
    }
  }

  #room(end: number, length: number): Uint8Array {
    let values = this.#values;
    if (!(values instanceof Uint8Array)) throw new RangeError("texts without bytes");
    if (end + length > values.length) {
      const larger = new Uint8Array(Math.max(values.length * 2, end + length));
      larger.set(values.subarray(0, end));
      this.#values = larger;
      values = larger;
    }
    return values;
  }

  #appendValidity(validity: Uint8Array | undefined, from: number, to: number): void {
    const start = this.#rows - from;
    for (let row = from; row < to; row++) {
      const at = start + row;
      // A whole byte at once where it can be: most columns miss nothing.
      if (validity === undefined && (at & 7) === 0 && row + 8 <= to) {
        this.#validity[at >> 3] = 255;
        row += 7;
        continue;
      }
      const bit = 1 << (at & 7);
      const byte = (at & 7) === 0 ? 0 : (this.#validity[at >> 3] ?? 0);
      const isValue = isThere(validity, row);
      if (!isValue) this.#missing += 1;
      this.#validity[at >> 3] = isValue ? byte | bit : byte;
    }
  }
}

/** Whether a row has a value. */
export function isThere(validity: Uint8Array | undefined, row: number): boolean {
  return validity === undefined || ((validity[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;
}

/** `target.set(source, at)` for two arrays of the same kind, which the type system cannot see. */
function copy(
  source: ArrayBufferView,
  target: ArrayBufferView & { readonly BYTES_PER_ELEMENT: number },
  at: number,
): void {
  new Uint8Array(target.buffer, target.byteOffset + at * target.BYTES_PER_ELEMENT, source.byteLength).set(
    new Uint8Array(source.buffer, source.byteOffset, source.byteLength),
  );
}
