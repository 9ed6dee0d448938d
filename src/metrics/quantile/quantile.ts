import type { MeasurementDetails } from "../details.ts";
import { type Grouping, type GroupMetrics, type MetricOutcome, metricSet } from "../metric-set.ts";
import { checkWeights, exactSumOf, gather, rowsByGroup, weightedRows } from "../sample.ts";
import { quantileOf } from "../weighted-quantile.ts";

export interface QuantileInput {
  /** Finite. */
  readonly truths: Float64Array;
  /** Predicted quantiles: the truth lies at or below `values` with the chance `level` (between 0 and 1). */
  readonly quantiles: readonly { readonly level: number; readonly values: Float64Array }[];
  /** Predicted intervals that hold the truth with the chance `level`. */
  readonly intervals: readonly {
    readonly level: number;
    readonly lower: Float64Array;
    readonly upper: Float64Array;
  }[];
  /** At least 0, not all 0. */
  readonly weights?: Float64Array | undefined;
}

export interface QuantileMetrics {
  readonly overall: GroupMetrics & MeasurementDetails;
  readonly groups: readonly (readonly GroupMetrics[])[];
}

/**
 * Of each quantile `pinball@level`, `d2_pinball@level` (scikit-learn's mean_pinball_loss and d2_pinball_score) and
 * `coverage@level` (share of truths at or below it), with two or more `pinball` (their mean) and `quantile_crossing` (share of rows
 * where a higher level is predicted lower). Of each interval `interval_coverage@level, interval_width@level, winkler@level`
 * (interval score, Winkler 1972). The order of the rows changes nothing.
 */
export function quantileMetrics(input: QuantileInput, groupings: readonly Grouping[] = []): QuantileMetrics {
  checkWeights(input.weights, input.truths.length);
  const overall = groupMetrics(input, undefined);
  return {
    overall: {
      ...overall,
      levels: input.quantiles.map(({ level }) => ({
        level,
        pinball: overall.metrics[`pinball@${level}`] ?? null,
        coverage: overall.metrics[`coverage@${level}`] ?? null,
      })),
    },
    groups: groupings.map((grouping) => rowsByGroup(grouping).map((rows) => groupMetrics(input, rows))),
  };
}

function groupMetrics(input: QuantileInput, rows: Uint32Array | undefined): GroupMetrics {
  const own = sampleOf(sampleOf(input, rows), weightedRows(weightsAt(input, rows)));
  const outcomes: Record<string, MetricOutcome> = { ...quantileOutcomes(own), ...intervalOutcomes(own) };
  const count = rows?.length ?? input.truths.length;
  const none = count === 0 ? "no rows" : "no row has a weight above 0";
  const defined =
    own.truths.length > 0
      ? outcomes
      : Object.fromEntries(Object.keys(outcomes).map((name) => [name, { undefined: none }]));
  const weight = own.weights === undefined ? {} : { weight: weightOf(own) };
  return { count, positives: null, negatives: null, ...weight, ...metricSet(defined) };
}

function weightsAt({ weights }: QuantileInput, rows: Uint32Array | undefined): Float64Array | undefined {
  return weights === undefined ? undefined : gather(weights, rows);
}

function sampleOf(input: QuantileInput, rows: Uint32Array | undefined): QuantileInput {
  return {
    truths: gather(input.truths, rows),
    quantiles: input.quantiles.map(({ level, values }) => ({ level, values: gather(values, rows) })),
    intervals: input.intervals.map(({ level, lower, upper }) => ({
      level,
      lower: gather(lower, rows),
      upper: gather(upper, rows),
    })),
    weights: weightsAt(input, rows),
  };
}

function weightOf({ truths, weights }: QuantileInput): number {
  return weights === undefined
    ? truths.length
    : exactSumOf(weights.length, (row) => weights[row] ?? Number.NaN);
}

function meanOf(input: QuantileInput, term: (row: number) => number): number {
  const { truths, weights } = input;
  return exactSumOf(truths.length, (row) => (weights?.[row] ?? 1) * term(row)) / weightOf(input);
}

/** Source: Koenker and Bassett (1978). */
function pinball(level: number, truth: number, quantile: number): number {
  return truth >= quantile ? level * (truth - quantile) : (1 - level) * (quantile - truth);
}

function quantileOutcomes(input: QuantileInput): Record<string, MetricOutcome> {
  const { truths, quantiles } = input;
  const at = (values: Float64Array, row: number) => values[row] ?? Number.NaN;
  const found: [string, MetricOutcome][] = [];
  let sum = 0;
  for (const { level, values } of quantiles) {
    const loss = meanOf(input, (row) => pinball(level, at(truths, row), at(values, row)));
    sum += loss;
    found.push([`pinball@${level}`, loss]);
    found.push([`d2_pinball@${level}`, explained(input, { level, loss })]);
    found.push([`coverage@${level}`, meanOf(input, (row) => (at(truths, row) <= at(values, row) ? 1 : 0))]);
  }
  if (quantiles.length > 1) {
    const rising = quantiles.toSorted((one, other) => one.level - other.level);
    const isCrossed = (row: number) =>
      rising.some(
        ({ values }, place) => place > 0 && at(values, row) < at(rising[place - 1]?.values ?? values, row),
      );
    found.push(["pinball", sum / quantiles.length]);
    found.push(["quantile_crossing", meanOf(input, (row) => (isCrossed(row) ? 1 : 0))]);
  }
  return Object.fromEntries(found);
}

/** Relative to the truths' own quantile, the same for every row. */
function explained(
  input: QuantileInput,
  { level, loss }: { readonly level: number; readonly loss: number },
): MetricOutcome {
  const { truths, weights } = input;
  if (truths.length < 2) return { undefined: "fewer than two rows" };
  const quantile = quantileOf(truths, weights, level);
  const constant = meanOf(input, (row) => pinball(level, truths[row] ?? Number.NaN, quantile));
  return constant === 0
    ? { undefined: "zero division: the truth is the same in every row" }
    : 1 - loss / constant;
}

function intervalOutcomes(input: QuantileInput): Record<string, MetricOutcome> {
  const { truths } = input;
  const found: [string, MetricOutcome][] = [];
  for (const { level, lower, upper } of input.intervals) {
    const of = (row: number) => ({
      truth: truths[row] ?? Number.NaN,
      low: lower[row] ?? Number.NaN,
      high: upper[row] ?? Number.NaN,
    });
    found.push([
      `interval_coverage@${level}`,
      meanOf(input, (row) => {
        const { truth, low, high } = of(row);
        return truth >= low && truth <= high ? 1 : 0;
      }),
    ]);
    found.push([`interval_width@${level}`, meanOf(input, (row) => of(row).high - of(row).low)]);
    found.push([
      `winkler@${level}`,
      meanOf(input, (row) => {
        const { truth, low, high } = of(row);
        const outside = Math.max(low - truth, truth - high, 0);
        return high - low + (2 / (1 - level)) * outside;
      }),
    ]);
  }
  return Object.fromEntries(found);
}
