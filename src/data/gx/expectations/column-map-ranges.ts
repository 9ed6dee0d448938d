import * as z from "zod";
import type { PlanColumn } from "../../plan/column.ts";
import { and, compare, type Expression, literal, textOf } from "../../plan/expression.ts";
import { type ExpectationRule, expectationRule, notEvaluable } from "../expectation.ts";
import { boundKwargs, optionalFlag, optionalWholeNumber } from "../kwargs.ts";
import { between, boundsProblem, isReversed, requiredNumber } from "./bounds.ts";
import { type ColumnMapJudge, columnMap, columnMapKwargs } from "./column-map.ts";
import { hasText } from "./text-values.ts";

const boundsNeeded = "min_value and max_value cannot both be absent";

const valuesBetween = expectationRule({
  kwargs: z.strictObject({ ...columnMapKwargs, ...boundKwargs }),
  refuse: (kwargs) =>
    kwargs.min_value === undefined && kwargs.max_value === undefined ? boundsNeeded : undefined,
  make: (expectation, table) => {
    const { kwargs } = expectation;
    if (isReversed(kwargs)) return notEvaluable("min_value is more than max_value");
    return columnMap(expectation, table, (column) => {
      const problem = boundsProblem(column, kwargs);
      const expected = between(column, kwargs);
      return problem === undefined && expected !== undefined
        ? { expected }
        : { problem: problem ?? boundsNeeded };
    });
  },
});

const lengthKwargs = {
  min_value: optionalWholeNumber,
  max_value: optionalWholeNumber,
  strict_min: optionalFlag,
  strict_max: optionalFlag,
};

const lengthsBetween = expectationRule({
  kwargs: z.strictObject({ ...columnMapKwargs, ...lengthKwargs }),
  refuse: (kwargs) =>
    kwargs.min_value === undefined && kwargs.max_value === undefined ? boundsNeeded : undefined,
  make: (expectation, table) =>
    columnMap(expectation, table, (column) => {
      const { min_value, max_value, strict_min = false, strict_max = false } = expectation.kwargs;
      const length = lengthOf(column);
      const low =
        min_value === undefined ? undefined : compare(length, strict_min ? ">" : ">=", literal(min_value));
      const high =
        max_value === undefined ? undefined : compare(length, strict_max ? "<" : "<=", literal(max_value));
      return judgedLength(column, and(low, high));
    }),
});

const lengthsEqual = expectationRule({
  kwargs: z.strictObject({ ...columnMapKwargs, value: requiredNumber }),
  make: (expectation, table) =>
    columnMap(expectation, table, (column) =>
      judgedLength(column, compare(lengthOf(column), "=", literal(expectation.kwargs.value))),
    ),
});

function lengthOf(column: PlanColumn): Expression {
  return { op: "length", value: textOf(column.name) };
}

function judgedLength(column: PlanColumn, expected: Expression | undefined): ColumnMapJudge {
  if (expected === undefined) return { problem: boundsNeeded };
  if (hasText(column)) return { expected, isText: true };
  return { problem: `column ${JSON.stringify(column.name)} is ${column.type}: its values have no length` };
}

export const rangeRules: Readonly<Record<string, ExpectationRule>> = {
  expect_column_values_to_be_between: valuesBetween,
  expect_column_value_lengths_to_be_between: lengthsBetween,
  expect_column_value_lengths_to_equal: lengthsEqual,
};
