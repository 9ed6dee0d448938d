import type { MeasurementDetails } from "../details.ts";
import {
  type Grouping,
  type GroupMetrics,
  type MetricInterval,
  type MetricOutcome,
  metricSet,
} from "../metric-set.ts";
import { checkWeights, rowsByGroup } from "../sample.ts";
import { ColumnSorter } from "../sort-columns.ts";
import { devianceOutcomes, measuredPowers } from "./deviances.ts";
import { errorIntervals, errorOutcomes } from "./errors.ts";
import { giniOutcomes } from "./insurance-gini.ts";
import { measureSample, type SampleFigures } from "./measure-sample.ts";
import { rankOutcomes } from "./rank-correlation.ts";
import { type RegressionInput, regressionSample } from "./regression-sample.ts";

export interface RegressionMetrics {
  readonly overall: GroupMetrics & MeasurementDetails;
  readonly groups: readonly (readonly GroupMetrics[])[];
}

/** Of Tweedie deviances, where nothing else is asked for. */
export const usualPowers: readonly number[] = [1.5];

/**
 * Errors, deviances, correlations and the insurer's Gini by scikit-learn's definitions (1.9.1), of all rows and of each group.
 * Where scikit-learn falls back on a convention or raises (a constant truth, fewer than two rows, a prediction of 0 for a Poisson
 * deviance) the metric is undefined with the reason. The order of rows changes nothing, not even the last bit.
 */
export function regressionMetrics(
  input: RegressionInput,
  groupings: readonly Grouping[] = [],
): RegressionMetrics {
  checkWeights(input.weights, input.truths.length);
  const tweediePowers = input.tweediePowers ?? usualPowers;
  const powers = measuredPowers(tweediePowers);
  const sorter = new ColumnSorter(input.truths.length);
  const measure = (rows: Uint32Array | undefined) =>
    measureSample(regressionSample(input, rows), { powers, sorter, wantsDetails: rows === undefined });
  const all = measure(undefined);
  return {
    overall: {
      ...groupMetrics(all, { rows: input.truths.length, tweediePowers }),
      ...all.details,
    },
    groups: groupings.map((grouping) =>
      rowsByGroup(grouping).map((rows) => groupMetrics(measure(rows), { rows: rows.length, tweediePowers })),
    ),
  };
}

/** Of a sample of so many rows, those of weight 0 included. */
export function groupMetrics(
  figures: SampleFigures,
  of: { readonly rows: number; readonly tweediePowers: readonly number[] },
): GroupMetrics {
  const { first, spread, medianError, areas, ranks } = figures;
  const outcomes: Record<string, MetricOutcome> = {
    ...errorOutcomes(first, spread, medianError),
    ...rankOutcomes(first, spread, ranks),
    ...devianceOutcomes(first, spread, of.tweediePowers),
    ...giniOutcomes(first.truth, areas),
  };
  const none = of.rows === 0 ? "no rows" : "no row has a weight above 0";
  const isEmpty = first.count === 0;
  const own = isEmpty
    ? Object.fromEntries(Object.keys(outcomes).map((name) => [name, { undefined: none }]))
    : outcomes;
  const intervals: Record<string, MetricInterval> = isEmpty ? {} : errorIntervals(first, spread);
  return {
    count: of.rows,
    positives: null,
    negatives: null,
    ...(first.isWeighted ? { weight: first.weight } : {}),
    ...metricSet(own),
    ...(Object.keys(intervals).length === 0 ? {} : { intervals }),
  };
}
