import type { MeasurementDetails } from "../details.ts";
import type { Grouping, GroupMetrics } from "../metric-set.ts";
import { checkWeights, gather, rowsByGroup, weightedRows } from "../sample.ts";
import { quantilesOf } from "../weighted-quantile.ts";
import { quantileGroup } from "./quantile-outcomes.ts";
import { ConstantLosses, type PredictedLevels, type QuantileRows, QuantileSums } from "./quantile-sums.ts";

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
  const levels = {
    quantiles: input.quantiles.map((one) => one.level),
    intervals: input.intervals.map((one) => one.level),
  };
  const overall = groupMetrics(input, levels, undefined);
  return {
    overall: { ...overall, levels: levelTable(levels, overall) },
    groups: groupings.map((grouping) =>
      rowsByGroup(grouping).map((rows) => groupMetrics(input, levels, rows)),
    ),
  };
}

/** What was measured of each quantile. */
export function levelTable(
  { quantiles }: PredictedLevels,
  { metrics }: GroupMetrics,
): NonNullable<MeasurementDetails["levels"]> {
  return quantiles.map((level) => ({
    level,
    pinball: metrics[`pinball@${level}`] ?? null,
    coverage: metrics[`coverage@${level}`] ?? null,
  }));
}

function groupMetrics(
  input: QuantileInput,
  levels: PredictedLevels,
  rows: Uint32Array | undefined,
): GroupMetrics {
  const all = rowsAt(input, rows);
  const own = rowsAt(all, weightedRows(all.weights));
  const isWeighted = own.weights !== undefined;
  const sums = new QuantileSums(levels, isWeighted);
  sums.take(own);
  const { figures } = sums;
  const losses = new ConstantLosses(levels.quantiles, quantilesOf(own.truths, own.weights, levels.quantiles));
  losses.take(own);
  const constants = losses.over(figures.weight);
  return quantileGroup(levels, figures, { rows: all.truths.length, isWeighted, constants });
}

function rowsAt(
  { truths, quantiles, intervals, weights }: QuantileInput | QuantileRows,
  rows: Uint32Array | undefined,
): QuantileRows {
  return {
    truths: gather(truths, rows),
    quantiles: quantiles.map((one) => gather(one instanceof Float64Array ? one : one.values, rows)),
    intervals: intervals.map(({ lower, upper }) => ({
      lower: gather(lower, rows),
      upper: gather(upper, rows),
    })),
    weights: weights === undefined ? undefined : gather(weights, rows),
  };
}
