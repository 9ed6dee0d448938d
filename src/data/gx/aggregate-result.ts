import type { Judgement, Limit } from "../plan/check.ts";
import type { Value } from "../plan/measure.ts";
import type { ExpectationDetails } from "./expectation.ts";
import { type Bound, type Bounds, plainBound } from "./kwargs.ts";

/**
 * Good where `observed` lies between the bounds, which belong to it unless strict; a bound that is absent is open.
 * Nothing observed (null, NaN): not good. Times are compared as instants, a date as its midnight; decimals as doubles.
 */
export function aggregateResult(observed: Value, bounds: Bounds): Judgement {
  const success = isBetween(observed, bounds);
  return observedResult(observed, success);
}

/** A result that is one observed value, judged elsewhere. `more` stands beside `observed_value`. */
export function observedResult(
  observed: unknown,
  success: boolean,
  more: Readonly<Record<string, unknown>> = {},
): Judgement {
  const details: ExpectationDetails = { success, result: { observed_value: plainValue(observed), ...more } };
  return {
    outcome: success ? "good" : "bad",
    observed: limitOf(plainValue(observed)),
    failingRows: null,
    judgedRows: null,
    details,
  };
}

/** Whether `observed` is there and lies between the bounds. */
function isBetween(observed: Value, bounds: Bounds): boolean {
  const { min_value, max_value, strict_min = false, strict_max = false } = bounds;
  if (observed === null || (typeof observed === "number" && Number.isNaN(observed))) return false;
  const low = min_value === undefined ? 1 : order(observed, min_value);
  const high = max_value === undefined ? -1 : order(observed, max_value);
  if (low === undefined || high === undefined) return false;
  return (strict_min ? low > 0 : low >= 0) && (strict_max ? high < 0 : high <= 0);
}

/** Below 0, 0, above 0 as `observed` is less than, equal to or more than `bound`; undefined where they cannot be compared. */
function order(observed: Value, bound: Bound): number | undefined {
  if (typeof bound === "number") {
    const number = numberOf(observed);
    return number === undefined ? undefined : Math.sign(number - bound) || sameInfinity(number, bound);
  }
  const [left, right] = [instantOf(String(observed)), instantOf(String(plainBound(bound)))];
  if (left === undefined || right === undefined) return undefined;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Infinity minus itself is NaN, which is no order: they are equal. */
function sameInfinity(number: number, bound: number): number {
  return number > bound ? 1 : 0;
}

function numberOf(value: Value): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

/** ISO text as nanoseconds since 1970; without a zone it is UTC. */
function instantOf(text: string): bigint | undefined {
  const form =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/;
  const parts = form.exec(text.trim());
  if (parts === null) return undefined;
  const [, day = "", clock = "00:00", seconds = ":00", fraction = "", zone = "Z"] = parts;
  const offset = /^[+-]\d{2}$/.test(zone) ? `${zone}:00` : zone;
  const epochMs = Date.parse(`${day}T${clock}${seconds}${offset}`);
  if (Number.isNaN(epochMs)) return undefined;
  return BigInt(epochMs) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

/** Big integers as numbers, as every reader of the JSON has them anyway. */
function plainValue(value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}

function limitOf(value: unknown): Limit {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "string" || typeof value === "boolean") return value;
  return JSON.stringify(value);
}
