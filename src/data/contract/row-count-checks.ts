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
