import type { Check } from "../plan/check.ts";
import type { PlanColumn } from "../plan/column.ts";
import { and, column as columnValue, isPresent, not } from "../plan/expression.ts";
import { isTolerated } from "../plan/judge.ts";
import type { RowsMeasure } from "../plan/measure.ts";
import type { Order } from "./column-rules.ts";
import { columnCounts, shownOf } from "./counts.ts";
import { headOf, type Rule } from "./rule.ts";
import { misfit } from "./unjudged.ts";

/** Whether each value goes on from the one before it, in the order of the files. A value that cannot be read breaks it. */
export function orderCheck(column: PlanColumn, rule: Rule<Order>): Check {
  const { name, type } = column;
  const about = { kind: "order", column: name, comparison: "=", limit: rule.value } as const;
  const head = headOf(rule, { ...about, name: `order(${name})` });
  if (type === "other") return misfit(head, column);
  const of = columnValue(name);
  const counts = columnCounts(column, rule.when);
  const rows: RowsMeasure = {
    kind: "disorder",
    of,
    direction: rule.value.endsWith("increasing") ? "increasing" : "decreasing",
    strictly: rule.value.startsWith("strictly"),
    where: and(rule.when, isPresent(name), not({ op: "is-unknown", value: of })),
  };
  return {
    ...head,
    measures: [...counts.measures, rows],
    judge: (answers) => {
      const failing = answers.count(rows) + counts.mistyped(answers);
      const present = counts.present(answers);
      const outcome = isTolerated(failing, present, rule.allow) ? "good" : "bad";
      const observed = failing === 0 ? rule.value : "out of order";
      return { outcome, observed, failingRows: failing, judgedRows: present };
    },
    failing: () => ({ rows, shown: [shownOf(column)] }),
  };
}
