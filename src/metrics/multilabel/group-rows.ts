import type { LabelCounts } from "./label-rows.ts";

/** Figures of each row; `right` is 1 where all labels are. */
export type DecidedFigure = "right" | "hamming" | "f1" | "precision" | "recall" | "jaccard";
export type RankedFigure = "averagePrecision" | "coverage" | "loss";
export type RowFigure = DecidedFigure | RankedFigure;

/** What the rows of one group tell one by one. */
export interface GroupRows {
  /** Also those of weight 0. */
  readonly rows: number;
  /** Those of a weight above 0. */
  readonly measured: number;
  /** Sum of the weights, or the number of rows. */
  readonly weight: number;
  readonly isWeighted: boolean;
  /** Sum over the measured rows, each times its weight. */
  sum(figure: RowFigure): number;
  /** Sum of the squared distances from a mean; without weights only. */
  squares(figure: RowFigure, mean: number): number;
  /** Measured rows that have nothing to divide by. */
  none(figure: DecidedFigure): number;
}

/** Labels of one row that it has, that are predicted, and that are both. */
export interface RowTriple {
  readonly truth: number;
  readonly given: number;
  readonly both: number;
}

export function tripleOf({ truths, predicted, right }: LabelCounts, row: number): RowTriple {
  return { truth: truths[row] ?? 0, given: predicted[row] ?? 0, both: right[row] ?? 0 };
}

/** What a figure of a row is divided by. */
export function divisorOf(figure: DecidedFigure, { truth, given, both }: RowTriple): number {
  switch (figure) {
    case "precision":
      return given;
    case "recall":
      return truth;
    case "f1":
      return truth + given;
    case "jaccard":
      return truth + given - both;
    case "right":
    case "hamming":
      return 1;
  }
}

/** Of a row of so many labels; 0 where there is nothing to divide by. */
export function figureOf(figure: DecidedFigure, triple: RowTriple, size: number): number {
  const { truth, given, both } = triple;
  const wrong = truth + given - 2 * both;
  if (figure === "right") return wrong === 0 ? 1 : 0;
  if (figure === "hamming") return wrong / size;
  const divisor = divisorOf(figure, triple);
  return divisor === 0 ? 0 : ((figure === "f1" ? 2 : 1) * both) / divisor;
}
