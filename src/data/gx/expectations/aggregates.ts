import * as z from "zod";
import type { Answers } from "../../plan/answers.ts";
import type { PlanColumn } from "../../plan/column.ts";
import { and, column as columnOf, type Expression } from "../../plan/expression.ts";
import type { Measure, RowsMeasure } from "../../plan/measure.ts";
import { aggregateResult } from "../aggregate-result.ts";
import { type ExpectationRule, expectationRule, isNotEvaluable } from "../expectation.ts";
import { type Bounds, boundKwargs, columnName, optionalFlag, optionalWholeNumber } from "../kwargs.ts";
import { type Aggregate, aggregate, betweenLimit } from "./aggregate.ts";
import { boundsProblem, numberBoundKwargs } from "./bounds.ts";
import { presentRows } from "./column-map.ts";
import { findColumn, isNumeric, isTime, unknown } from "./columns.ts";
import { truthFigure } from "./truths.ts";

type Figure = "min" | "max" | "sum" | "mean" | "stdev" | "median";

const strict = { strict_min: optionalFlag, strict_max: optionalFlag };
const anyBounds = z.strictObject({ column: columnName, ...boundKwargs });
const numberBounds = z.strictObject({ column: columnName, ...numberBoundKwargs });

/** A figure of the present values between two bounds; both may be absent. */
function figureBetween(figure: Figure): ExpectationRule {
  return expectationRule({
    kwargs: figure === "stdev" ? numberBounds : anyBounds,
    make: (expectation, table) =>
      aggregate(expectation, table, (column, present) => {
        const asked = { present, bounds: expectation.kwargs };
        return column.type === "boolean" ? ofTruths(figure, column, asked) : ofValues(figure, column, asked);
      }),
  });
}

interface Asked {
  readonly present: Expression;
  readonly bounds: Bounds;
}

function ofValues(figure: Figure, column: PlanColumn, { present, bounds }: Asked): Aggregate {
  const measure: Measure = { kind: figure, of: columnOf(column.name), where: present };
  // Without a value pandas sums up to 0; every other figure is absent.
  const nothing = figure === "sum" ? 0 : null;
  const judge = (answers: Answers) => aggregateResult(answers.value(measure) ?? nothing, bounds);
  const problem = figureProblem(figure, column) ?? boundsProblem(column, bounds);
  // The type of a column that is stored as text is sure, also where it holds no value.
  const isSure =
    column.storage === "typed" && column.type === "string" && figure !== "min" && figure !== "max";
  const unasked = () =>
    isSure && problem !== undefined ? unknown(problem) : aggregateResult(nothing, bounds);
  return { measures: [measure], judge: problem === undefined ? judge : unasked, problem, limits: bounds };
}

/** Text and dates have a smallest and a largest one, timestamps also a middle. */
function figureProblem(figure: Figure, column: PlanColumn): string | undefined {
  const isExtreme = figure === "min" || figure === "max";
  const isOrdered = isTime(column) || column.type === "string";
  const isMiddle = figure === "mean" || figure === "median";
  if (isNumeric(column) || (isOrdered && isExtreme) || (column.type === "timestamp" && isMiddle))
    return undefined;
  return `column ${JSON.stringify(column.name)} is ${column.type}: it has no ${figure}`;
}

/** Truths count as 1 and 0. */
function ofTruths(figure: Figure, column: PlanColumn, { present, bounds }: Asked): Aggregate {
  const value = columnOf(column.name);
  const all: RowsMeasure = { kind: "count", where: present };
  const trues: RowsMeasure = { kind: "count", where: and(present, value) };
  const judge = (answers: Answers) =>
    aggregateResult(truthFigure(figure, answers.count(all), answers.count(trues)), bounds);
  const problem = boundsProblem(column, bounds);
  // With a problem the rows alone are counted, and this is asked only where there are none.
  const unasked = problem === undefined ? judge : () => aggregateResult(truthFigure(figure, 0, 0), bounds);
  return { measures: [all, trues], judge: unasked, problem, limits: bounds };
}

const count = (where: Expression): RowsMeasure => ({ kind: "count", where });

const uniqueCount = expectationRule({
  kwargs: z.strictObject({
    column: columnName,
    min_value: optionalWholeNumber,
    max_value: optionalWholeNumber,
    ...strict,
  }),
  make: (expectation, table) =>
    aggregate(expectation, table, (column, present) => {
      const distinct: Measure = { kind: "distinct", of: [columnOf(column.name)], where: present };
      const judge = (answers: Answers) => aggregateResult(answers.count(distinct), expectation.kwargs);
      return { measures: [distinct], judge, limits: expectation.kwargs };
    }),
});

/** Distinct values for each present value; 0 where there is none. */
const uniqueShare = expectationRule({
  kwargs: numberBounds,
  make: (expectation, table) =>
    aggregate(expectation, table, (column, present) => {
      const distinct: Measure = { kind: "distinct", of: [columnOf(column.name)], where: present };
      const all = count(present);
      const judge = (answers: Answers) =>
        aggregateResult(share(answers.count(distinct), answers.count(all)), expectation.kwargs);
      return { measures: [distinct, all], judge, limits: expectation.kwargs };
    }),
});

const nonNullShare = expectationRule({
  kwargs: numberBounds,
  make: (expectation, table) => {
    const { kwargs, where } = expectation;
    const column = findColumn(table, kwargs.column);
    if (isNotEvaluable(column)) return column;
    const rows: RowsMeasure = { kind: "count", where };
    const present = count(presentRows(column, where));
    return {
      measures: [rows, present],
      judge: (answers) => aggregateResult(share(answers.count(present), answers.count(rows)), kwargs),
      column: column.name,
      ...betweenLimit(kwargs),
    };
  },
});

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

export const aggregateRules: Readonly<Record<string, ExpectationRule>> = {
  expect_column_min_to_be_between: figureBetween("min"),
  expect_column_max_to_be_between: figureBetween("max"),
  expect_column_sum_to_be_between: figureBetween("sum"),
  expect_column_mean_to_be_between: figureBetween("mean"),
  expect_column_median_to_be_between: figureBetween("median"),
  expect_column_stdev_to_be_between: figureBetween("stdev"),
  expect_column_unique_value_count_to_be_between: uniqueCount,
  expect_column_proportion_of_unique_values_to_be_between: uniqueShare,
  expect_column_proportion_of_non_null_values_to_be_between: nonNullShare,
};
