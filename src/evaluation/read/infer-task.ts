import type { EvaluationColumns } from "../columns.ts";
import type { Task } from "../task.ts";
import type { ColumnFacts } from "./column-facts.ts";

/**
 * What a table is of, where no setting says it: by the columns that it has, then by the label. Two texts as labels are binary too:
 * which of them counts as 1 is then asked for.
 */
export function inferTask(
  columns: EvaluationColumns,
  facts: { readonly label: ColumnFacts | undefined; readonly prediction: ColumnFacts | undefined },
  positiveClass: string | undefined,
): Task {
  if (columns.quantiles.length + columns.intervals.length > 0) return "quantile";
  if (columns.query !== undefined) return "ranking";
  if (columns.probabilities.length > 0) return "multiclass";
  if (columns.score !== undefined || positiveClass !== undefined) return "binary";
  const { label, prediction } = facts;
  const isText = label !== undefined && !label.isNumeric && label.dictionary !== undefined;
  if (isText && (label.dictionary?.texts.length ?? 0) > 2) return "multiclass";
  if (isText || (label?.isZeroOne === true && prediction?.isZeroOne === true)) return "binary";
  return "regression";
}
