import type { Limit, Relation } from "../plan/check.ts";
import type { Value } from "../plan/measure.ts";
import type { Range } from "./column-rules.ts";

/** How reports write what a figure is held against. */
export function rangeComparison({ min, max }: Range): Relation {
  if (min !== undefined && min === max) return "=";
  if (min === undefined) return "<=";
  return max === undefined ? ">=" : "between";
}

/** The limit that belongs to `rangeComparison`: one number, or a pair. */
export function rangeLimit({ min, max }: Range): Limit {
  if (min === undefined || max === undefined || min === max) return min ?? max ?? null;
  return [min, max];
}

/** Whether a figure lies in the range, ends included. Integers of any size are compared exactly; NaN lies in none. */
export function isWithin(value: number | bigint, { min, max }: Range): boolean {
  return (
    (min === undefined || value >= min) && (max === undefined || value <= max) && !Number.isNaN(Number(value))
  );
}

/** A figure as an engine hands it over; undefined for what is none. */
export function figureOf(value: Value): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value !== "string" || !/\d/.test(value)) return undefined;
  if (/^-?\d+$/.test(value)) return BigInt(value);
  return Number.isNaN(Number(value)) ? undefined : Number(value);
}

/** A value for the report. Infinities have no JSON, and integers may have more digits than a double: they are words. */
export function shownValue(value: Value): Limit {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "string" || typeof value === "boolean") return value;
  return value === null ? null : JSON.stringify(value);
}
