import type { CalibrationBin } from "../details.ts";
import { clopperPearson } from "../intervals/proportion.ts";
import { RunningSum } from "../sums/running-sum.ts";

/** Rows by distinct score, highest first; see ScoreBlocks. */
export interface CalibrationRows {
  /** In [0, 1]. */
  readonly scores: Float64Array | Float32Array;
  readonly positives: Uint32Array | Float64Array;
  readonly negatives: Uint32Array | Float64Array;
  readonly rows: Uint32Array | undefined;
}

export interface Recipe {
  readonly bins: number;
  /** Of equal width, each (lower, upper], the first one closed; or of equal mass. */
  readonly strategy: "uniform" | "quantile";
  /** Of all rows. */
  readonly weight: number;
}

/** What fell into one bin. */
export interface Bar {
  readonly bin: number;
  readonly rows: number;
  /** Sums of weights, rows without weights. */
  readonly weight: number;
  readonly positives: number;
  readonly scoreSum: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * The rows by bins of scores, highest first, empty bins left out. Rows of equal score are never split: in bins of equal mass a score
 * belongs to the bin in which the middle of its weight falls.
 */
export function reliability(rows: CalibrationRows, recipe: Recipe): readonly Bar[] {
  const { scores, positives, negatives } = rows;
  const bars: Bar[] = [];
  let start = 0;
  let above = 0;
  while (start < scores.length) {
    const end = recipe.strategy === "uniform" ? undefined : { above, recipe };
    const bin = end === undefined ? uniformBin(scores[start] ?? 0, recipe.bins) : massBin(rows, start, end);
    const sum = new RunningSum();
    let [weight, hits, count, block] = [0, 0, 0, start];
    const floor = bin / recipe.bins;
    for (; block < scores.length; block += 1) {
      const score = scores[block] ?? 0;
      if (end === undefined ? bin > 0 && score <= floor : massBin(rows, block, { above, recipe }) !== bin)
        break;
      const up = positives[block] ?? 0;
      const both = up + (negatives[block] ?? 0);
      sum.add(score * both);
      hits += up;
      weight += both;
      above += both;
      count += rows.rows?.[block] ?? both;
    }
    const [highest, lowest] = [scores[start] ?? 0, scores[block - 1] ?? 0];
    bars.push({ bin, rows: count, weight, positives: hits, scoreSum: sum.value, lowest, highest });
    start = block;
  }
  return bars;
}

/** Of bins (0, 1/n], (1/n, 2/n] ..., the first one with 0. */
function uniformBin(score: number, bins: number): number {
  let bin = Math.min(bins - 1, Math.floor(score * bins));
  while (bin > 0 && score <= bin / bins) bin -= 1;
  while (bin < bins - 1 && score > (bin + 1) / bins) bin += 1;
  return bin;
}

function massBin(
  { positives, negatives }: CalibrationRows,
  block: number,
  { above, recipe }: { readonly above: number; readonly recipe: Recipe },
): number {
  const middle = above + ((positives[block] ?? 0) + (negatives[block] ?? 0)) / 2;
  return Math.max(0, recipe.bins - 1 - Math.floor((middle / recipe.weight) * recipe.bins));
}

/** The bars as a table, lowest first, with the Clopper-Pearson interval of the observed rate; none with weights. */
export function calibrationTable(rows: CalibrationRows, recipe: Recipe): readonly CalibrationBin[] {
  return reliability(rows, recipe)
    .toReversed()
    .map(({ bin, rows: count, weight, positives, scoreSum, lowest, highest }) => {
      const isUniform = recipe.strategy === "uniform";
      const interval = rows.rows === undefined ? clopperPearson(positives, count) : { low: null, high: null };
      return {
        lower: isUniform ? bin / recipe.bins : lowest,
        upper: isUniform ? (bin + 1) / recipe.bins : highest,
        count,
        weight,
        meanScore: scoreSum / weight,
        observedRate: positives / weight,
        ...interval,
      };
    });
}
