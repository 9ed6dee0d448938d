import { type Data, DateUnit, DataType as Kind, type RecordBatch, type Vector } from "apache-arrow";

/** Dictionaries that were looked at: every batch has the same ones. */
const known = new WeakSet<Vector>();

/**
 * Looks at what a batch says of itself before its values are read: lengths, numbers of nulls, offsets, decimals. The library
 * takes all of it as it stands. Throws `RangeError` where a damaged file contradicts itself. Source: the columnar format's page.
 */
export function checkBatch({ data, numRows }: RecordBatch): void {
  for (const column of data.children) {
    if (column.length !== numRows) throw new RangeError("a column that is not as long as its batch");
    checkColumn(column);
  }
}

function checkColumn(column: Data): void {
  checkNulls(column);
  const { type, length, children, dictionary } = column;
  if (length * bitsOf(type) > 8 * (column.values?.byteLength ?? 0))
    throw new RangeError("a column that is longer than its values");
  const [child] = children;
  if (Kind.isStruct(type)) {
    if (children.some((one) => one.length < length))
      throw new RangeError("a struct that is longer than what is in it");
  } else if (Kind.isFixedSizeList(type)) {
    if (child === undefined || child.length < length * type.listSize)
      throw new RangeError("a list that ends behind its values");
  } else if (hasOffsets(type)) checkOffsets(column, child?.length ?? column.values?.length ?? 0);
  else if (Kind.isDecimal(type)) checkDecimals(column, type.precision);
  for (const one of children) checkColumn(one);
  if (dictionary === undefined || known.has(dictionary)) return;
  known.add(dictionary);
  for (const part of dictionary.data) checkColumn(part);
}

/** The width of a value; 0 where values are of different widths. */
function bitsOf(type: Data["type"]): number {
  if (Kind.isDictionary(type)) return type.indices.bitWidth;
  if (Kind.isBool(type)) return 1;
  if (Kind.isInt(type) || Kind.isTime(type)) return type.bitWidth;
  if (Kind.isFloat(type)) return 16 << type.precision;
  if (Kind.isDate(type)) return type.unit === DateUnit.DAY ? 32 : 64;
  if (Kind.isTimestamp(type) || Kind.isDuration(type)) return 64;
  if (Kind.isFixedSizeBinary(type)) return type.byteWidth * 8;
  return Kind.isDecimal(type) || Kind.isUtf8View(type) || Kind.isBinaryView(type) ? 128 : 0;
}

/** The number of nulls is the number of bits that are not set. */
function checkNulls({ type, length, nullCount, nullBitmap }: Data): void {
  if (nullCount === 0 || Kind.isNull(type) || nullBitmap === undefined) return;
  if (nullBitmap.length < Math.ceil(length / 8)) throw new RangeError("a validity bitmap is too short");
  let present = 0;
  for (let index = 0; index < length >> 3; index += 1) present += bitsIn(nullBitmap[index] ?? 0);
  if ((length & 7) > 0) present += bitsIn((nullBitmap[length >> 3] ?? 0) & ((1 << (length & 7)) - 1));
  if (length - present !== nullCount)
    throw new RangeError("a column with another number of nulls than it says");
}

const bitCounts = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length);

function bitsIn(byte: number): number {
  return bitCounts[byte] ?? 0;
}

function hasOffsets(type: Data["type"]): boolean {
  return (
    Kind.isList(type) ||
    Kind.isLargeList(type) ||
    Kind.isMap(type) ||
    Kind.isUtf8(type) ||
    Kind.isLargeUtf8(type) ||
    Kind.isBinary(type) ||
    Kind.isLargeBinary(type)
  );
}

/** They only grow, and end within the values; those of nulls too. */
function checkOffsets({ length, valueOffsets }: Data, values: number): void {
  const offsets: unknown = valueOffsets;
  if (length === 0) return;
  if (!(offsets instanceof Int32Array || offsets instanceof BigInt64Array) || offsets.length <= length)
    throw new RangeError("a column with too few offsets");
  let before = Number(offsets[0]);
  if (before < 0) throw new RangeError("a column with wrong offsets");
  for (let index = 1; index <= length; index += 1) {
    const offset = Number(offsets[index]);
    if (offset < before) throw new RangeError("a column with wrong offsets");
    before = offset;
  }
  if (before > values) throw new RangeError("a column with offsets behind its values");
}

/** Four words of 32 bits each, the least first: no value has more digits than the type. */
function checkDecimals({ length, nullCount, nullBitmap, values }: Data, precision: number): void {
  const words: unknown = values;
  if (!(words instanceof Uint32Array)) return;
  const limit = 10 ** precision;
  for (let place = 0; place < length; place += 1) {
    if (nullCount > 0 && (((nullBitmap?.[place >> 3] ?? 255) >> (place & 7)) & 1) === 0) continue;
    const at = place * 4;
    const [w0, w1, w2, w3] = [words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0];
    const about = (w3 | 0) * 2 ** 96 + w2 * 2 ** 64 + w1 * 2 ** 32 + w0;
    // A double is near enough, but for values right at the limit.
    if (Math.abs(about) < limit * 0.999) continue;
    const exact = BigInt.asIntN(
      128,
      (BigInt(w3) << 96n) | (BigInt(w2) << 64n) | (BigInt(w1) << 32n) | BigInt(w0),
    );
    const most = 10n ** BigInt(precision);
    if (exact >= most || exact <= -most) throw new RangeError("a decimal with more digits than its type");
  }
}
