import type { HorizonMetrics, MeasurementDetails } from "../details.ts";
import { type Grouping, type GroupMetrics, type MetricOutcome, metricSet } from "../metric-set.ts";
import { quantileMetrics } from "../quantile/quantile.ts";
import { pointErrors } from "../regression/errors.ts";
import { FirstSums } from "../regression/first-sums.ts";
import { regressionSample } from "../regression/regression-sample.ts";
import { checkWeights, rowsByGroup } from "../sample.ts";
import { quantileOf } from "../weighted-quantile.ts";
import type { ForecastInput } from "./forecast-input.ts";
import { scaledOutcomes } from "./scaled-errors.ts";

export interface ForecastMetrics {
  readonly overall: GroupMetrics & MeasurementDetails;
  readonly groups: readonly (readonly GroupMetrics[])[];
}

/**
 * Errors of forecasts by scikit-learn's definitions, `wape` (sum of absolute errors over that of the truths), `smape` (0 to 2), `mase` and
 * `rmsse` (`scaledOutcomes`); of quantiles and intervals what `quantileMetrics` makes, and `crps{quantiles=K}`: twice the mean pinball loss of
 * the K levels, which approximates the continuous ranked probability score where they are evenly spread, and is the weighted
 * interval score (Bracher et al. 2021) where they are symmetric around the median. `horizons` has the same of each horizon. There are no
 * intervals: errors of one series are not independent. The order of rows changes nothing, not even the last bit.
 */
export function forecastMetrics(input: ForecastInput, groupings: readonly Grouping[] = []): ForecastMetrics {
  checkWeights(input.weights, input.truths.length);
  const { horizons } = input;
  const all = horizons === undefined ? groupings : [...groupings, horizons.grouping];
  const quantiles =
    input.quantiles.length + input.intervals.length > 0 ? quantileMetrics(input, all) : undefined;
  const overall = groupMetrics(input, undefined, quantiles?.overall);
  const groups = all.map((grouping, place) =>
    rowsByGroup(grouping).map((rows, code) => groupMetrics(input, rows, quantiles?.groups[place]?.[code])),
  );
  const levels = quantiles?.overall.levels ?? [];
  return {
    overall: {
      ...overall,
      ...(levels.length === 0 ? {} : { levels }),
      ...(horizons === undefined ? {} : { horizons: horizonTable(horizons.names, groups.at(-1) ?? []) }),
    },
    groups: groups.slice(0, groupings.length),
  };
}

function groupMetrics(
  input: ForecastInput,
  rows: Uint32Array | undefined,
  quantiles: GroupMetrics | undefined,
): GroupMetrics {
  const { weights } = input;
  const count = rows?.length ?? input.truths.length;
  const own = rows ?? Uint32Array.from(input.truths.keys());
  const counting = weights === undefined ? own : own.filter((row) => (weights[row] ?? 0) > 0);
  const sample = regressionSample(input, rows);
  const { predictions } = sample;
  const sums = new FirstSums(sample.weights !== undefined, []);
  sums.take(sample);
  const first = sums.figures;
  const sizes = sample.truths.map((truth, row) => Math.abs((predictions[row] ?? Number.NaN) - truth));
  const outcomes: Record<string, MetricOutcome> = {
    ...scaledOutcomes(input, counting),
    ...pointErrors(first, quantileOf(sizes, sample.weights, 0.5)),
  };
  const none = count === 0 ? "no rows" : "no row has a weight above 0";
  const defined =
    counting.length > 0
      ? outcomes
      : Object.fromEntries(Object.keys(outcomes).map((name) => [name, { undefined: none }]));
  const point = metricSet(defined);
  const spread = metricSet(quantiles === undefined ? {} : crps(quantiles));
  return {
    count,
    positives: null,
    negatives: null,
    ...(first.isWeighted ? { weight: first.weight } : {}),
    metrics: { ...point.metrics, ...spread.metrics, ...quantiles?.metrics },
    undefined: { ...point.undefined, ...spread.undefined, ...quantiles?.undefined },
  };
}

function crps({ metrics, undefined: reasons }: GroupMetrics): Record<string, MetricOutcome> {
  const { pinball } = metrics;
  if (pinball === undefined) return {};
  const levels = Object.keys(metrics).filter((name) => name.startsWith("pinball@")).length;
  const outcome = pinball === null ? { undefined: reasons["pinball"] ?? "not measured" } : 2 * pinball;
  return { [`crps{quantiles=${levels}}`]: outcome };
}

function horizonTable(names: readonly string[], groups: readonly GroupMetrics[]): HorizonMetrics[] {
  return names.flatMap((horizon, code) => {
    const group = groups[code];
    if (group === undefined) return [];
    const { count, weight, metrics, undefined: reasons } = group;
    return [{ horizon, count, ...(weight === undefined ? {} : { weight }), metrics, undefined: reasons }];
  });
}
