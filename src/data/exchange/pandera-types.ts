import type { LogicalType } from "../contract/values.ts";

const patterns: readonly [RegExp, LogicalType][] = [
  [/^u?int(8|16|32|64)?(\[pyarrow\])?$|^(long|integer|short|byte)(type\(\))?$/i, "integer"],
  [/^float(16|32|64|128)?(\[pyarrow\])?$|^(double|float)(type\(\))?(\[pyarrow\])?$/i, "double"],
  [/^decimal/i, "decimal"],
  [/^(str|string|string\[[\w_]+\]|utf8|stringtype\(\))$/i, "string"],
  [/^bool(ean)?(type\(\))?(\[pyarrow\])?$/i, "boolean"],
  [/^date(32|64)?(type\(\))?(\[pyarrow\])?$/i, "date"],
  [/^(datetime64|datetime|timestamp)/i, "timestamp"],
];

/**
 * The logical type behind a type's name in pandas, polars, Ibis or Spark (`int64`, `Int64`, `String`, `LongType()`).
 * Undefined for `object` and `category`, which can hold anything, and for types without a counterpart.
 */
export function panderaType(dtype: string): LogicalType | undefined {
  return patterns.find(([pattern]) => pattern.test(dtype.trim()))?.[1];
}
