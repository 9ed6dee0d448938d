import type { Measurement } from "./measure.ts";
import type { Task } from "./task.ts";

/** In fewer all may be wrong. */
const fewRows = 10;

/** What the figures tell of a table whose columns may not be what they were taken for: it is measured as it is, and said. */
export function doubts(
  { task, overall }: Pick<Measurement, "task" | "overall">,
  asked: {
    /** Undefined: found by the columns. */
    readonly task: Task | undefined;
    /** Predictions of a model are no column that can be named. */
    readonly hasModel: boolean;
    /** Whether the label is 0 or 1 in every row. */
    readonly isZeroOne: boolean;
  },
): string[] {
  const said: string[] = [];
  const area = overall.intervals?.["roc_auc"];
  if (task === "binary" && area !== undefined && area.high < 0.5)
    said.push(
      "roc_auc is below 0.5, and its interval too: the scores rank the classes the wrong way round. Are they those of the other class (--positive-class)?",
    );
  if (task === "multiclass" && overall.metrics["accuracy"] === 0 && overall.count >= fewRows)
    said.push(
      "accuracy is 0: of no row the class is predicted. Are the classes written in the same way (capitals, spaces), and the probabilities in the order of --class?",
    );
  const concordance = overall.intervals?.["concordance_index"];
  if (task === "survival" && concordance !== undefined && concordance.high < 0.5)
    said.push(
      "concordance_index is below 0.5, and its interval too: the rows are ordered the wrong way round. A score is a risk, a prediction a time: is it the other?",
    );
  if (task === "regression" && asked.task === undefined && asked.isZeroOne)
    said.push(
      `The label is 0 or 1 in every row, and what is predicted is not: measured as a regression. ${asked.hasModel ? "" : "Say --score COLUMN where it is a score of class 1. "}With --task regression nothing is said of it.`,
    );
  return said;
}
