import { type DataType, DateUnit, DataType as Kind, Precision, TimeUnit } from "apache-arrow";
import type { physicalTypes } from "./parquet-writer.ts";
import type { ThriftStruct } from "./thrift-compact.ts";

/** How the buffers of an Arrow column become the values of a Parquet column. */
export type ArrowReading =
  | { readonly kind: "bits" | "bytes" | "half-float" | "nothing" }
  /** Bytes as they are. */
  | { readonly kind: "fixed"; readonly width: number }
  /** Big-endian in Parquet. */
  | { readonly kind: "reversed"; readonly width: number }
  /** Whole numbers, made 32 or 64 bits wide and multiplied (or, where negative, divided by its absolute value). */
  | { readonly kind: "integers"; readonly bits: 32 | 64; readonly factor: number }
  | { readonly kind: "dictionary"; readonly of: ArrowReading };

const plain: ThriftStruct = [];
const text: ThriftStruct = [[6, { i32: 0 }]];
const date: ThriftStruct = [[6, { i32: 6 }]];
/** By unit of Arrow (s, ms, µs, ns): the unit of Parquet (1 ms, 2 µs, 3 ns) and what turns one into the other. */
const units = [
  { unit: 1, factor: 1000 },
  { unit: 1, factor: 1 },
  { unit: 2, factor: 1 },
  { unit: 3, factor: 1 },
] as const;

export interface LeafType {
  readonly type: keyof typeof physicalTypes;
  /** Of `fixedBytes`. */
  readonly typeLength?: number;
  /** What the values mean: fields 6 to 10 of the format's `SchemaElement`. */
  readonly meaning: ThriftStruct;
  readonly reading: ArrowReading;
  /** What the reader of the report should know of it. */
  readonly note?: string;
}

/** What becomes of values that are not nested; undefined for types that cannot be kept: unions, intervals, decimals of more than 38 digits. */
export function leafType(type: DataType): LeafType | undefined {
  if (Kind.isDictionary(type)) {
    const values = leafType(type.dictionary);
    if (values === undefined || values.reading.kind === "dictionary" || values.reading.kind === "bits")
      return undefined;
    return { ...values, reading: { kind: "dictionary", of: values.reading } };
  }
  if (Kind.isNull(type)) return { type: "int32", meaning: plain, reading: { kind: "nothing" } };
  if (Kind.isBool(type)) return { type: "boolean", meaning: plain, reading: { kind: "bits" } };
  return numberType(type) ?? timeType(type) ?? bytesType(type);
}

function numberType(type: DataType): LeafType | undefined {
  if (Kind.isInt(type)) {
    const bits = type.bitWidth === 64 ? 64 : 32;
    const converted = (type.isSigned ? 15 : 11) + Math.log2(type.bitWidth / 8);
    const meaning: ThriftStruct = [[6, { i32: converted }]];
    return { type: bits === 64 ? "int64" : "int32", meaning, reading: { kind: "integers", bits, factor: 1 } };
  }
  if (Kind.isFloat(type)) {
    if (type.precision === Precision.HALF)
      return { type: "float", meaning: plain, reading: { kind: "half-float" } };
    const isDouble = type.precision === Precision.DOUBLE;
    const reading = { kind: "fixed", width: isDouble ? 8 : 4 } as const;
    return { type: isDouble ? "double" : "float", meaning: plain, reading };
  }
  if (!Kind.isDecimal(type) || type.bitWidth !== 128 || type.scale < 0) return undefined;
  const meaning: ThriftStruct = [
    [6, { i32: 5 }],
    [7, { i32: type.scale }],
    [8, { i32: type.precision }],
  ];
  return { type: "fixedBytes", typeLength: 16, meaning, reading: { kind: "reversed", width: 16 } };
}

function timeType(type: DataType): LeafType | undefined {
  if (Kind.isDate(type)) {
    const reading =
      type.unit === DateUnit.DAY
        ? ({ kind: "integers", bits: 32, factor: 1 } as const)
        : ({ kind: "integers", bits: 32, factor: -86_400_000 } as const);
    return { type: "int32", meaning: date, reading };
  }
  if (Kind.isTimestamp(type)) {
    const { unit, factor } = units[type.unit];
    const isUtc = type.timezone !== null && type.timezone !== undefined && type.timezone !== "";
    const reading = { kind: "integers", bits: 64, factor } as const;
    const found: LeafType = { type: "int64", meaning: logical(8, isUtc, unit), reading };
    if (!isUtc || type.unit !== TimeUnit.NANOSECOND) return found;
    return { ...found, note: "the nanoseconds of these times with zone are read as microseconds." };
  }
  if (Kind.isTime(type)) {
    const { unit, factor } = units[type.unit];
    const bits = unit === 1 ? 32 : 64;
    return {
      type: bits === 32 ? "int32" : "int64",
      meaning: logical(7, false, unit),
      reading: { kind: "integers", bits, factor },
    };
  }
  if (!Kind.isDuration(type)) return undefined;
  const unit = ["s", "ms", "µs", "ns"][type.unit];
  const reading = { kind: "integers", bits: 64, factor: 1 } as const;
  return { type: "int64", meaning: plain, reading, note: `durations are read as whole numbers of ${unit}.` };
}

/** Field 10: TIME (7) or TIMESTAMP (8) of a unit. */
function logical(id: 7 | 8, isUtc: boolean, unit: number): ThriftStruct {
  const detail: ThriftStruct = [
    [1, { bool: isUtc }],
    [2, { struct: [[unit, { struct: [] }]] }],
  ];
  return [[10, { struct: [[id, { struct: detail }]] }]];
}

function bytesType(type: DataType): LeafType | undefined {
  const reading = { kind: "bytes" } as const;
  if (Kind.isUtf8(type) || Kind.isLargeUtf8(type) || Kind.isUtf8View(type))
    return { type: "bytes", meaning: text, reading };
  if (Kind.isBinary(type) || Kind.isLargeBinary(type) || Kind.isBinaryView(type))
    return { type: "bytes", meaning: plain, reading };
  if (!Kind.isFixedSizeBinary(type)) return undefined;
  const width = type.byteWidth;
  return { type: "fixedBytes", typeLength: width, meaning: plain, reading: { kind: "fixed", width } };
}
