import type { MeasurementDetails } from "../details.ts";
import type { Grouping, GroupMetrics } from "../metric-set.ts";
import { quantileMetrics } from "../quantile/quantile.ts";
import { FirstSums } from "../regression/first-sums.ts";
import { regressionSample } from "../regression/regression-sample.ts";
import { checkWeights, gather, rowsByGroup } from "../sample.ts";
import { quantileOf } from "../weighted-quantile.ts";
import type { ForecastInput } from "./forecast-input.ts";
import { forecastGroup, horizonTable } from "./forecast-outcomes.ts";
import { bySeries, scaledOutcomes } from "./scaled-errors.ts";

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
  const order = seriesOrder(input);
  const overall = groupMetrics(input, { rows: undefined, order }, quantiles?.overall);
  const groups = all.map((grouping, place) =>
    rowsInOrder(grouping, order).map((rows, code) =>
      groupMetrics(input, { rows, order: rows }, quantiles?.groups[place]?.[code]),
    ),
  );
  const levels = quantiles?.overall.levels ?? [];
  return {
    overall: {
      ...overall,
      ...(levels.length === 0 ? {} : { levels }),
      ...(horizons === undefined
        ? {}
        : { horizons: horizonTable(horizons.names.map((name, code) => [name, groups.at(-1)?.[code]])) }),
    },
    groups: groups.slice(0, groupings.length),
  };
}

/** Series after series; undefined where the order of the table does. */
function seriesOrder({ series, scales = {} }: ForecastInput): Uint32Array | undefined {
  const isScaled = scales.mae !== undefined || scales.rmse !== undefined;
  return series === undefined || !isScaled ? undefined : bySeries(series);
}

/** The rows of each group, in an order. */
function rowsInOrder(grouping: Grouping, order: Uint32Array | undefined): readonly Uint32Array[] {
  if (order === undefined) return rowsByGroup(grouping);
  const groups = rowsByGroup({ codes: gather(grouping.codes, order), count: grouping.count });
  return groups.map((places) => gather(order, places));
}

/** `rows`: undefined for all; `order`: the same rows series after series, undefined for all as they stand. */
function groupMetrics(
  input: ForecastInput,
  of: { readonly rows: Uint32Array | undefined; readonly order: Uint32Array | undefined },
  quantiles: GroupMetrics | undefined,
): GroupMetrics {
  const { weights } = input;
  const sample = regressionSample(input, of.rows);
  const { predictions } = sample;
  const sums = new FirstSums(sample.weights !== undefined, []);
  sums.take(sample);
  const sizes = sample.truths.map((truth, row) => Math.abs((predictions[row] ?? Number.NaN) - truth));
  const own = of.order ?? Uint32Array.from(input.truths.keys());
  const counting = weights === undefined ? own : own.filter((row) => (weights[row] ?? 0) > 0);
  return forecastGroup({
    rows: own.length,
    first: sums.figures,
    medianError: quantileOf(sizes, sample.weights, 0.5),
    scaled: scaledOutcomes(input, counting),
    quantiles,
  });
}
