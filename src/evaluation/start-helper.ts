import type { TableSource } from "../data/sources/table-source.ts";
import type { JobThread } from "../metrics/binary/job-thread.ts";
import type { EvaluationColumns } from "./columns.ts";
import type { HelperThread } from "./helper-thread.ts";
import type { Task } from "./task.ts";

/** Smaller files are measured sooner than a thread has started. */
const leastBytes = 3_000_000;

/**
 * Starts the thread that will help to measure scores of two classes, so that it is ready when they were read; undefined where the
 * columns or the size say that it would not be needed.
 */
export function startHelper(
  helper: HelperThread,
  source: TableSource,
  { columns, task }: { readonly columns: EvaluationColumns; readonly task: Task | undefined },
): JobThread | undefined {
  const { score, weight, query, probabilities, quantiles, intervals } = columns;
  const hasOthers = query !== undefined || probabilities.length + quantiles.length + intervals.length > 0;
  if (score === undefined || weight !== undefined || hasOthers) return undefined;
  if (task !== undefined && task !== "binary") return undefined;
  const bytes = source.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  if (bytes < leastBytes) return undefined;
  return helper.start();
}
