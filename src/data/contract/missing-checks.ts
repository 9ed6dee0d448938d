import type { Check } from "../plan/check.ts";
import type { PlanColumn } from "../plan/column.ts";
import { and, isMissing, isNull } from "../plan/expression.ts";
import { isTolerated } from "../plan/judge.ts";
import { columnCounts, countOf, shownOf } from "./counts.ts";
import { headOf, type Rule } from "./rule.ts";

/**
 * The share of rows without a value; null for no row, which is no share above the limit. Where all may be missing there is nothing
 * to judge, and no column is read for it.
 */
export function nullsCheck(column: PlanColumn, rule: Rule<number>): Check[] {
  return rule.value >= 1 ? [] : [shareCheck(column, rule)];
}

function shareCheck(column: PlanColumn, rule: Rule<number>): Check {
  const { name } = column;
  const counts = columnCounts(column, rule.when);
  const about = { kind: "nulls", column: name, comparison: "<=", limit: rule.value } as const;
  return {
    ...headOf(rule, { ...about, name: `nulls(${name})` }),
    measures: counts.measures,
    judge: (answers) => {
      const rows = counts.rows(answers);
      const missing = counts.missing(answers);
      const ratio = rows === 0 ? null : missing / rows;
      const outcome = ratio === null || ratio <= rule.value ? "good" : "bad";
      return { outcome, observed: ratio, failingRows: missing, judgedRows: rows };
    },
    // There is no value to show of these rows; they are only kept.
    failing: (answers) => {
      const isGone = counts.isText(answers) ? isNull(name) : isMissing(name);
      return { rows: countOf(and(rule.when, isGone)), shown: [] };
    },
  };
}

/** Whether the column's type knows infinities. */
function canBeInfinite({ type, storage }: PlanColumn): boolean {
  return type === "double" || (storage === "text" && type === "decimal");
}

/** Infinite values are no numbers that a model can learn from: they fail unless the card allows them. */
export function infiniteCheck(column: PlanColumn, rule: Rule<"never" | "allow">): Check[] {
  if (rule.value === "allow" || !canBeInfinite(column)) return [];
  const { name } = column;
  const counts = columnCounts(column, rule.when);
  const infinite = countOf(and(rule.when, { op: "is-infinite", column: name }));
  const about = { kind: "infinite", column: name, comparison: "<=", limit: 0 } as const;
  return [
    {
      ...headOf(rule, { ...about, name: `infinite(${name})` }),
      measures: [...counts.measures, infinite],
      judge: (answers) => {
        const failing = counts.isText(answers) ? 0 : answers.count(infinite);
        const present = counts.present(answers);
        const outcome = isTolerated(failing, present, rule.allow) ? "good" : "bad";
        return { outcome, observed: failing, failingRows: failing, judgedRows: present };
      },
      failing: () => ({ rows: infinite, shown: [shownOf(column)] }),
    },
  ];
}
