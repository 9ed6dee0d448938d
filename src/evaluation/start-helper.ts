import type { TableSource } from "../data/sources/table-source.ts";
import type { JobThread } from "../metrics/binary/job-thread.ts";
import type { EvaluationColumns } from "./columns.ts";
import { type HelperThread, leastMeasuredBytes } from "./helper-thread.ts";
import type { Task } from "./task.ts";

/**
 * Starts the thread that will help to measure scores of classes, so that it is ready when they were read; undefined where the
 * columns or the size say that it would not be needed.
 */
export function startHelper(
  helper: HelperThread,
  source: TableSource,
  { columns, task }: { readonly columns: EvaluationColumns; readonly task: Task | undefined },
): JobThread | undefined {
  if (!areScoresDivided(columns, task)) return undefined;
  const bytes = source.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  if (bytes < leastMeasuredBytes) return undefined;
  return helper.start();
}

/** Whether scores of classes are sorted, whose rows can be divided. */
function areScoresDivided(columns: EvaluationColumns, task: Task | undefined): boolean {
  const { score, query, probabilities, quantiles, intervals, labels } = columns;
  const isOther = query !== undefined || quantiles.length + intervals.length > 0;
  if (probabilities.length > 0) return !isOther && (task === undefined || task === "multiclass");
  if (isOther) return false;
  if (task === "multilabel") return labels.some((one) => one.score !== undefined);
  return score !== undefined && (task === undefined || task === "binary");
}
