import type { Confusion } from "../details.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { ScoreBlocks } from "./score-blocks.ts";
import { firstBelow, sumOf } from "./totals.ts";

/** Counts going down the blocks: predicted 1 where score >= threshold. No sum is a difference, so that small weights keep their digits. */
export class ThresholdWalk {
  readonly #kernel: Kernel;
  readonly #threshold: number;
  readonly counts = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };

  constructor(kernel: Kernel, threshold: number) {
    this.#kernel = kernel;
    this.#threshold = threshold;
  }

  add(blocks: ScoreBlocks): void {
    const { scores } = blocks;
    const { counts } = this;
    const [highest = 0] = scores;
    if (blocks.rows === undefined && (scores[scores.length - 1] ?? 0) >= this.#threshold) {
      counts.truePositives += blocks.positiveRows;
      counts.falsePositives += blocks.negativeRows;
      return;
    }
    if (blocks.rows === undefined && highest < this.#threshold) {
      counts.falseNegatives += blocks.positiveRows;
      counts.trueNegatives += blocks.negativeRows;
      return;
    }
    const end = firstBelow(scores, this.#threshold);
    const above = sumOf(this.#kernel, blocks, 0, end);
    const below = sumOf(this.#kernel, blocks, end, scores.length);
    counts.truePositives += above.positives;
    counts.falsePositives += above.negatives;
    counts.falseNegatives += below.positives;
    counts.trueNegatives += below.negatives;
  }
}

/** Of all parts of a group's rows. */
export function joinCounts(parts: readonly Confusion[]): Confusion {
  const sum = (of: (part: Confusion) => number) => parts.reduce((all, part) => all + of(part), 0);
  return {
    truePositives: sum((part) => part.truePositives),
    falsePositives: sum((part) => part.falsePositives),
    falseNegatives: sum((part) => part.falseNegatives),
    trueNegatives: sum((part) => part.trueNegatives),
  };
}
