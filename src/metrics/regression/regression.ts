import type { MeasurementDetails } from "../details.ts";
import {
  type Grouping,
  type GroupMetrics,
  type MetricInterval,
  type MetricOutcome,
  metricSet,
} from "../metric-set.ts";
import { checkWeights, rowsByGroup } from "../sample.ts";
import { devianceOutcomes } from "./deviances.ts";
import { errorIntervals, errorOutcomes } from "./errors.ts";
import { giniOutcomes } from "./insurance-gini.ts";
import { rankOutcomes } from "./rank-correlation.ts";
import { regressionDetails } from "./regression-details.ts";
import { type RegressionInput, type RegressionSample, regressionSample } from "./regression-sample.ts";

export interface RegressionMetrics {
  readonly overall: GroupMetrics & MeasurementDetails;
  readonly groups: readonly (readonly GroupMetrics[])[];
}

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
  const powers = input.tweediePowers ?? [1.5];
  const all = regressionSample(input, undefined);
  return {
    overall: {
      ...groupMetrics(all, { rows: input.truths.length, powers }),
      ...regressionDetails(all),
    },
    groups: groupings.map((grouping) =>
      rowsByGroup(grouping).map((rows) =>
        groupMetrics(regressionSample(input, rows), { rows: rows.length, powers }),
      ),
    ),
  };
}

function groupMetrics(
  sample: RegressionSample,
  of: { readonly rows: number; readonly powers: readonly number[] },
): GroupMetrics {
  const outcomes: Record<string, MetricOutcome> = {
    ...errorOutcomes(sample),
    ...rankOutcomes(sample),
    ...devianceOutcomes(sample, of.powers),
    ...giniOutcomes(sample),
  };
  const none = of.rows === 0 ? "no rows" : "no row has a weight above 0";
  const isEmpty = sample.truths.length === 0;
  const own = isEmpty
    ? Object.fromEntries(Object.keys(outcomes).map((name) => [name, { undefined: none }]))
    : outcomes;
  const intervals: Record<string, MetricInterval> = isEmpty ? {} : errorIntervals(sample);
  return {
    count: of.rows,
    positives: null,
    negatives: null,
    ...(sample.weights === undefined ? {} : { weight: sample.weight }),
    ...metricSet(own),
    ...(Object.keys(intervals).length === 0 ? {} : { intervals }),
  };
}
