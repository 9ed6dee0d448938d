import type { Confusion } from "../details.ts";
import type { ScoreBlocks } from "./score-blocks.ts";

/** Counts going down the blocks: predicted 1 where score >= threshold. No sum is a difference, so that small weights keep their digits. */
export class ThresholdWalk {
  readonly #threshold: number;
  readonly counts = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };

  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  add(blocks: ScoreBlocks): void {
    const { scores, positives, negatives } = blocks;
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
    let block = 0;
    for (; block < scores.length && (scores[block] ?? 0) >= this.#threshold; block += 1) {
      counts.truePositives += positives[block] ?? 0;
      counts.falsePositives += negatives[block] ?? 0;
    }
    for (; block < scores.length; block += 1) {
      counts.falseNegatives += positives[block] ?? 0;
      counts.trueNegatives += negatives[block] ?? 0;
    }
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
