import type { MultilabelInput } from "./multilabel-input.ts";
import { type RankFigures, rankFigures } from "./rank-figures.ts";

/** What is known of each row by itself: whole numbers of labels, and how the scores order its labels. */
export interface RowFigures {
  readonly size: number;
  /** Labels that a row has. */
  readonly truths: Uint16Array;
  /** Undefined where no label is predicted: scores without a threshold. */
  readonly decided: { readonly predicted: Uint16Array; readonly right: Uint16Array } | undefined;
  /** Undefined without scores. */
  readonly ranked: RankFigures | undefined;
}

/** 1 where a label is predicted; undefined where scores are all there is and no threshold divides them. */
export function decisionsOf({ labels, threshold }: MultilabelInput): readonly Uint8Array[] | undefined {
  const found = labels.map(({ predictions, scores }) => {
    if (predictions !== undefined) return predictions;
    if (threshold === null || scores === undefined) return undefined;
    const decisions = new Uint8Array(scores.length);
    for (let row = 0; row < decisions.length; row += 1)
      decisions[row] = (scores[row] ?? Number.NaN) >= threshold ? 1 : 0;
    return decisions;
  });
  const known = found.filter((one) => one !== undefined);
  return known.length === labels.length ? known : undefined;
}

export function rowFigures(input: MultilabelInput, decisions: readonly Uint8Array[] | undefined): RowFigures {
  const rows = input.labels[0]?.truths.length ?? 0;
  const truths = new Uint16Array(rows);
  const predicted = new Uint16Array(rows);
  const right = new Uint16Array(rows);
  for (const [index, { truths: own }] of input.labels.entries()) {
    const given = decisions?.[index];
    for (let row = 0; row < rows; row += 1) {
      const [truth, decision] = [own[row] ?? 0, given?.[row] ?? 0];
      truths[row] = (truths[row] ?? 0) + truth;
      predicted[row] = (predicted[row] ?? 0) + decision;
      right[row] = (right[row] ?? 0) + (truth & decision);
    }
  }
  return {
    size: input.labels.length,
    truths,
    decided: decisions === undefined ? undefined : { predicted, right },
    ranked: rankFigures(input, rows),
  };
}
