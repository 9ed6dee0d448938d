import type { Check } from "../plan/check.ts";
import { countOf } from "./counts.ts";
import { headOf, type Rule } from "./rule.ts";

const relations = { min: ">=", max: "<=" } as const;

/** How many rows there are. */
export function rowCountCheck(key: "min" | "max", rule: Rule<number>): Check {
  const rows = countOf();
  const about = { kind: "row_count", column: null, comparison: relations[key], limit: rule.value } as const;
  return {
    ...headOf(rule, { ...about, name: `rows.${key}` }),
    measures: [rows],
    judge: (answers) => {
      const observed = answers.count(rows);
      const isGood = key === "min" ? observed >= rule.value : observed <= rule.value;
      return { outcome: isGood ? "good" : "bad", observed, failingRows: null, judgedRows: null };
    },
  };
}

/** Rows as a ratio to those of the run before. Without its report there is nothing to compare, which is said. */
export function rowChangeCheck(rule: Rule<readonly number[]>, previousRows: number | undefined): Check {
  const [low = 0, high = Number.POSITIVE_INFINITY] = rule.value;
  const about = { kind: "row_count", column: null, comparison: "between", limit: [low, high] } as const;
  const head = headOf(rule, { ...about, name: "rows.change" });
  if (previousRows === undefined)
    return {
      ...head,
      verdict: "skipped",
      reason: "no report of the run before was given (--previous-report)",
    };
  if (previousRows === 0) return { ...head, verdict: "error", reason: "the run before saw no rows" };
  const rows = countOf();
  return {
    ...head,
    measures: [rows],
    judge: (answers) => {
      const observed = answers.count(rows) / previousRows;
      const outcome = observed >= low && observed <= high ? "good" : "bad";
      return { outcome, observed, failingRows: null, judgedRows: null, details: { previousRows } };
    },
  };
}
