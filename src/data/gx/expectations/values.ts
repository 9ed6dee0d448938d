import type { PlanColumn } from "../../plan/column.ts";
import type { Frequency, Value } from "../../plan/measure.ts";
import { isNumeric } from "./columns.ts";

/** The values of a column as a result of Great Expectations shows them: decimals as numbers, times as ISO text. */
export function plainValues(frequencies: readonly Frequency[], column: PlanColumn): unknown[] {
  return frequencies.map(({ values }) => plainValue(values[0] ?? null, column));
}

export function plainValue(value: Value, column: PlanColumn): unknown {
  if (value === null) return null;
  if (isNumeric(column) && (typeof value === "bigint" || typeof value === "string")) return Number(value);
  return typeof value === "bigint" ? Number(value) : value;
}
