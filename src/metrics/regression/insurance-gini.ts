import type { Curve } from "../details.ts";
import type { MetricOutcome } from "../metric-set.ts";
import { exactSumOf } from "../sample.ts";
import { ascendingOrder } from "../score-order.ts";
import { smallestOf } from "./errors.ts";
import type { RegressionSample } from "./regression-sample.ts";

/** Rows of one prediction: equal ones are one step, so that the order of the rows does not show. */
export interface Step {
  readonly rows: Uint32Array;
  readonly value: number;
  /** Sum of the weights (exposure). */
  readonly weight: number;
  /** Sum of weight * truth (claims). */
  readonly amount: number;
}

/** The rows by ascending `values`, equal values together. */
export function* stepsBy(sample: RegressionSample, values: Float64Array): Generator<Step> {
  const order = ascendingOrder(values);
  const { truths, weights } = sample;
  const weightOf = (row: number) => weights?.[row] ?? 1;
  const amountOf = (row: number) => weightOf(row) * (truths[row] ?? Number.NaN);
  // Most predictions are those of one row: there is nothing to add up.
  const sumOf = (rows: Uint32Array, term: (row: number) => number) =>
    rows.length === 1 ? term(rows[0] ?? 0) : exactSumOf(rows.length, (place) => term(rows[place] ?? 0));
  for (let start = 0; start < order.length; ) {
    const value = values[order[start] ?? 0] ?? Number.NaN;
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === value) end += 1;
    const rows = order.subarray(start, end);
    yield { rows, value, weight: sumOf(rows, weightOf), amount: sumOf(rows, amountOf) };
    start = end;
  }
}

/**
 * `gini` = 1 - 2 * area under the curve of cumulative claims over cumulative exposure, rows by ascending prediction, and
 * `gini_normalized`, its share of the Gini of the truth's own order. Ties are averaged. Source: the Tweedie example of
 * scikit-learn; Frees, Meyers and Cummings (2011).
 */
export function giniOutcomes(sample: RegressionSample): Record<string, MetricOutcome> {
  const { truths, predictions } = sample;
  const both = (reason: string) => ({ gini: { undefined: reason }, gini_normalized: { undefined: reason } });
  const least = smallestOf(truths);
  if (least < 0) return both(`the smallest truth is ${least}, and must not be negative`);
  if (truths.every((truth) => truth === 0)) return both("zero division: every truth is 0");
  const gini = 1 - 2 * areaOf(sample, predictions);
  const best = 1 - 2 * areaOf(sample, truths);
  return {
    gini,
    gini_normalized:
      best === 0 ? { undefined: "zero division: the truth is the same in every row" } : gini / best,
  };
}

function areaOf(sample: RegressionSample, values: Float64Array): number {
  let [weight, amount, doubled] = [0, 0, 0];
  for (const step of stepsBy(sample, values)) {
    doubled += step.weight * (2 * amount + step.amount);
    weight += step.weight;
    amount += step.amount;
  }
  return doubled / 2 / weight / amount;
}

const mostPoints = 200;

/** x: cumulative share of the weight by ascending prediction, y: of the truth; undefined where there is no Gini. */
export function lorenzCurve(sample: RegressionSample): Curve | undefined {
  const { truths, predictions, weight: total } = sample;
  if (truths.some((truth) => truth < 0) || truths.every((truth) => truth === 0)) return undefined;
  const points = [{ x: 0, y: 0 }];
  let [weight, amount] = [0, 0];
  for (const step of stepsBy(sample, predictions)) {
    weight += step.weight;
    amount += step.amount;
    const last = points.at(-1);
    if (last === undefined || weight / total - last.x >= 1 / mostPoints || weight >= total)
      points.push({ x: weight / total, y: amount });
  }
  if (points.at(-1)?.y !== amount) points.push({ x: 1, y: amount });
  return {
    x: points.map((point) => Math.min(1, point.x)),
    y: points.map((point) => point.y / amount),
    thresholds: points.map(() => null),
  };
}
