import type { MetricOutcome } from "../metric-set.ts";
import { blockRows, MeanSum } from "../sums/mean-sum.ts";
import { whyNoShare } from "./errors.ts";
import type { FirstFigures } from "./first-sums.ts";
import { pairsOf } from "./ranks.ts";
import type { SpreadFigures } from "./spread-sums.ts";

/** Mean products and squares around the means of two columns. */
interface Moments {
  readonly covariance: number;
  readonly truth: number;
  readonly prediction: number;
}

/** Of the order of rows without weights. */
export interface RankFigures {
  readonly moments: Moments;
  /** Pairs of rows: that are tied by truth, by prediction, by both, and of which truth and prediction say the opposite. */
  readonly tiedTruths: number;
  readonly tiedPredictions: number;
  readonly tiedBoth: number;
  readonly inversions: number;
}

/**
 * `pearson` (weighted), `spearman` and `kendall` (tau-b; SciPy's functions pearsonr, spearmanr, kendalltau). Undefined where one
 * side is constant. `ranks`: undefined with weights.
 */
export function rankOutcomes(
  first: FirstFigures,
  spread: SpreadFigures,
  ranks: RankFigures | undefined,
): Record<string, MetricOutcome> {
  const { smallest, largest } = first.prediction;
  const constant = { undefined: "zero division: the prediction is the same in every row" };
  const reason = whyNoShare(first) ?? (smallest === largest ? constant : undefined);
  if (reason !== undefined) return { pearson: reason, spearman: reason, kendall: reason };
  const unweighted = { undefined: "ranks take no weights" };
  return {
    pearson: correlation(spread),
    spearman: ranks === undefined ? unweighted : correlation(ranks.moments),
    kendall: ranks === undefined ? unweighted : kendall(first.count, ranks),
  };
}

function correlation({ covariance, truth, prediction }: Moments): MetricOutcome {
  const spread = Math.sqrt(truth) * Math.sqrt(prediction);
  if (spread === 0) return { undefined: "zero division: the values differ by less than a double can square" };
  return Math.min(1, Math.max(-1, covariance / spread));
}

/** Knight's way (1966): sorted by one side, the inversions of the other are counted. */
function kendall(count: number, { tiedTruths, tiedPredictions, tiedBoth, inversions }: RankFigures): number {
  const all = pairsOf(count);
  const difference = all - tiedTruths - tiedPredictions + tiedBoth - 2 * inversions;
  return difference / Math.sqrt(all - tiedTruths) / Math.sqrt(all - tiedPredictions);
}

const memory = Array.from({ length: 3 }, () => new Float64Array(blockRows));

/** The moments of ranks, which come some at a time. */
export class RankMoments {
  readonly #count: number;
  readonly #mean: number;
  readonly #covariance = new MeanSum();
  readonly #truth = new MeanSum();
  readonly #prediction = new MeanSum();

  constructor(count: number) {
    this.#count = count;
    this.#mean = (count * (count + 1)) / 2 / count;
  }

  take(truths: Float64Array, predictions: Float64Array): void {
    for (let start = 0; start < truths.length; start += blockRows) {
      const rows = Math.min(blockRows, truths.length - start);
      const [products, ofTruths, ofPredictions] = memoryOf(rows);
      for (let row = 0; row < rows; row += 1) {
        const one = (truths[start + row] ?? 0) - this.#mean;
        const other = (predictions[start + row] ?? 0) - this.#mean;
        products[row] = one * other;
        ofTruths[row] = one * one;
        ofPredictions[row] = other * other;
      }
      this.#covariance.add(products, undefined);
      this.#truth.add(ofTruths, undefined);
      this.#prediction.add(ofPredictions, undefined);
    }
  }

  get moments(): Moments {
    const count = this.#count;
    return {
      covariance: this.#covariance.over(count),
      truth: this.#truth.over(count),
      prediction: this.#prediction.over(count),
    };
  }
}

function memoryOf(rows: number): readonly [Float64Array, Float64Array, Float64Array] {
  const [first = new Float64Array(), second = first, third = first] = memory;
  return [first.subarray(0, rows), second.subarray(0, rows), third.subarray(0, rows)];
}
