import type { MetricInterval, MetricOutcome } from "../metric-set.ts";
import type { FirstFigures } from "./first-sums.ts";
import type { SpreadFigures } from "./spread-sums.ts";

/** 1 - rest / whole: what a model explains of a spread. */
export function shareOf(rest: number, whole: number): MetricOutcome {
  return whole === 0
    ? { undefined: "zero division: the truths differ by less than a double can square" }
    : 1 - rest / whole;
}

/**
 * `mae, mse, rmse, median_absolute_error, max_error, bias` (prediction - truth), `mape, wape, smape` (0 to 2). `median`: of the
 * absolute errors.
 */
export function pointErrors(first: FirstFigures, median: number) {
  const { mae, mse, bias, mape, smape, meanTruthSize, error } = first;
  const wape: MetricOutcome =
    meanTruthSize === 0 ? { undefined: "zero division: every truth is 0" } : mae / meanTruthSize;
  return {
    rmse: Math.sqrt(mse),
    mae,
    mse,
    median_absolute_error: median,
    max_error: Math.max(0, error.largest, 0 - error.smallest),
    bias,
    mape,
    wape,
    smape,
  };
}

/**
 * What `pointErrors` gives, and `r2, explained_variance, msle, rmsle, d2_absolute_error`, by scikit-learn's functions of those names.
 */
export function errorOutcomes(
  first: FirstFigures,
  spread: SpreadFigures,
  median: number,
): Record<string, MetricOutcome> {
  const { mape, wape, smape, ...errors } = pointErrors(first, median);
  const reason = whyNoShare(first);
  return {
    ...errors,
    r2: reason ?? shareOf(first.mse, spread.truth),
    explained_variance: reason ?? shareOf(spread.error, spread.truth),
    mape,
    wape,
    smape,
    ...logOutcomes(first),
    d2_absolute_error: reason ?? shareOf(first.mae, spread.fromMedian),
  };
}

/** Why no share of a spread is explained: there is none. */
export function whyNoShare({ count, truth }: FirstFigures): { readonly undefined: string } | undefined {
  if (count < 2) return { undefined: "fewer than two rows" };
  return truth.smallest === truth.largest
    ? { undefined: "zero division: the truth is the same in every row" }
    : undefined;
}

function logOutcomes({ truth, prediction, msle }: FirstFigures): Record<string, MetricOutcome> {
  if (truth.smallest <= -1 || prediction.smallest <= -1) {
    const reason = { undefined: "a truth or a prediction is -1 or below, and has no logarithm" };
    return { rmsle: reason, msle: reason };
  }
  return { rmsle: Math.sqrt(msle), msle };
}

const level = 0.95;
/** The normal quantile of 0.975. */
const z = 1.959963984540054;

/** Of means over rows, from their standard errors (n - 1); of `rmse` by the delta method. None with weights. */
export function errorIntervals(first: FirstFigures, spread: SpreadFigures): Record<string, MetricInterval> {
  const { count, isWeighted, mae, mse, bias } = first;
  if (isWeighted || count < 2) return {};
  const seOf = (square: number) => Math.sqrt(square / (count - 1));
  const rmse = Math.sqrt(mse);
  const ofSquare = seOf(spread.errorSquare);
  const unbounded = Number.NEGATIVE_INFINITY;
  const found: [string, MetricInterval][] = [
    ["rmse", intervalOf(rmse, rmse === 0 ? 0 : ofSquare / (2 * rmse), { method: "delta", least: 0 })],
    ["mae", intervalOf(mae, seOf(spread.errorSize), { method: "mean", least: 0 })],
    ["mse", intervalOf(mse, ofSquare, { method: "mean", least: 0 })],
    ["bias", intervalOf(bias, seOf(spread.error), { method: "mean", least: unbounded })],
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
