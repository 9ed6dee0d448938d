import * as z from "zod";
import type { PlanColumn } from "../../plan/column.ts";
import {
  and,
  column as columnOf,
  compare,
  type Expression,
  type Literal,
  literal,
} from "../../plan/expression.ts";
import { type Bound, type Bounds, boundKwargs, plainBound } from "../kwargs.ts";
import { isNumeric, isTime } from "./columns.ts";

/** A number that has to be there: null is none. `"3"` is 3, `true` is 1. */
export const requiredNumber = z.union([
  z.number(),
  z.boolean().transform(Number),
  z
    .string()
    .regex(/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i, "expected a number")
    .transform(Number),
]);

const isNumber = (bound: Bound | undefined) => bound === undefined || typeof bound === "number";

/** Bounds of a figure that is a number whatever the column holds. */
export const numberBoundKwargs = {
  ...boundKwargs,
  min_value: boundKwargs.min_value.refine(isNumber, "expected a number"),
  max_value: boundKwargs.max_value.refine(isNumber, "expected a number"),
};

/** Why the values of `column` cannot be compared with the bounds; undefined where they can. */
export function boundsProblem(column: PlanColumn, bounds: Bounds): string | undefined {
  for (const bound of [bounds.min_value, bounds.max_value]) {
    if (bound === undefined) continue;
    const fits = typeof bound === "number" ? isNumeric(column) || column.type === "boolean" : isTime(column);
    if (!fits)
      return `column ${JSON.stringify(column.name)} is ${column.type}: it cannot be compared with ${plainBound(bound)}`;
  }
  return undefined;
}

/** True for values that lie between the bounds; undefined where both are open. A truth counts as 1 or 0. */
export function between(column: PlanColumn, bounds: Bounds): Expression | undefined {
  const { min_value, max_value, strict_min = false, strict_max = false } = bounds;
  if (column.type === "boolean") return truthsBetween(column, bounds);
  const value = columnOf(column.name);
  const low =
    min_value === undefined
      ? undefined
      : compare(value, strict_min ? ">" : ">=", literal(literalFor(column, min_value)));
  const high =
    max_value === undefined
      ? undefined
      : compare(value, strict_max ? "<" : "<=", literal(literalFor(column, max_value)));
  return and(low, high);
}

function truthsBetween(column: PlanColumn, bounds: Bounds): Expression {
  const list = [false, true].filter((truth) => isNumberBetween(Number(truth), bounds));
  return { op: "in", value: columnOf(column.name), list };
}

/** A date against a timestamp is its midnight. */
function literalFor(column: PlanColumn, bound: Bound): Literal {
  if (typeof bound === "number" || "timestamp" in bound || column.type === "date") return bound;
  return { timestamp: `${bound.date}T00:00:00` };
}

/** Bounds that are times keep no number out; they never get here. */
function isNumberBetween(value: number, bounds: Bounds): boolean {
  const { min_value, max_value, strict_min = false, strict_max = false } = bounds;
  const low = typeof min_value === "number" ? value - min_value : 1;
  const high = typeof max_value === "number" ? max_value - value : 1;
  return (strict_min ? low > 0 : low >= 0) && (strict_max ? high > 0 : high >= 0);
}

/** Whether the lower bound is above the upper one; two times are compared as instants. */
export function isReversed({ min_value, max_value }: Bounds): boolean {
  if (min_value === undefined || max_value === undefined) return false;
  if (typeof min_value === "number" && typeof max_value === "number") return min_value > max_value;
  const [low, high] = [instantOf(min_value), instantOf(max_value)];
  return low !== undefined && high !== undefined && low > high;
}

function instantOf(bound: Bound): number | undefined {
  if (typeof bound === "number") return undefined;
  if ("date" in bound) return Date.parse(`${bound.date}T00:00:00Z`);
  const { timestamp } = bound;
  return Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(timestamp) ? timestamp : `${timestamp}Z`);
}
