import type { Confusion } from "../details.ts";
import type { ScoreBlocks } from "./score-blocks.ts";

/** Sums of weights, rows without weights. */
export interface Totals {
  readonly positives: number;
  readonly negatives: number;
}

export const noTotals: Totals = { positives: 0, negatives: 0 };

/** From what is predicted 1, rightly and falsely. */
export function confusionOf(totals: Totals, truePositives: number, falsePositives: number): Confusion {
  return {
    trueNegatives: totals.negatives - falsePositives,
    falsePositives,
    falseNegatives: totals.positives - truePositives,
    truePositives,
  };
}

/** What lies above some blocks, and above what comes after them. */
export interface Span {
  readonly above: Totals;
  readonly end: Totals;
}

export function spanOf(blocks: ScoreBlocks, above: Totals): Span {
  const { positives, negatives, rows, positiveRows, negativeRows } = blocks;
  let [up, down] = [above.positives, above.negatives];
  if (rows === undefined) {
    return { above, end: { positives: up + positiveRows, negatives: down + negativeRows } };
  }
  for (let block = 0; block < positives.length; block += 1) {
    up += positives[block] ?? 0;
    down += negatives[block] ?? 0;
  }
  return { above, end: { positives: up, negatives: down } };
}
