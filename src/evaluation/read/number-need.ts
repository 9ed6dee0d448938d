import type { EvaluationColumns } from "../columns.ts";
import type { Task } from "../task.ts";

/** Of a regression: what it is sorted in, twice, with truth and prediction or weight beside each row. */
const sortedRegressionBytes = 130;

/** Memory of each row of a regression, or of quantiles and intervals; undefined of other tasks. */
export function numberBytes(columns: EvaluationColumns, task: Task | undefined): number | undefined {
  const { quantiles, intervals, weight, subgroups } = columns;
  const groups = new Set(subgroups.flatMap((subgroup) => subgroup.columns)).size;
  if (task === "regression") return 16 + sortedRegressionBytes + (weight === undefined ? 0 : 8) + groups;
  if (task !== "quantile") return undefined;
  // Of each group once more; and the truths are sorted.
  return 16 * (1 + quantiles.length + 2 * intervals.length) + (weight === undefined ? 8 : 66) + groups;
}

/** Whether rows hold truths, and predictions or else quantiles and intervals, with weights or without: then they can be measured from disk. */
export function hasNumbersOnly(columns: EvaluationColumns, task: Task | undefined): boolean {
  const { score, prediction, probabilities, quantiles, intervals, query, labels, event, forecast } = columns;
  if (task !== "regression" && task !== "quantile") return false;
  const hasOthers = [score, query, event, forecast].some((one) => one !== undefined);
  const isMany = quantiles.length + intervals.length > 0;
  return !hasOthers && probabilities.length + labels.length === 0 && (prediction !== undefined) !== isMany;
}
