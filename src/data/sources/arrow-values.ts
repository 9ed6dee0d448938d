import type { Data, Vector } from "apache-arrow";
import type { ArrowReading } from "./arrow-types.ts";
import { flatLevels } from "./parquet-levels.ts";
import type { ParquetDictionary, ParquetPage } from "./parquet-writer.ts";

export interface Range {
  /** A multiple of 8, so that its bits begin with a byte. */
  readonly start: number;
  readonly end: number;
}

/** Rows of a column that is not nested as a page. Throws `RangeError` for buffers that are too short for what they say they hold. */
export function pageOf(data: Data, reading: ArrowReading, { start, end }: Range): ParquetPage {
  const rows = end - start;
  if (reading.kind === "nothing") {
    const none = flatLevels(rows, new Uint8Array(Math.ceil(rows / 8)));
    return { rows, count: rows, levels: none, ...valuesPage(data, reading, new Uint32Array()) };
  }
  const present = presentBits(data, { start, end });
  const places = present === undefined ? allPlaces(start, end) : presentPlaces(present, { start, end });
  return { rows, count: rows, levels: flatLevels(rows, present), ...valuesPage(data, reading, places) };
}

/** The values at `places`, with their dictionary if they have one; `data` may be missing where there are none. */
export function valuesPage(
  data: Data | undefined,
  reading: ArrowReading,
  places: Uint32Array,
): Pick<ParquetPage, "values" | "dictionary"> {
  if (data === undefined || (places.length === 0 && reading.kind !== "dictionary"))
    return { values: new Uint8Array(), dictionary: undefined };
  if (reading.kind !== "dictionary")
    return { values: valuesAt(data, reading, places), dictionary: undefined };
  const dictionary = dictionaryOf(data.dictionary, reading.of);
  return { values: dictionaryPlaces(data, places, dictionary), dictionary };
}

function presentBits(data: Data, { start, end }: Range): Uint8Array | undefined {
  if (data.nullCount === 0 || data.nullBitmap === undefined || data.nullBitmap.length === 0) return undefined;
  const bits = data.nullBitmap.subarray(start >> 3, (end + 7) >> 3);
  if (bits.length < (end - start + 7) >> 3) throw new RangeError("a validity bitmap is too short");
  return bits;
}

function allPlaces(start: number, end: number): Uint32Array {
  const places = new Uint32Array(end - start);
  for (let index = 0; index < places.length; index += 1) places[index] = start + index;
  return places;
}

function presentPlaces(bits: Uint8Array, { start, end }: Range): Uint32Array {
  const places = new Uint32Array(end - start);
  let count = 0;
  for (let index = 0; index < end - start; index += 1) {
    if ((((bits[index >> 3] ?? 0) >> (index & 7)) & 1) === 1) places[count++] = start + index;
  }
  return places.subarray(0, count);
}

type Plain = Exclude<ArrowReading, { readonly kind: "dictionary" }>;

/** The values at `places`, as Parquet's plain encoding has them. */
function valuesAt(data: Data, reading: Plain, places: Uint32Array): Uint8Array {
  switch (reading.kind) {
    case "nothing":
      return new Uint8Array();
    case "bits":
      return bitsAt(data, places);
    case "bytes":
      return bytesAt(data, places);
    case "fixed":
      return fixedAt(bytesOf(data.values), reading.width, places);
    case "reversed":
      return reversed(fixedAt(bytesOf(data.values), reading.width, places), reading.width);
    case "half-float":
      return bytesOf(Float32Array.from(places, (place) => halfFloat(itemOf(data.values, place))));
    case "integers":
      return integersAt(data, reading, places);
  }
}

function bytesOf(values: unknown): Uint8Array {
  if (!ArrayBuffer.isView(values)) throw new RangeError("a column has no values");
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function bitsAt(data: Data, places: Uint32Array): Uint8Array {
  const bits = bytesOf(data.values);
  const last = places.at(-1);
  if (last !== undefined && last >> 3 >= bits.length) throw new RangeError("a column is too short");
  const packed = new Uint8Array((places.length + 7) >> 3);
  for (const [index, place] of places.entries()) {
    const bit = ((bits[place >> 3] ?? 0) >> (place & 7)) & 1;
    packed[index >> 3] = (packed[index >> 3] ?? 0) | (bit << (index & 7));
  }
  return packed;
}

function fixedAt(values: Uint8Array, width: number, places: Uint32Array): Uint8Array {
  const [first = 0, last = -1] = [places[0], places.at(-1)];
  if ((last + 1) * width > values.length) throw new RangeError("a column is too short");
  // Without gaps the bytes are those of the file.
  if (last - first + 1 === places.length) return values.subarray(first * width, (last + 1) * width);
  const packed = new Uint8Array(places.length * width);
  let to = 0;
  for (const place of places) {
    const from = place * width;
    for (let index = 0; index < width; index += 1) packed[to++] = values[from + index] ?? 0;
  }
  return packed;
}

function reversed(values: Uint8Array, width: number): Uint8Array {
  const turned = Uint8Array.from(values);
  for (let at = 0; at < turned.length; at += width) turned.subarray(at, at + width).reverse();
  return turned;
}

function integersAt(
  data: Data,
  { bits, factor }: Extract<Plain, { readonly kind: "integers" }>,
  places: Uint32Array,
): Uint8Array {
  const { values } = data;
  const isAsWide = ArrayBuffer.isView(values) && "BYTES_PER_ELEMENT" in values;
  if (isAsWide && factor === 1 && Number(values.BYTES_PER_ELEMENT) * 8 === bits)
    return fixedAt(bytesOf(values), bits / 8, places);
  if (bits === 64) {
    const by = BigInt(factor);
    return bytesOf(BigInt64Array.from(places, (place) => BigInt(itemOf(values, place)) * by));
  }
  return bytesOf(Int32Array.from(places, (place) => scaled(Number(itemOf(values, place)), factor)));
}

function scaled(value: number, factor: number): number {
  return factor > 0 ? value * factor : Math.floor(value / -factor);
}

function itemOf(values: unknown, place: number): number | bigint {
  if (Array.isArray(values) || ArrayBuffer.isView(values)) {
    const found: unknown = Reflect.get(values, place);
    if (typeof found === "number" || typeof found === "bigint") return found;
  }
  throw new RangeError("a column is too short");
}

/** Source: IEEE 754, binary16. */
function halfFloat(stored: number | bigint): number {
  const bits = Number(stored);
  const [sign, exponent, fraction] = [bits >> 15 === 0 ? 1 : -1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Text and bytes: each with its length in 32 bits before it. */
function bytesAt(data: Data, places: Uint32Array): Uint8Array {
  const offsets: unknown = data.valueOffsets;
  if (!ArrayBuffer.isView(offsets)) return viewsAt(data, places);
  const values = bytesOf(data.values);
  const at =
    offsets instanceof Int32Array ? offsets : Float64Array.from(places.length === 0 ? [] : numbers(offsets));
  let size = 0;
  for (const place of places) {
    const [from, to] = [at[place] ?? -1, at[place + 1] ?? -1];
    if (from < 0 || to < from || to > values.length) throw new RangeError("a text column has wrong offsets");
    size += to - from + 4;
  }
  const packed = new Uint8Array(size);
  const view = new DataView(packed.buffer);
  let out = 0;
  for (const place of places) {
    const [from, to] = [at[place] ?? 0, at[place + 1] ?? 0];
    view.setUint32(out, to - from, true);
    out += 4;
    if (to - from > 48) packed.set(values.subarray(from, to), out);
    else for (let index = from; index < to; index += 1) packed[out + index - from] = values[index] ?? 0;
    out += to - from;
  }
  return packed;
}

function* numbers(offsets: ArrayBufferView): Generator<number> {
  if (offsets instanceof BigInt64Array) for (const offset of offsets) yield Number(offset);
  else throw new RangeError("a text column has offsets of an unknown kind");
}

/** The newer layout of text: 16 bytes a value, short ones inside, others in one of several buffers. */
function viewsAt(data: Data, places: Uint32Array): Uint8Array {
  const views = bytesOf(data.values);
  const view = new DataView(views.buffer, views.byteOffset, views.byteLength);
  const parts: Uint8Array[] = [];
  for (const place of places) {
    const at = place * 16;
    const length = view.getUint32(at, true);
    parts.push(views.subarray(at, at + 4));
    if (length <= 12) parts.push(views.subarray(at + 4, at + 4 + length));
    else {
      const buffer = data.variadicBuffers[view.getUint32(at + 8, true)];
      const from = view.getUint32(at + 12, true);
      if (buffer === undefined || from + length > buffer.length)
        throw new RangeError("a text column has wrong views");
      parts.push(buffer.subarray(from, from + length));
    }
  }
  return Buffer.concat(parts);
}

const dictionaries = new WeakMap<Vector, ParquetDictionary>();

/** Equal for equal dictionaries, so that a group of rows can have it once. */
function dictionaryOf(vector: Vector | undefined, reading: ArrowReading): ParquetDictionary {
  if (vector === undefined || reading.kind === "dictionary") throw new RangeError("a dictionary is missing");
  const known = dictionaries.get(vector);
  if (known !== undefined) return known;
  if (vector.nullCount > 0) throw new RangeError("a dictionary holds a null");
  const parts = vector.data.map((data) => {
    if (data.length > mostValues(data)) throw new RangeError("a dictionary is too short");
    return valuesAt(data, reading, allPlaces(0, data.length));
  });
  const count = vector.length;
  const made = { count, values: Buffer.concat(parts), placeBytes: placeBytesFor(count) };
  dictionaries.set(vector, made);
  return made;
}

/** So many values its buffers hold at the most (bits): a damaged length must not become an array of gigabytes. */
function mostValues(data: Data): number {
  const offsets: unknown = data.valueOffsets;
  return ArrayBuffer.isView(offsets) ? offsets.byteLength / 4 : bytesOf(data.values).length * 8;
}

function placeBytesFor(count: number): ParquetDictionary["placeBytes"] {
  if (count <= 0x100) return 1;
  return count <= 0x1_0000 ? 2 : 4;
}

function dictionaryPlaces(data: Data, places: Uint32Array, dictionary: ParquetDictionary): Uint8Array {
  // Parquet counts places in groups of eight.
  const length = Math.ceil(places.length / 8) * 8;
  const arrays = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array } as const;
  const packed = new arrays[dictionary.placeBytes](length);
  for (const [index, place] of places.entries()) {
    const found = Number(itemOf(data.values, place));
    if (!(found >= 0 && found < dictionary.count)) throw new RangeError("a place outside its dictionary");
    packed[index] = found;
  }
  return bytesOf(packed);
}
