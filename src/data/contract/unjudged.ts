import type { Answers } from "../plan/answers.ts";
import type { CheckHead, Judgement, UnjudgedCheck } from "../plan/check.ts";
import type { PlanColumn } from "../plan/column.ts";
import type { ColumnCounts } from "./counts.ts";

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

/** A figure of only those values that can be read would be one of something else; where a `type` rule is, that judges them. */
export function unreadable(
  { origin, type }: PlanColumn,
  counts: ColumnCounts,
  answers: Answers,
): Judgement | undefined {
  const mistyped = counts.mistyped(answers);
  if (mistyped === 0 || origin === "declared") return undefined;
  const reason = `${mistyped} ${mistyped === 1 ? "value is" : "values are"} no ${type}; give the column a type rule to judge them apart`;
  return { outcome: "unknown", observed: null, failingRows: null, judgedRows: null, reason };
}
