import type { Confusion } from "../details.ts";
import type { ScoreBlocks } from "./score-blocks.ts";

/** Sums of weights, rows without weights. */
export interface Totals {
  readonly positives: number;
  readonly negatives: number;
}

export function totalsOf({ scores, ...blocks }: ScoreBlocks): Totals {
  let [positives, negatives] = [0, 0];
  for (let block = 0; block < scores.length; block += 1) {
    positives += blocks.positives[block] ?? 0;
    negatives += blocks.negatives[block] ?? 0;
  }
  return { positives, negatives };
}

/** Predicted 1 where score >= threshold. */
export function confusionAt({ scores, ...blocks }: ScoreBlocks, totals: Totals, threshold: number): Confusion {
  let [truePositives, falsePositives] = [0, 0];
  for (let block = 0; block < scores.length && (scores[block] ?? 0) >= threshold; block += 1) {
    truePositives += blocks.positives[block] ?? 0;
    falsePositives += blocks.negatives[block] ?? 0;
  }
  return confusionOf(totals, truePositives, falsePositives);
}

export function confusionOf(totals: Totals, truePositives: number, falsePositives: number): Confusion {
  return {
    trueNegatives: totals.negatives - falsePositives,
    falsePositives,
    falseNegatives: totals.positives - truePositives,
    truePositives,
  };
}
