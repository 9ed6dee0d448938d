import * as z from "zod";
import { column as columnOf } from "../../plan/expression.ts";
import type { Measure, Value } from "../../plan/measure.ts";
import { observedResult } from "../aggregate-result.ts";
import { type ExpectationRule, expectationRule, notEvaluable } from "../expectation.ts";
import { columnName } from "../kwargs.ts";
import { aggregate } from "./aggregate.ts";
import { isNumeric } from "./columns.ts";

const range = z.tuple([z.number().nullable(), z.number().nullable()]);
const ranges = z.strictObject({ quantiles: z.array(z.number().min(0).max(1)), value_ranges: z.array(range) });

/** pandas' names of interpolations; `linear` is the continuous one of SQL. */
const methods = {
  nearest: "nearest",
  linear: "cont",
  lower: "lower",
  higher: "higher",
  midpoint: "midpoint",
} as const;
const relativeError = z.union([
  z.literal(false).transform(() => "nearest" as const),
  z.enum(["nearest", "linear", "lower", "higher", "midpoint"]),
]);

const quantilesBetween = expectationRule({
  kwargs: z.strictObject({
    column: columnName,
    quantile_ranges: ranges,
    allow_relative_error: relativeError.default("nearest"),
  }),
  make: (expectation, table) => {
    const { quantile_ranges, allow_relative_error } = expectation.kwargs;
    const { quantiles, value_ranges } = quantile_ranges;
    const problem = rangesProblem(quantiles, value_ranges);
    if (problem !== undefined) return notEvaluable(problem);
    return aggregate(expectation, table, (column, where) => {
      const method = methods[allow_relative_error];
      const measure: Measure = { kind: "quantiles", of: columnOf(column.name), at: quantiles, method, where };
      const judge = (values: readonly Value[]) => {
        const found = quantiles.map((_, index) => numberOf(values[index] ?? null));
        const good = found.map((value, index) => isInRange(value, value_ranges[index] ?? [null, null]));
        const details = { success_details: good };
        return observedResult({ quantiles, values: found }, good.every(Boolean), { details });
      };
      const problem = isNumeric(column)
        ? undefined
        : `column ${JSON.stringify(column.name)} is ${column.type}: it has no quantiles`;
      return {
        measures: [measure],
        judge: (answers) => judge(problem === undefined ? answers.values(measure) : []),
        problem,
      };
    });
  },
});

function rangesProblem(
  quantiles: readonly number[],
  valueRanges: readonly z.output<typeof range>[],
): string | undefined {
  if (quantiles.length !== valueRanges.length)
    return `there are ${quantiles.length} quantiles for ${valueRanges.length} value_ranges`;
  const isReversed = valueRanges.some(([low, high]) => low !== null && high !== null && low > high);
  return isReversed ? "value_ranges must consist of ordered pairs" : undefined;
}

function numberOf(value: Value): number | null {
  if (value === null) return null;
  const number = Number(value);
  return Number.isNaN(number) ? null : number;
}

/** Bounds belong to the range, null is open; a value as good as on a bound (1e-4 of it) is in, too. */
function isInRange(value: number | null, [low, high]: z.output<typeof range>): boolean {
  if (value === null) return false;
  if ((low !== null && isClose(value, low)) || (high !== null && isClose(value, high))) return true;
  return (low === null || value >= low) && (high === null || value <= high);
}

/** numpy's isclose. */
function isClose(value: number, bound: number): boolean {
  return Math.abs(value - bound) <= 1e-8 + 1e-4 * Math.abs(bound);
}

export const quantileRules: Readonly<Record<string, ExpectationRule>> = {
  expect_column_quantile_values_to_be_between: quantilesBetween,
};
