import * as z from "zod";
import type { Answers } from "../../plan/answers.ts";
import type { PlanColumn } from "../../plan/column.ts";
import { and, column as columnOf, type Expression, type Literal, not } from "../../plan/expression.ts";
import type { Measure, Value } from "../../plan/measure.ts";
import { observedResult } from "../aggregate-result.ts";
import { type ExpectationRule, expectationRule } from "../expectation.ts";
import { columnName, valueSet } from "../kwargs.ts";
import { type Aggregate, aggregate } from "./aggregate.ts";
import { isIn, literalFor, literalsFor, type Member } from "./members.ts";
import { plainValues } from "./values.ts";

/** More distinct values than this are not listed. */
const maxListed = 200;
/** What Great Expectations shows of an unexpected or a missing value. */
const maxPartial = 20;

const distinctInSet = expectationRule({
  kwargs: z.strictObject({
    column: columnName,
    value_set: valueSet.min(1, "is empty: no value would be allowed"),
  }),
  make: (expectation, table) =>
    aggregate(expectation, table, (column, present) => {
      const unexpected = unexpectedValues(column, present, expectation.kwargs.value_set);
      const all = allValues(column, present);
      return withProblem(column, {
        measures: [...unexpected.measures, ...all.measures],
        judge: (answers) => {
          const { count, more } = unexpected.read(answers);
          return observedResult(all.read(answers), count === 0, more);
        },
      });
    }),
});

const distinctContainSet = expectationRule({
  kwargs: z.strictObject({ column: columnName, value_set: valueSet }),
  make: (expectation, table) =>
    aggregate(expectation, table, (column, present) => {
      const missing = missingMembers(column, present, expectation.kwargs.value_set);
      const all = allValues(column, present);
      return withProblem(column, {
        measures: [...missing.measures, ...all.measures],
        judge: (answers) => {
          const { count, more } = missing.read(answers);
          return observedResult(all.read(answers), count === 0, more);
        },
      });
    }),
});

const distinctEqualSet = expectationRule({
  kwargs: z.strictObject({ column: columnName, value_set: valueSet }),
  make: (expectation, table) =>
    aggregate(expectation, table, (column, present) => {
      const unexpected = unexpectedValues(column, present, expectation.kwargs.value_set);
      const missing = missingMembers(column, present, expectation.kwargs.value_set);
      const all = allValues(column, present);
      return withProblem(column, {
        measures: [...unexpected.measures, ...missing.measures, ...all.measures],
        judge: (answers) => {
          const [extra, absent] = [unexpected.read(answers), missing.read(answers)];
          const success = extra.count === 0 && absent.count === 0;
          return observedResult(all.read(answers), success, { ...extra.more, ...absent.more });
        },
      });
    }),
});

function withProblem(column: PlanColumn, parts: Aggregate): Aggregate {
  if (column.type !== "other") return parts;
  const name = JSON.stringify(column.name);
  const problem = `column ${name} holds lists, structs or bytes: a set of values says nothing of it`;
  return { ...parts, measures: [], judge: () => observedResult(null, false), problem };
}

interface Part<Found> {
  readonly measures: readonly Measure[];
  readonly read: (answers: Answers) => Found;
}

interface Counted {
  readonly count: number;
  /** Keys of the result. */
  readonly more: Readonly<Record<string, unknown>>;
}

/** All distinct values in their order; null where they are too many. */
function allValues(column: PlanColumn, where: Expression): Part<unknown> {
  const measure: Measure = { kind: "frequencies", of: [columnOf(column.name)], where, limit: maxListed };
  return {
    measures: [measure],
    read: (answers) => {
      const answer = answers.get(measure);
      if (answer.kind !== "frequencies" || answer.hasMore) return null;
      return plainValues(answer.frequencies, column).toSorted(inOrder);
    },
  };
}

function inOrder(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [left, right] = [String(a), String(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Distinct values that are no member. */
function unexpectedValues(
  column: PlanColumn,
  present: Expression,
  members: readonly Member[],
): Part<Counted> {
  const of = [columnOf(column.name)];
  const where = and(present, not(isIn(column, literalsFor(column, members))));
  const distinct: Measure = { kind: "distinct", of, where };
  const first: Measure = { kind: "frequencies", of, where, limit: maxPartial };
  return {
    measures: [distinct, first],
    read: (answers) => {
      const count = answers.count(distinct);
      const list = plainValues(answers.frequencies(first), column).toSorted(inOrder);
      return { count, more: { unexpected_count: count, partial_unexpected_list: list } };
    },
  };
}

/** Members that no value equals; null is never found. */
function missingMembers(column: PlanColumn, present: Expression, members: readonly Member[]): Part<Counted> {
  const asked = distinctMembers(column, members);
  const findable = asked.flatMap(({ literal }) => (literal === undefined ? [] : [literal]));
  const found = asked.map(({ literal }): Measure | undefined =>
    literal === undefined ? undefined : { kind: "count", where: and(present, isIn(column, [literal])) },
  );
  // One count for each member up to a bound; beyond it only their number is found.
  const isListed = findable.length <= maxListed;
  const number: Measure = {
    kind: "distinct",
    of: [columnOf(column.name)],
    where: and(present, isIn(column, findable)),
  };
  return {
    measures: isListed ? found.filter((measure) => measure !== undefined) : [number],
    read: (answers) => {
      if (!isListed) {
        const count = asked.length - answers.count(number);
        return { count, more: { missing_count: count, partial_missing_list: [] } };
      }
      const absent = asked.filter((_, index) => {
        const measure = found[index];
        return measure === undefined || answers.count(measure) === 0;
      });
      const list = absent.slice(0, maxPartial).map(({ member }): Value => member);
      return { count: absent.length, more: { missing_count: absent.length, partial_missing_list: list } };
    },
  };
}

/** Each member once: those that are equal for the column are one. */
function distinctMembers(
  column: PlanColumn,
  members: readonly Member[],
): { readonly member: Member; readonly literal: Literal | undefined }[] {
  const byKey = new Map<string, { member: Member; literal: Literal | undefined }>();
  for (const member of members) {
    const literal = literalFor(column, member);
    const key = literal === undefined ? `none ${JSON.stringify(member)}` : JSON.stringify(literal);
    if (!byKey.has(key)) byKey.set(key, { member, literal });
  }
  return [...byKey.values()];
}

export const distinctRules: Readonly<Record<string, ExpectationRule>> = {
  expect_column_distinct_values_to_be_in_set: distinctInSet,
  expect_column_distinct_values_to_contain_set: distinctContainSet,
  expect_column_distinct_values_to_equal_set: distinctEqualSet,
};
