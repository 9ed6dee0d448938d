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
import {
  type Expectation,
  type ExpectationBody,
  type ExpectationRule,
  type ExpectationTable,
  expectationRule,
  isNotEvaluable,
  type NotEvaluable,
} from "../expectation.ts";
import { columnName, member, mostly, optionalFlag } from "../kwargs.ts";
import { guarded, isNumeric, isTime, unlessEmpty } from "./columns.ts";
import { literalFor, type Member } from "./members.ts";
import { judgedRows, untrue } from "./several-columns.ts";

const pairKwargs = {
  column_A: columnName,
  column_B: columnName,
  mostly,
  ignore_row_if: z
    .enum(["both_values_are_missing", "either_value_is_missing", "neither"])
    .default("both_values_are_missing"),
};

interface PairKwargs {
  readonly column_A: string;
  readonly column_B: string;
  readonly mostly: number;
  readonly ignore_row_if: "both_values_are_missing" | "either_value_is_missing" | "neither";
}

type Pair = readonly [PlanColumn, PlanColumn];

/** What a rule says of a pair: a truth, where unknown is unexpected as in pandas; text says why it does not fit. */
type PairJudge = (pair: Pair) => Expression | string;

/** An expectation on two columns. A null that is not ignored makes a pair unexpected. */
function pairMap<Kwargs extends PairKwargs>(
  expectation: Expectation<Kwargs>,
  table: ExpectationTable,
  judge: PairJudge,
): ExpectationBody | NotEvaluable {
  const { kwargs, where } = expectation;
  const names = [kwargs.column_A, kwargs.column_B];
  const rows = judgedRows(expectation, table, { names, ignored: ignoredOf[kwargs.ignore_row_if] });
  if (isNotEvaluable(rows)) return rows;
  const [a, b] = rows.columns;
  if (a === undefined || b === undefined) throw new Error("a pair has two columns");
  const expected = judge([a, b]);
  // Without values of one side no pair is good.
  const good = typeof expected === "string" ? literal(false) : expected;
  const body = rows.bodyOf(untrue(good, rows.judged));
  if (typeof expected === "string")
    return unlessEmpty(body, expected, { columns: [a, b], where: rows.judged });
  return guarded(body, [a, b], where);
}

const ignoredOf = {
  both_values_are_missing: "all",
  either_value_is_missing: "any",
  neither: "none",
} as const;

/** Whether values of the two can be put in order or found equal at all. */
function areComparable([a, b]: Pair): boolean {
  if (a.type === "other" || b.type === "other") return false;
  return a.type === b.type || (isNumeric(a) && isNumeric(b)) || (isTime(a) && isTime(b));
}

/** Both there, so that NaN, which is missing, is equal to nothing and greater than nothing. */
function bothPresent([a, b]: Pair, truth: Expression): Expression {
  return and(isPresent(a.name), isPresent(b.name), truth) ?? truth;
}

const greater = expectationRule({
  kwargs: z.strictObject({ ...pairKwargs, or_equal: optionalFlag }),
  make: (expectation, table) =>
    pairMap(expectation, table, ([a, b]) => {
      if (!areComparable([a, b])) return `${a.type} cannot be compared with ${b.type}`;
      const operator = expectation.kwargs.or_equal === true ? ">=" : ">";
      return bothPresent([a, b], compare(columnOf(a.name), operator, columnOf(b.name)));
    }),
});

const equal = expectationRule({
  kwargs: z.strictObject(pairKwargs),
  make: (expectation, table) =>
    pairMap(expectation, table, (pair) => {
      const [a, b] = pair;
      if (a.type === "boolean" && isNumeric(b)) return bothPresent(pair, truthIs(a, b));
      if (b.type === "boolean" && isNumeric(a)) return bothPresent(pair, truthIs(b, a));
      // As in Python, a number and a text are different, not incomparable.
      if (!areComparable(pair)) return literal(false);
      return bothPresent(pair, compare(columnOf(a.name), "=", columnOf(b.name)));
    }),
});

/** As in Python, true is 1 and false is 0. */
function truthIs(truth: PlanColumn, number: PlanColumn): Expression {
  const value = columnOf(truth.name);
  const is = (one: number) => compare(columnOf(number.name), "=", literal(one));
  return or(and(value, is(1)), and(not(value), is(0))) ?? literal(false);
}

const inPairSet = expectationRule({
  kwargs: z.strictObject({ ...pairKwargs, value_pairs_set: z.array(z.tuple([member, member])) }),
  make: (expectation, table) =>
    pairMap(expectation, table, ([a, b]) => {
      const listed = expectation.kwargs.value_pairs_set.map(([left, right]) =>
        and(equalsMember(a, left), equalsMember(b, right)),
      );
      return or(...listed) ?? literal(false);
    }),
});

/** Null stands for a missing value. */
function equalsMember(column: PlanColumn, value: Member): Expression {
  if (value === null) return isMissing(column.name);
  const known = literalFor(column, value);
  return known === undefined ? literal(false) : compare(columnOf(column.name), "=", literal(known));
}

export const pairRules: Readonly<Record<string, ExpectationRule>> = {
  expect_column_pair_values_a_to_be_greater_than_b: greater,
  expect_column_pair_values_to_be_equal: equal,
  expect_column_pair_values_to_be_in_set: inPairSet,
};
