import { type GroupMetrics, type MetricOutcome, metricSet } from "../metric-set.ts";
import type { PredictedLevels, QuantileFigures } from "./quantile-sums.ts";

/**
 * What was measured of a sample of `rows` rows, those of weight 0 included. `constants`: the pinball losses of the truths' own quantiles,
 * which are the same for every row.
 */
export function quantileGroup(
  levels: PredictedLevels,
  figures: QuantileFigures,
  of: { readonly rows: number; readonly isWeighted: boolean; readonly constants: readonly number[] },
): GroupMetrics {
  const { rows, isWeighted, constants } = of;
  const outcomes: Record<string, MetricOutcome> = {
    ...quantileOutcomes(levels.quantiles, figures, constants),
    ...intervalOutcomes(levels.intervals, figures),
  };
  const none = rows === 0 ? "no rows" : "no row has a weight above 0";
  const defined =
    figures.count > 0
      ? outcomes
      : Object.fromEntries(Object.keys(outcomes).map((name) => [name, { undefined: none }]));
  const weight = isWeighted ? { weight: figures.weight } : {};
  return { count: rows, positives: null, negatives: null, ...weight, ...metricSet(defined) };
}

function quantileOutcomes(
  levels: readonly number[],
  { count, quantiles, crossing }: QuantileFigures,
  constants: readonly number[],
): Record<string, MetricOutcome> {
  const found: [string, MetricOutcome][] = [];
  let sum = 0;
  for (const [index, { pinball, coverage }] of quantiles.entries()) {
    const level = levels[index];
    sum += pinball;
    found.push([`pinball@${level}`, pinball]);
    found.push([`d2_pinball@${level}`, explained(count, pinball, constants[index] ?? Number.NaN)]);
    found.push([`coverage@${level}`, coverage]);
  }
  if (quantiles.length > 1) {
    found.push(["pinball", sum / quantiles.length]);
    found.push(["quantile_crossing", crossing]);
  }
  return Object.fromEntries(found);
}

function explained(count: number, loss: number, constant: number): MetricOutcome {
  if (count < 2) return { undefined: "fewer than two rows" };
  return constant === 0
    ? { undefined: "zero division: the truth is the same in every row" }
    : 1 - loss / constant;
}

function intervalOutcomes(
  levels: readonly number[],
  { intervals }: QuantileFigures,
): Record<string, MetricOutcome> {
  const found: [string, MetricOutcome][] = [];
  for (const [index, { coverage, width, winkler }] of intervals.entries()) {
    const level = levels[index];
    found.push([`interval_coverage@${level}`, coverage]);
    found.push([`interval_width@${level}`, width]);
    found.push([`winkler@${level}`, winkler]);
  }
  return Object.fromEntries(found);
}
