import * as z from "zod";
import type { PlanColumn } from "../../plan/column.ts";
import { and, column as columnOf, isMissing, not } from "../../plan/expression.ts";
import type { RowsMeasure } from "../../plan/measure.ts";
import { type ExpectationRule, expectationRule, isNotEvaluable } from "../expectation.ts";
import { timeOf, valueSet } from "../kwargs.ts";
import { mapBody } from "../map-result.ts";
import { type ColumnMapJudge, columnMap, columnMapKwargs } from "./column-map.ts";
import { findColumn, isTime } from "./columns.ts";
import { isIn, literalsFor, type Member } from "./members.ts";

const setKwargs = z.strictObject({ ...columnMapKwargs, value_set: valueSet });

const inSet = expectationRule({
  kwargs: setKwargs,
  make: (expectation, table) =>
    columnMap(expectation, table, (column): ColumnMapJudge => {
      if (column.type === "other") return noSet(column.name);
      return { expected: isIn(column, literalsFor(column, expectation.kwargs.value_set)) };
    }),
});

const notInSet = expectationRule({
  kwargs: setKwargs,
  make: (expectation, table) =>
    columnMap(expectation, table, (column): ColumnMapJudge => {
      if (column.type === "other") return noSet(column.name);
      const problem = timesProblem(column, expectation.kwargs.value_set);
      if (problem !== undefined) return { problem };
      return { expected: not(isIn(column, literalsFor(column, expectation.kwargs.value_set))) };
    }),
});

/** Text that should be a time and is none would exclude nothing, without a word. */
function timesProblem(column: PlanColumn, members: readonly Member[]): string | undefined {
  // What a text file holds only looks like times.
  if (!isTime(column) || column.storage === "text") return undefined;
  const wrong = members.find((member) => typeof member === "string" && timeOf(member) === undefined);
  return wrong === undefined ? undefined : `${JSON.stringify(wrong)} in value_set is no time in ISO 8601`;
}

function noSet(name: string): ColumnMapJudge {
  return {
    problem: `column ${JSON.stringify(name)} holds lists, structs or bytes: a set of values says nothing of it`,
  };
}

const unique = expectationRule({
  kwargs: z.strictObject(columnMapKwargs),
  make: (expectation, table) =>
    columnMap(expectation, table, (column, present) => ({
      unexpected: { kind: "duplicates", keys: [columnOf(column.name)], where: present },
    })),
});

/** The two expectations on nulls leave no row out. */
function onNulls(isNullExpected: boolean): ExpectationRule {
  return expectationRule({
    kwargs: z.strictObject(columnMapKwargs),
    make: ({ kwargs, where }, table) => {
      const column = findColumn(table, kwargs.column);
      if (isNotEvaluable(column)) return column;
      const missing = isMissing(column.name);
      const unexpected: RowsMeasure = {
        kind: "count",
        where: and(where, isNullExpected ? not(missing) : missing),
      };
      const shown = [columnOf(column.name)];
      const body = mapBody({ where, missing: undefined, unexpected, mostly: kwargs.mostly, shown });
      return { ...body, column: column.name };
    },
  });
}

export const setRules: Readonly<Record<string, ExpectationRule>> = {
  expect_column_values_to_be_in_set: inSet,
  expect_column_values_to_not_be_in_set: notInSet,
  expect_column_values_to_be_unique: unique,
  expect_column_values_to_be_null: onNulls(true),
  expect_column_values_to_not_be_null: onNulls(false),
};
