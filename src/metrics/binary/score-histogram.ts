import type { ScoreHistogram } from "../details.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { ScoreBlocks } from "./score-blocks.ts";
import { firstBelow, sumOf } from "./totals.ts";

const bins = 50;

/**
 * Edges of 50 bins of equal width, [lower, upper), the last one closed: from 0 to 1 for probabilities, else from the lowest to the
 * highest score.
 */
export function histogramEdges(lowest: number, highest: number, isProbability: boolean): readonly number[] {
  const [start, end] = rangeOf(lowest, highest, isProbability);
  return Array.from({ length: bins + 1 }, (_, edge) => start * (1 - edge / bins) + end * (edge / bins));
}

function rangeOf(lowest: number, highest: number, isProbability: boolean): readonly [number, number] {
  if (isProbability) return [0, 1];
  // Scores that are all equal stand in the middle of a range of some width.
  const half = Math.abs(lowest) / 2 || 0.5;
  if (lowest < highest) return [lowest, highest];
  return [Math.max(-Number.MAX_VALUE, lowest - half), Math.min(Number.MAX_VALUE, lowest + half)];
}

/** Counts rows (sums of weights) of each class by bin, going down the blocks. */
export class HistogramWalk {
  readonly #histogram: {
    readonly edges: readonly number[];
    readonly positives: number[];
    readonly negatives: number[];
  };
  readonly #kernel: Kernel;
  #bin = bins - 1;

  constructor(kernel: Kernel, edges: readonly number[]) {
    this.#kernel = kernel;
    const nothing = () => Array.from({ length: bins }, () => 0);
    this.#histogram = { edges, positives: nothing(), negatives: nothing() };
  }

  add(blocks: ScoreBlocks): void {
    const { scores } = blocks;
    const { edges, positives, negatives } = this.#histogram;
    for (let block = 0; block < scores.length; ) {
      while (this.#bin > 0 && (scores[block] ?? 0) < (edges[this.#bin] ?? 0)) this.#bin -= 1;
      const lower = this.#bin === 0 ? Number.NEGATIVE_INFINITY : (edges[this.#bin] ?? 0);
      const end = firstBelow(scores, lower, block);
      const isWhole = block === 0 && end === scores.length && blocks.rows === undefined;
      const own = isWhole
        ? { positives: blocks.positiveRows, negatives: blocks.negativeRows }
        : sumOf(this.#kernel, blocks, block, end);
      positives[this.#bin] = (positives[this.#bin] ?? 0) + own.positives;
      negatives[this.#bin] = (negatives[this.#bin] ?? 0) + own.negatives;
      block = end;
    }
  }

  get histogram(): ScoreHistogram {
    return this.#histogram;
  }
}

/** Of all parts of the rows. */
export function joinHistograms(parts: readonly ScoreHistogram[]): ScoreHistogram | null {
  const [first] = parts;
  if (first === undefined) return null;
  const sum = (of: (part: ScoreHistogram) => readonly number[], bin: number) =>
    parts.reduce((all, part) => all + (of(part)[bin] ?? 0), 0);
  return {
    edges: first.edges,
    positives: first.positives.map((_, bin) => sum((part) => part.positives, bin)),
    negatives: first.negatives.map((_, bin) => sum((part) => part.negatives, bin)),
  };
}
