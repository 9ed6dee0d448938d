import type { MetricOutcome } from "../metric-set.ts";
import { exactSumOf } from "../sample.ts";
import { ascendingOrder } from "../score-order.ts";
import { isConstant, meanOf } from "./errors.ts";
import type { RegressionSample } from "./regression-sample.ts";

/** Sorting twice and merging: above this it would take longer than everything else together. */
const mostKendallRows = 2_000_000;

/**
 * `pearson` (weighted), `spearman` and `kendall` (tau-b; SciPy's functions pearsonr, spearmanr, kendalltau). Undefined where one
 * side is constant.
 */
export function rankOutcomes(sample: RegressionSample): Record<string, MetricOutcome> {
  const reason = whyNone(sample);
  if (reason !== undefined) return { pearson: reason, spearman: reason, kendall: reason };
  const { truths, predictions, weights } = sample;
  if (weights !== undefined) {
    const unweighted = { undefined: "ranks take no weights" };
    return { pearson: pearson(sample), spearman: unweighted, kendall: unweighted };
  }
  const byTruth = ascendingOrder(truths);
  const byPrediction = ascendingOrder(predictions);
  const ranks = {
    truths: averageRanks(truths, byTruth),
    predictions: averageRanks(predictions, byPrediction),
    weights: undefined,
    weight: truths.length,
  };
  return {
    pearson: pearson(sample),
    spearman: pearson(ranks),
    kendall:
      truths.length > mostKendallRows
        ? { undefined: `not computed above ${mostKendallRows} rows` }
        : kendall(ranks.truths, ranks.predictions, byPrediction),
  };
}

function whyNone({ truths, predictions }: RegressionSample): { readonly undefined: string } | undefined {
  if (truths.length < 2) return { undefined: "fewer than two rows" };
  if (isConstant(truths)) return { undefined: "zero division: the truth is the same in every row" };
  if (isConstant(predictions)) return { undefined: "zero division: the prediction is the same in every row" };
  return undefined;
}

function pearson(sample: RegressionSample): MetricOutcome {
  const truth = meanOf(sample, (value) => value);
  const prediction = meanOf(sample, (_, value) => value);
  const covariance = meanOf(sample, (one, other) => (one - truth) * (other - prediction));
  const spread =
    Math.sqrt(meanOf(sample, (one) => (one - truth) ** 2)) *
    Math.sqrt(meanOf(sample, (_, other) => (other - prediction) ** 2));
  if (spread === 0) return { undefined: "zero division: the values differ by less than a double can square" };
  return Math.min(1, Math.max(-1, covariance / spread));
}

/** 1 for the lowest; the mean of their places for equal values. */
function averageRanks(values: Float64Array, order: Uint32Array): Float64Array {
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    const value = values[order[start] ?? 0];
    let end = start;
    while (end < order.length && values[order[end] ?? 0] === value) end += 1;
    for (let place = start; place < end; place += 1) ranks[order[place] ?? 0] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

/** Knight's algorithm (1966): sorted by one side, the inversions of the other are counted while it is merged. */
function kendall(truths: Float64Array, predictions: Float64Array, byPrediction: Uint32Array): MetricOutcome {
  const count = truths.length;
  const pairs = (rows: number) => (rows * (rows - 1)) / 2;
  const sorted = new Float64Array(count);
  let tiedPredictions = 0;
  let tiedBoth = 0;
  for (let start = 0; start < count; ) {
    let end = start;
    const value = predictions[byPrediction[start] ?? 0];
    while (end < count && predictions[byPrediction[end] ?? 0] === value) {
      sorted[end] = truths[byPrediction[end] ?? 0] ?? 0;
      end += 1;
    }
    tiedPredictions += pairs(end - start);
    tiedBoth += tiedPairs(sorted.subarray(start, end).sort());
    start = end;
  }
  const inversions = sortCounting(sorted);
  const tiedTruths = tiedPairs(sorted);
  const all = pairs(count);
  const difference = all - tiedTruths - tiedPredictions + tiedBoth - 2 * inversions;
  return difference / Math.sqrt(all - tiedTruths) / Math.sqrt(all - tiedPredictions);
}

/** Pairs of equal values in ascending values. */
function tiedPairs(sorted: Float64Array): number {
  let run = 0;
  return exactSumOf(sorted.length, (place) => {
    run = place > 0 && sorted[place] === sorted[place - 1] ? run + 1 : 0;
    return run;
  });
}

/** Sorts in place, and answers how many pairs stood the wrong way round. */
function sortCounting(values: Float64Array): number {
  let from = Float64Array.from(values);
  let to = new Float64Array(values.length);
  let inversions = 0;
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      const middle = Math.min(start + width, values.length);
      inversions += merge({ from, to, start, middle, end: Math.min(start + 2 * width, values.length) });
    }
    [from, to] = [to, from];
  }
  values.set(from);
  return inversions;
}

interface Merge {
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly start: number;
  readonly middle: number;
  readonly end: number;
}

function merge({ from, to, start, middle, end }: Merge): number {
  let [left, right, inversions] = [start, middle, 0];
  for (let place = start; place < end; place += 1) {
    const isLeft = right >= end || (left < middle && (from[left] ?? 0) <= (from[right] ?? 0));
    if (isLeft) to[place] = from[left++] ?? 0;
    else {
      to[place] = from[right++] ?? 0;
      inversions += middle - left;
    }
  }
  return inversions;
}
