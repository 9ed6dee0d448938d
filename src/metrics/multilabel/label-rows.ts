import type { Grouping } from "../metric-set.ts";

/** Some neighbouring rows; of each label one column. */
export interface LabelRows {
  readonly rows: number;
  /** 1 where a row has the label, else 0. */
  readonly truths: readonly Uint8Array[];
  /** 1 where it is predicted; undefined where no label is told from the scores. */
  readonly decisions: readonly Uint8Array[] | undefined;
  readonly scores: readonly (Float64Array | Float32Array)[] | undefined;
  readonly weights: Float64Array | undefined;
  /** Of each grouping. */
  readonly codes: readonly Grouping["codes"][];
}

/** 1 where a label is predicted. */
export function decide(scores: Float64Array | Float32Array, threshold: number): Uint8Array {
  const decisions = new Uint8Array(scores.length);
  for (let row = 0; row < decisions.length; row += 1)
    decisions[row] = (scores[row] ?? Number.NaN) >= threshold ? 1 : 0;
  return decisions;
}

/** Of each row whole numbers of labels. */
export interface LabelCounts {
  /** Labels that it has, that are predicted, and that are both. */
  readonly truths: Uint16Array;
  readonly predicted: Uint16Array;
  readonly right: Uint16Array;
}

export function countLabels({ rows, truths, decisions }: LabelRows): LabelCounts {
  const found = {
    truths: new Uint16Array(rows),
    predicted: new Uint16Array(rows),
    right: new Uint16Array(rows),
  };
  for (const [index, own] of truths.entries()) addLabel(found, own, decisions?.[index]);
  return found;
}

function addLabel(found: LabelCounts, own: Uint8Array, given: Uint8Array | undefined): void {
  const { truths, predicted, right } = found;
  for (let row = 0; row < own.length; row += 1) truths[row] = (truths[row] ?? 0) + (own[row] ?? 0);
  if (given === undefined) return;
  for (let row = 0; row < own.length; row += 1) {
    predicted[row] = (predicted[row] ?? 0) + (given[row] ?? 0);
    right[row] = (right[row] ?? 0) + ((own[row] ?? 0) & (given[row] ?? 0));
  }
}
