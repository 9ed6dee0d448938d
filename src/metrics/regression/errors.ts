import type { MetricInterval, MetricOutcome } from "../metric-set.ts";
import { exactSumOf } from "../sample.ts";
import { quantileOf } from "../weighted-quantile.ts";
import type { RegressionSample } from "./regression-sample.ts";

/** scikit-learn's denominator of MAPE is at least this: an error at a truth of 0 counts some 1e15. */
const smallestTruth = Number.EPSILON;

/** The weighted mean of `term(truth, prediction)`, summed exactly. */
export function meanOf(
  { truths, predictions, weights, weight }: RegressionSample,
  term: (truth: number, prediction: number) => number,
): number {
  const at = (row: number) => term(truths[row] ?? Number.NaN, predictions[row] ?? Number.NaN);
  const sum =
    weights === undefined
      ? exactSumOf(truths.length, at)
      : exactSumOf(truths.length, (row) => (weights[row] ?? 0) * at(row));
  return sum / weight;
}

/** Every value of an array is the same: its mean need not be, in doubles. */
export function isConstant(values: Float64Array): boolean {
  const [first] = values;
  return values.every((value) => value === first);
}

/** Infinity of nothing. */
export function smallestOf(values: Float64Array): number {
  return values.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
}

/** 1 - rest / whole: what a model explains of a spread. */
export function shareOf(rest: number, whole: number): MetricOutcome {
  return whole === 0
    ? { undefined: "zero division: the truths differ by less than a double can square" }
    : 1 - rest / whole;
}

/** `mae, mse, rmse, median_absolute_error, max_error, bias` (prediction - truth), `mape, wape, smape` (0 to 2). */
export function pointErrors(sample: RegressionSample) {
  const { truths, predictions, weights } = sample;
  const mae = meanOf(sample, (truth, prediction) => Math.abs(prediction - truth));
  const mse = meanOf(sample, (truth, prediction) => (prediction - truth) ** 2);
  const absolute = truths.map((truth, row) => Math.abs((predictions[row] ?? Number.NaN) - truth));
  const meanTruth = meanOf(sample, (truth) => Math.abs(truth));
  const wape: MetricOutcome =
    meanTruth === 0 ? { undefined: "zero division: every truth is 0" } : mae / meanTruth;
  return {
    rmse: Math.sqrt(mse),
    mae,
    mse,
    median_absolute_error: quantileOf(absolute, weights, 0.5),
    max_error: absolute.reduce((largest, error) => Math.max(largest, error), 0),
    bias: meanOf(sample, (truth, prediction) => prediction - truth),
    mape: meanOf(
      sample,
      (truth, prediction) => Math.abs(prediction - truth) / Math.max(Math.abs(truth), smallestTruth),
    ),
    wape,
    smape: meanOf(sample, symmetricError),
  };
}

/**
 * What `pointErrors` gives, and `r2, explained_variance, msle, rmsle, d2_absolute_error`, by scikit-learn's functions of those names.
 */
export function errorOutcomes(sample: RegressionSample): Record<string, MetricOutcome> {
  const { mape, wape, smape, ...errors } = pointErrors(sample);
  return {
    ...errors,
    ...shareOutcomes(sample, errors.mse),
    mape,
    wape,
    smape,
    ...logOutcomes(sample),
    d2_absolute_error: absoluteShare(sample, errors.mae),
  };
}

/** 0 where both are 0: nothing is wrong there. */
function symmetricError(truth: number, prediction: number): number {
  const size = Math.abs(truth) / 2 + Math.abs(prediction) / 2;
  return size === 0 ? 0 : Math.abs(prediction - truth) / size;
}

function whyNoShare({ truths }: RegressionSample): { readonly undefined: string } | undefined {
  if (truths.length < 2) return { undefined: "fewer than two rows" };
  return isConstant(truths) ? { undefined: "zero division: the truth is the same in every row" } : undefined;
}

function shareOutcomes(sample: RegressionSample, mse: number): Record<string, MetricOutcome> {
  const reason = whyNoShare(sample);
  if (reason !== undefined) return { r2: reason, explained_variance: reason };
  const mean = meanOf(sample, (truth) => truth);
  const variance = meanOf(sample, (truth) => (truth - mean) ** 2);
  const bias = meanOf(sample, (truth, prediction) => truth - prediction);
  const left = meanOf(sample, (truth, prediction) => (truth - prediction - bias) ** 2);
  return { r2: shareOf(mse, variance), explained_variance: shareOf(left, variance) };
}

function absoluteShare(sample: RegressionSample, mae: number): MetricOutcome {
  const reason = whyNoShare(sample);
  if (reason !== undefined) return reason;
  const median = quantileOf(sample.truths, sample.weights, 0.5);
  return shareOf(
    mae,
    meanOf(sample, (truth) => Math.abs(truth - median)),
  );
}

function logOutcomes(sample: RegressionSample): Record<string, MetricOutcome> {
  const isBelow = (value: number) => value <= -1;
  if (sample.truths.some(isBelow) || sample.predictions.some(isBelow)) {
    const reason = { undefined: "a truth or a prediction is -1 or below, and has no logarithm" };
    return { rmsle: reason, msle: reason };
  }
  const msle = meanOf(sample, (truth, prediction) => (Math.log1p(truth) - Math.log1p(prediction)) ** 2);
  return { rmsle: Math.sqrt(msle), msle };
}

const level = 0.95;
/** The normal quantile of 0.975. */
const z = 1.959963984540054;

/** Of means over rows, from their standard errors (n - 1); of `rmse` by the delta method. None with weights. */
export function errorIntervals(sample: RegressionSample): Record<string, MetricInterval> {
  const count = sample.truths.length;
  if (sample.weights !== undefined || count < 2) return {};
  const of = (term: (truth: number, prediction: number) => number) => {
    const mean = meanOf(sample, term);
    const spread = meanOf(sample, (truth, prediction) => (term(truth, prediction) - mean) ** 2);
    return { mean, se: Math.sqrt(spread / (count - 1)) };
  };
  const mae = of((truth, prediction) => Math.abs(prediction - truth));
  const mse = of((truth, prediction) => (prediction - truth) ** 2);
  const bias = of((truth, prediction) => prediction - truth);
  const rmse = Math.sqrt(mse.mean);
  const found: [string, MetricInterval][] = [
    ["rmse", intervalOf(rmse, rmse === 0 ? 0 : mse.se / (2 * rmse), { method: "delta", least: 0 })],
    ["mae", intervalOf(mae.mean, mae.se, { method: "mean", least: 0 })],
    ["mse", intervalOf(mse.mean, mse.se, { method: "mean", least: 0 })],
    ["bias", intervalOf(bias.mean, bias.se, { method: "mean", least: Number.NEGATIVE_INFINITY })],
  ];
  return Object.fromEntries(
    found.filter(([, { low, high }]) => Number.isFinite(low) && Number.isFinite(high)),
  );
}

function intervalOf(
  value: number,
  se: number,
  how: { readonly method: string; readonly least: number },
): MetricInterval {
  return { se, low: Math.max(how.least, value - z * se), high: value + z * se, level, method: how.method };
}
