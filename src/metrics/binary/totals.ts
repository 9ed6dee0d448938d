import type { Confusion } from "../details.ts";
import type { Kernel } from "../kernel/kernel.ts";
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

/** Of some blocks, those from one on to before another, added up down the scores. */
export function sumOf(
  kernel: Kernel,
  { positives, negatives }: Pick<ScoreBlocks, "positives" | "negatives">,
  start: number,
  end: number,
): Totals {
  const sums = new Float64Array(2);
  const [ups, downs] = [kernel.at(positives) + 8 * start, kernel.at(negatives) + 8 * start];
  kernel.with(sums, (at) => kernel.loops.addBlocks(at, ups, downs, end - start));
  return { positives: sums[0] ?? 0, negatives: sums[1] ?? 0 };
}

/** From `start` on, the first of descending scores that is below a limit. */
export function firstBelow(scores: Float64Array, limit: number, start = 0): number {
  let [low, high] = [start, scores.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((scores[middle] ?? 0) >= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
