import type { Check } from "../plan/check.ts";
import type { PlanColumn } from "../plan/column.ts";
import {
  and,
  column as columnValue,
  compare,
  type Expression,
  isPresent,
  literal,
  not,
  textOf,
} from "../plan/expression.ts";
import { isTolerated } from "../plan/judge.ts";
import type { Measure, RowsMeasure } from "../plan/measure.ts";
import type { Range } from "./column-rules.ts";
import { columnCounts, shownOf } from "./counts.ts";
import { rangeComparison, rangeLimit } from "./range.ts";
import { patternOf } from "./regex.ts";
import { headOf, type Rule } from "./rule.ts";
import { misfit } from "./unjudged.ts";
import { valueCheck } from "./value-checks.ts";

const relations = { pattern: "matches", not_pattern: "not matches" } as const;

/** Found in every value, or in none. Look-around and back-references, which RE2 has not, are tried on distinct values. */
export function patternCheck(key: "pattern" | "not_pattern", column: PlanColumn, rule: Rule<string>): Check {
  const { name } = column;
  const about = { kind: "pattern", column: name, comparison: relations[key], limit: rule.value } as const;
  const head = headOf(rule, { ...about, name: `${key}(${name})` });
  const text = textSubject(column);
  if (text === undefined) return misfit(head, column);
  const { engine, pattern } = patternOf(rule.value);
  if (engine === "re2") {
    const isFound: Expression = { op: "matches", value: text, pattern };
    return valueCheck(head, { column, rule, isGood: key === "pattern" ? isFound : not(isFound) });
  }
  const counts = columnCounts(column, rule.when);
  const rows: RowsMeasure = {
    kind: "failing-test",
    of: text,
    test: { test: "regex", patterns: [pattern], match: key === "pattern" ? "any" : "none" },
    where: and(rule.when, isPresent(name)),
  };
  return {
    ...head,
    measures: [...counts.measures, rows],
    judge: (answers) => {
      const failing = answers.count(rows);
      const present = counts.present(answers);
      const outcome = isTolerated(failing, present, rule.allow) ? "good" : "bad";
      return { outcome, observed: failing, failingRows: failing, judgedRows: present };
    },
    failing: () => ({ rows, shown: [shownOf(column)] }),
  };
}

/** Code points of each value; observed are the shortest and the longest. */
export function lengthCheck(column: PlanColumn, rule: Rule<Range>): Check {
  const { name } = column;
  const { min, max } = rule.value;
  const comparison = rangeComparison(rule.value);
  const about = { kind: "length", column: name, comparison, limit: rangeLimit(rule.value) } as const;
  const head = headOf(rule, { ...about, name: `length(${name})` });
  const text = textSubject(column);
  if (text === undefined) return misfit(head, column);
  const length: Expression = { op: "length", value: text };
  const isGood = and(
    min === undefined ? undefined : compare(length, ">=", literal(min)),
    max === undefined ? undefined : compare(length, "<=", literal(max)),
  );
  const where = and(rule.when, isPresent(name));
  const shortest: Measure = { kind: "min", of: length, where };
  const longest: Measure = { kind: "max", of: length, where };
  return valueCheck(head, {
    column,
    rule,
    isGood: isGood ?? literal(true),
    more: [shortest, longest],
    observed: (answers) => [answers.number(shortest) ?? null, answers.number(longest) ?? null],
  });
}

/** The text of a column that has one: as it stands in a CSV, or stored as a string. */
function textSubject({ name, type, storage }: PlanColumn): Expression | undefined {
  if (storage === "text") return textOf(name);
  return type === "string" ? columnValue(name) : undefined;
}
