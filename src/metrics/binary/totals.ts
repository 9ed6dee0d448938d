import type { Confusion } from "../details.ts";
import type { ScoreBlocks } from "./score-blocks.ts";

/** Sums of weights, rows without weights. */
export interface Totals {
  readonly positives: number;
  readonly negatives: number;
}

export function totalsOf({ scores, ...blocks }: ScoreBlocks): Totals {
  if (blocks.rows === undefined) return { positives: blocks.positiveRows, negatives: blocks.negativeRows };
  let [positives, negatives] = [0, 0];
  for (let block = 0; block < scores.length; block += 1) {
    positives += blocks.positives[block] ?? 0;
    negatives += blocks.negatives[block] ?? 0;
  }
  return { positives, negatives };
}

/** Predicted 1 where score >= threshold. No sum is a difference, so that small weights keep their digits beside large ones. */
export function confusionAt(blocks: ScoreBlocks, threshold: number): Confusion {
  const { scores, positives, negatives, rows, positiveRows, negativeRows } = blocks;
  let [above, falsely, missed, rejected, block] = [0, 0, 0, 0, 0];
  for (; block < scores.length && (scores[block] ?? 0) >= threshold; block += 1) {
    above += positives[block] ?? 0;
    falsely += negatives[block] ?? 0;
  }
  if (rows === undefined) {
    return confusionOf({ positives: positiveRows, negatives: negativeRows }, above, falsely);
  }
  for (; block < scores.length; block += 1) {
    missed += positives[block] ?? 0;
    rejected += negatives[block] ?? 0;
  }
  return {
    trueNegatives: rejected,
    falsePositives: falsely,
    falseNegatives: missed,
    truePositives: above,
  };
}

/** From what is predicted 1, rightly and falsely. */
export function confusionOf(totals: Totals, truePositives: number, falsePositives: number): Confusion {
  return {
    trueNegatives: totals.negatives - falsePositives,
    falsePositives,
    falseNegatives: totals.positives - truePositives,
    truePositives,
  };
}
