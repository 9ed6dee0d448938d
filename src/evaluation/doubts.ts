import type { Measurement } from "./measure.ts";
import type { Task } from "./task.ts";

type Figures = Measurement["overall"];

interface Asked {
  /** Undefined: found by the columns. */
  readonly task: Task | undefined;
  /** Predictions of a model are no column that can be named. */
  readonly hasModel: boolean;
  /** Whether the label is 0 or 1 in every row. */
  readonly isZeroOne: boolean;
}

/** What makes one task doubtful, in a sentence; undefined: nothing. */
type Doubt = (overall: Figures, asked: Asked) => string | undefined;

/** In fewer everything may be so by chance. */
const fewRows = 10;

const doubtsOf: { readonly [T in Task]?: readonly Doubt[] } = {
  binary: [
    (overall) =>
      isBelowHalf(overall, "roc_auc")
        ? "roc_auc is below 0.5, and its interval too: the scores rank the classes the wrong way round. Are they those of the other class (--positive-class)?"
        : undefined,
    (overall) =>
      isExactly(overall, "ks", 0)
        ? "ks is 0: the scores do not tell the classes apart at all. Are they the same in every row?"
        : undefined,
    (overall) =>
      isExactly(overall, "brier", 0)
        ? "brier is 0: each score is its label. Was the label written into the column of scores?"
        : undefined,
  ],
  multiclass: [
    (overall) =>
      isExactly(overall, "accuracy", 0)
        ? "accuracy is 0: no predicted class is the label of its row. Are the classes written in the same way (capitals, spaces), and the probabilities in the order of --class?"
        : undefined,
  ],
  regression: [
    (overall) =>
      isExactly(overall, "rmse", 0)
        ? "rmse is 0: each prediction is its label. Was the label written into the column of predictions?"
        : undefined,
    (_, { task, isZeroOne, hasModel }) =>
      task === undefined && isZeroOne
        ? `The label is 0 or 1 in every row, and what is predicted is not: measured as a regression. ${hasModel ? "" : "Say --score COLUMN where it is a score of class 1. "}With --task regression nothing is said of it.`
        : undefined,
  ],
  ranking: [
    ({ count, queries }) =>
      count >= fewRows && queries?.count === count
        ? "Each query has one row, so that there is nothing to rank. Does --query name the rows instead of what they are ranked within?"
        : undefined,
  ],
  survival: [
    (overall) =>
      isBelowHalf(overall, "concordance_index")
        ? "concordance_index is below 0.5, and its interval too: the rows are ordered the wrong way round. A score is a risk, a prediction a time: is it the other?"
        : undefined,
  ],
};

/** What the figures tell of a table whose columns may not be what they were taken for: it is measured as it is, and said. */
export function doubts({ task, overall }: Pick<Measurement, "task" | "overall">, asked: Asked): string[] {
  return (doubtsOf[task] ?? [])
    .map((doubt) => doubt(overall, asked))
    .filter((sentence) => sentence !== undefined);
}

function isBelowHalf({ intervals }: Figures, name: string): boolean {
  const interval = intervals?.[name];
  return interval !== undefined && interval.high < 0.5;
}

function isExactly({ metrics, count }: Figures, name: string, value: number): boolean {
  return count >= fewRows && metrics[name] === value;
}
