import { isThere, type NumberVector } from "./number-chunks.ts";

/** Rows that cannot be measured: how many, and the first of them, from 0. */
export class BadRows {
  count = 0;
  readonly first: number[] = [];
  /** The row of the table that is row 0 here: a table may be read in stretches. */
  from = 0;

  add(row: number): void {
    this.count += 1;
    if (this.first.length < mostKept) this.first.push(this.from + row);
  }
}

const mostKept = 5;

/** One column of one chunk. */
interface ColumnPart {
  readonly items: NumberVector;
  /** The row of the first item. */
  readonly start: number;
  /** Where rows are NULL; see `NumberChunk`. */
  readonly gaps: Uint8Array | undefined;
}

/** Takes one column of a query, chunk by chunk, into an array that lies in shared memory. */
export interface Sink {
  /** The column's expression. */
  readonly sql: string;
  readonly bad: BadRows;
  take(part: ColumnPart): void;
}

export interface FloatSink extends Sink {
  readonly values: Float64Array | Float32Array;
  /** Of the finite values; NaN of nothing. */
  readonly range: { readonly smallest: number; readonly largest: number };
}

/** Reads numbers as they are; `bad` are those that are not finite, and NULL, which is NaN among the values. */
export function floatSink(sql: string, rows: number, isFloat32 = false): FloatSink {
  const values = isFloat32
    ? new Float32Array(new SharedArrayBuffer(rows * 4))
    : new Float64Array(new SharedArrayBuffer(rows * 8));
  const bad = new BadRows();
  const range = { smallest: Number.POSITIVE_INFINITY, largest: Number.NEGATIVE_INFINITY };
  return {
    sql,
    bad,
    values,
    range,
    take({ items, start, gaps }) {
      refuseOther(items);
      values.set(items, start);
      const end = start + items.length;
      if (gaps !== undefined)
        for (let row = start; row < end; row += 1) if (!isThere(gaps, row - start)) values[row] = Number.NaN;
      let { smallest, largest } = range;
      let zero = 0;
      for (let row = start; row < end; row += 1) {
        const value = values[row] ?? Number.NaN;
        zero += value * 0;
        if (value < smallest) smallest = value;
        if (value > largest) largest = value;
      }
      if (zero === 0) {
        range.smallest = smallest;
        range.largest = largest;
        return;
      }
      for (let row = start; row < end; row += 1) {
        const value = values[row] ?? Number.NaN;
        if (!Number.isFinite(value)) bad.add(row);
        else if (value < range.smallest) range.smallest = value;
        if (Number.isFinite(value) && value > range.largest) range.largest = value;
      }
    },
  };
}

export interface CodeSink extends Sink {
  readonly codes: Uint8Array | Uint32Array;
}

/** Reads numbers that must be 0 or 1. */
export function zeroOneSink(sql: string, rows: number): CodeSink & { readonly codes: Uint8Array } {
  const codes = new Uint8Array(new SharedArrayBuffer(rows));
  const bad = new BadRows();
  return {
    sql,
    bad,
    codes,
    take({ items, start, gaps }) {
      refuseOther(items);
      if (gaps === undefined && items instanceof Uint8Array && areZeroOne(items)) {
        codes.set(items, start);
        return;
      }
      for (let index = 0; index < items.length; index += 1) {
        const value = gaps === undefined || isThere(gaps, index) ? items[index] : Number.NaN;
        if (value === 1) codes[start + index] = 1;
        else if (value !== 0) bad.add(start + index);
      }
    },
  };
}

function areZeroOne(items: Uint8Array): boolean {
  let bits = 0;
  for (let index = 0; index < items.length; index += 1) bits |= items[index] ?? 0;
  return bits <= 1;
}

/** No code of a table of codes. */
export const noCode = 0xffff_ffff;

/** Reads codes of a dictionary and looks each up in `table`, NULL at its end; `noCode` there is a bad row. */
export function lookupSink<Codes extends Uint8Array | Uint32Array>(
  { sql, firstCode }: { readonly sql: string; readonly firstCode: number },
  codes: Codes,
  table: Uint32Array,
): CodeSink & { readonly codes: Codes } {
  const bad = new BadRows();
  const ofNull = table[table.length - 1] ?? noCode;
  return {
    sql,
    bad,
    codes,
    take({ items, start, gaps }) {
      refuseOther(items);
      for (let index = 0; index < items.length; index += 1) {
        const isNull = gaps !== undefined && !isThere(gaps, index);
        const code = isNull ? ofNull : (table[(items[index] ?? 0) - firstCode] ?? noCode);
        if (code === noCode) bad.add(start + index);
        else codes[start + index] = code;
      }
    },
  };
}

export function sharedUint32(rows: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(rows * 4));
}

export function sharedFloat64(rows: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(rows * 8));
}

export function sharedUint8(rows: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(rows));
}

function refuseOther(items: NumberVector): asserts items is Exclude<NumberVector, BigInt64Array> {
  if (items instanceof BigInt64Array) throw new RangeError("64-bit integers, expected numbers");
}
