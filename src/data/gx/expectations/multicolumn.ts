import * as z from "zod";
import type { PlanColumn } from "../../plan/column.ts";
import {
  and,
  column as columnOf,
  compare,
  type Expression,
  isMissing,
  isPresent,
  literal,
  not,
  or,
} from "../../plan/expression.ts";
import type { RowsMeasure } from "../../plan/measure.ts";
import {
  type Expectation,
  type ExpectationBody,
  type ExpectationRule,
  type ExpectationTable,
  expectationRule,
  isNotEvaluable,
  type NotEvaluable,
} from "../expectation.ts";
import { columnList, mostly } from "../kwargs.ts";
import { requiredNumber } from "./bounds.ts";
import { guarded, isNumeric, isTime, unlessEmpty } from "./columns.ts";
import { judgedRows, untrue } from "./several-columns.ts";

const ignoreRowIf = z
  .enum(["all_values_are_missing", "any_value_is_missing", "never"])
  .default("all_values_are_missing");

const groupKwargs = { column_list: columnList, mostly, ignore_row_if: ignoreRowIf };

interface GroupKwargs {
  readonly column_list: readonly string[];
  readonly mostly: number;
  readonly ignore_row_if: z.output<typeof ignoreRowIf>;
}

/** The rows of `judged` that break a rule. */
type GroupJudge = (columns: readonly PlanColumn[], judged: Expression | undefined) => RowsMeasure;

/** An expectation on several columns of a row. */
function groupMap<Kwargs extends GroupKwargs>(
  expectation: Expectation<Kwargs>,
  table: ExpectationTable,
  judge: GroupJudge,
): ExpectationBody | NotEvaluable {
  const { kwargs, where } = expectation;
  const ignored = ignoredOf[kwargs.ignore_row_if];
  const rows = judgedRows(expectation, table, { names: kwargs.column_list, ignored });
  if (isNotEvaluable(rows)) return rows;
  return guarded(rows.bodyOf(judge(rows.columns, rows.judged)), rows.columns, where);
}

const ignoredOf = { all_values_are_missing: "all", any_value_is_missing: "any", never: "none" } as const;

const compoundUnique = expectationRule({
  kwargs: z.strictObject(groupKwargs),
  make: (expectation, table) =>
    groupMap(expectation, table, (columns, where) => ({
      kind: "duplicates",
      keys: columns.map(({ name }) => columnOf(name)),
      where,
    })),
});

const sumEquals = expectationRule({
  kwargs: z.strictObject({ ...groupKwargs, sum_total: requiredNumber }),
  make: (expectation, table) => {
    const unsummable: PlanColumn[] = [];
    let body = groupMap(expectation, table, (columns, where) => {
      unsummable.push(...columns.filter((column) => !isNumeric(column)));
      if (unsummable.length > 0) return untrue(literal(false), where);
      const sum = columns
        .map(({ name }) => columnOf(name))
        .reduce((left, right): Expression => ({ op: "+", left, right }));
      return untrue(compare(sum, "=", literal(expectation.kwargs.sum_total)), where);
    });
    for (const column of unsummable) {
      if (isNotEvaluable(body)) return body;
      const problem = `column ${JSON.stringify(column.name)} is ${column.type}: it cannot be summed`;
      body = unlessEmpty(body, problem, { columns: [column], where: expectation.where });
    }
    return body;
  },
});

const valuesEqual = expectationRule({
  kwargs: z.strictObject(groupKwargs),
  make: (expectation, table) =>
    groupMap(expectation, table, (columns, where) => {
      const [first, ...others] = columns;
      if (first === undefined) return untrue(literal(true), where);
      const present = and(
        ...columns.map(({ name }) => isPresent(name)),
        ...others.map((one) => same(first, one)),
      );
      return untrue(or(and(...columns.map(({ name }) => isMissing(name))), present) ?? literal(true), where);
    }),
});

/** Present values that are equal; a number and a text never are. */
function same(a: PlanColumn, b: PlanColumn): Expression {
  const comparable = a.type === b.type || (isNumeric(a) && isNumeric(b)) || (isTime(a) && isTime(b));
  return comparable ? compare(columnOf(a.name), "=", columnOf(b.name)) : literal(false);
}

/** Null is a value: two of them in a row are the same. */
const uniqueWithinRecord = expectationRule({
  kwargs: z.strictObject(groupKwargs),
  make: (expectation, table) =>
    groupMap(expectation, table, (columns, where) => {
      const collisions = columns.flatMap((a, index) =>
        columns
          .slice(index + 1)
          .flatMap((b) => [
            and(isMissing(a.name), isMissing(b.name)),
            and(isPresent(a.name), isPresent(b.name), same(a, b)),
          ]),
      );
      return untrue(not(or(...collisions) ?? literal(false)), where);
    }),
});

export const multicolumnRules: Readonly<Record<string, ExpectationRule>> = {
  expect_compound_columns_to_be_unique: compoundUnique,
  expect_multicolumn_sum_to_equal: sumEquals,
  expect_multicolumn_values_to_be_equal: valuesEqual,
  expect_select_column_values_to_be_unique_within_record: uniqueWithinRecord,
};
