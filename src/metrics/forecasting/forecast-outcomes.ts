import type { HorizonMetrics } from "../details.ts";
import { type GroupMetrics, type MetricOutcome, metricSet } from "../metric-set.ts";
import { pointErrors } from "../regression/errors.ts";
import type { FirstFigures } from "../regression/first-sums.ts";

/** What was found out about rows. */
interface ForecastFigures {
  /** Those of weight 0 included. */
  readonly rows: number;
  readonly first: FirstFigures;
  /** The median of the absolute errors. */
  readonly medianError: number;
  readonly scaled: Readonly<Record<string, MetricOutcome>>;
  /** What `quantileMetrics` makes; undefined without quantiles and intervals. */
  readonly quantiles: GroupMetrics | undefined;
}

export function forecastGroup(figures: ForecastFigures): GroupMetrics {
  const { rows, first, medianError, scaled, quantiles } = figures;
  const outcomes: Record<string, MetricOutcome> = { ...scaled, ...pointErrors(first, medianError) };
  const none = rows === 0 ? "no rows" : "no row has a weight above 0";
  const defined =
    first.count > 0
      ? outcomes
      : Object.fromEntries(Object.keys(outcomes).map((name) => [name, { undefined: none }]));
  const point = metricSet(defined);
  const spread = metricSet(quantiles === undefined ? {} : crps(quantiles));
  return {
    count: rows,
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

/** Of each horizon its name, and what was measured of its rows. */
export function horizonTable(
  horizons: readonly (readonly [string, GroupMetrics | undefined])[],
): HorizonMetrics[] {
  return horizons.flatMap(([horizon, group]) => {
    if (group === undefined) return [];
    const { count, weight, metrics, undefined: reasons } = group;
    return [{ horizon, count, ...(weight === undefined ? {} : { weight }), metrics, undefined: reasons }];
  });
}
