import type { Answers } from "../plan/answers.ts";
import type { Check, CheckHead, Limit } from "../plan/check.ts";
import type { PlanColumn } from "../plan/column.ts";
import {
  and,
  column as columnValue,
  compare,
  type Expression,
  isPresent,
  isTrue,
  type Literal,
  literal,
  not,
} from "../plan/expression.ts";
import { isTolerated } from "../plan/judge.ts";
import type { Measure } from "../plan/measure.ts";
import { columnCounts, countOf, shownOf } from "./counts.ts";
import { shownValue } from "./range.ts";
import { headOf, type Rule } from "./rule.ts";
import { misfit } from "./unjudged.ts";
import { type Bound, boundFits, type Scalar, valueFits } from "./values.ts";

const relations = { min: ">=", max: "<=", greater_than: ">", less_than: "<" } as const;
const extremes = { min: "min", max: "max", greater_than: "min", less_than: "max" } as const;

/** Every value on its side of the bound; observed is the smallest, or the largest, of them. */
export function boundCheck(key: keyof typeof relations, column: PlanColumn, rule: Rule<Bound>): Check {
  const { name, type } = column;
  const about = { kind: "range", column: name, comparison: relations[key], limit: rule.value } as const;
  const head = headOf(rule, { ...about, name: `${key}(${name})` });
  if (type === "other" || !boundFits(rule.value, type)) return misfit(head, column);
  const isGood = compare(columnValue(name), relations[key], literal(boundLiteral(rule.value, column)));
  const where = and(rule.when, isPresent(name));
  const extreme: Measure = { kind: extremes[key], of: columnValue(name), where };
  return valueCheck(head, {
    column,
    rule,
    isGood,
    more: [extreme],
    observed: (answers) => shownValue(answers.value(extreme)),
  });
}

const setRelations = { values: "in", not_values: "not in" } as const;

/** Every value is one of these, or none is; observed is the number of rows where that is not so. */
export function scalarsCheck(
  key: keyof typeof setRelations,
  column: PlanColumn,
  rule: Rule<readonly Scalar[]>,
): Check {
  const { name, type } = column;
  const about = { kind: "values", column: name, comparison: setRelations[key], limit: rule.value } as const;
  const head = headOf(rule, { ...about, name: `${key}(${name})` });
  if (type === "other" || !rule.value.every((value) => valueFits(value, type))) return misfit(head, column);
  const list = rule.value.map((value) => scalarLiteral(value, column));
  const isOne: Expression = { op: "in", value: columnValue(name), list };
  return valueCheck(head, { column, rule, isGood: key === "values" ? isOne : not(isOne) });
}

interface ValueRule {
  readonly column: PlanColumn;
  readonly rule: Rule<unknown>;
  /** True for a value that keeps the rule. */
  readonly isGood: Expression;
  readonly more?: readonly Measure[];
  readonly observed?: (answers: Answers) => Limit;
}

/** A rule on each value. Missing values break none; a value that cannot be read as the column's type breaks every one. */
export function valueCheck(head: CheckHead, { column, rule, isGood, more = [], observed }: ValueRule): Check {
  const counts = columnCounts(column, rule.when);
  const rows = countOf(and(rule.when, isPresent(column.name), not(isTrue(isGood))));
  return {
    ...head,
    measures: [...counts.measures, rows, ...more],
    judge: (answers) => {
      const failing = answers.count(rows);
      const present = counts.present(answers);
      return {
        outcome: isTolerated(failing, present, rule.allow) ? "good" : "bad",
        observed: observed === undefined ? failing : observed(answers),
        failingRows: failing,
        judgedRows: present,
      };
    },
    failing: () => ({ rows, shown: [shownOf(column)] }),
  };
}

function boundLiteral(bound: Bound, { type }: PlanColumn): Literal {
  if (typeof bound === "number") return bound;
  return type === "timestamp" || bound.length > 10 ? { timestamp: bound } : { date: bound };
}

function scalarLiteral(value: Scalar, { type }: PlanColumn): Literal {
  if (type === "date") return { date: String(value) };
  if (type === "timestamp") return { timestamp: String(value) };
  return type === "string" ? String(value) : value;
}
