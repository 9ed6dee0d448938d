import type { CheckHead, UnjudgedCheck } from "../plan/check.ts";
import type { PlanColumn } from "../plan/column.ts";

/** A rule that cannot be judged because of the column's type. */
export function misfit(head: CheckHead, column: PlanColumn): UnjudgedCheck {
  const reason = `the rule does not fit a column of type ${column.type} (stored as ${column.storedAs})`;
  return { ...head, verdict: "error", reason };
}

/** A rule whose columns the data has not. */
export function withoutColumns(head: CheckHead, names: readonly string[]): UnjudgedCheck {
  const shown = names.map((name) => JSON.stringify(name)).join(", ");
  return { ...head, verdict: "error", reason: `the data has no column ${shown}` };
}
