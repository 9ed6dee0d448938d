import type { MeasurementDetails } from "../details.ts";
import type { ColumnSorter } from "../sort-columns.ts";
import { slicesOf } from "../stored/sorted-rows.ts";
import { plainQuantile, quantileOf } from "../weighted-quantile.ts";
import { definedPowers } from "./deviances.ts";
import { type FirstFigures, FirstSums } from "./first-sums.ts";
import { countInversions } from "./inversions.ts";
import { PredictionWalk } from "./prediction-walk.ts";
import type { RankFigures } from "./rank-correlation.ts";
import { ResidualCounts, residualShares } from "./regression-details.ts";
import type { RegressionRows } from "./regression-sample.ts";
import { type SpreadFigures, SpreadSums } from "./spread-sums.ts";
import { TruthWalk } from "./truth-walk.ts";

/** All that the metrics of a sample are made of. */
export interface SampleFigures {
  readonly first: FirstFigures;
  readonly spread: SpreadFigures;
  /** Median absolute error. */
  readonly medianError: number;
  /** Of cumulative truth over cumulative weight, the rows by prediction and by truth. */
  readonly areas: { readonly byPrediction: number; readonly byTruth: number };
  /** Undefined with weights. */
  readonly ranks: RankFigures | undefined;
  /** Empty where they were not wanted. */
  readonly details: MeasurementDetails;
}

/** How a sample is measured. */
export interface SampleWays {
  /** Of deviances. */
  readonly powers: readonly number[];
  readonly wantsDetails: boolean;
}

/** Measures rows in memory. `sorter`: for as many rows. */
export function measureSample(
  rows: RegressionRows,
  { powers, wantsDetails, sorter }: SampleWays & { readonly sorter: ColumnSorter },
): SampleFigures {
  const { truths, weights } = rows;
  const sums = new FirstSums(weights !== undefined, powers);
  sums.take(rows);
  const first = sums.figures;
  const wantsCounts = wantsDetails && truths.length > 0;
  const counts = wantsCounts ? new ResidualCounts(first, residualQuantiles(first, rows)) : undefined;
  counts?.take(rows);
  const medianError = medianSize(rows);
  const byTruth = new TruthWalk(first);
  const byPrediction = new PredictionWalk(first, wantsDetails);
  const inversions = walk(rows, { byTruth, byPrediction, sorter });
  const { median, area, ties } = byTruth.figures;
  const spread = new SpreadSums(first, median, definedPowers(first));
  spread.take(rows);
  const { ranks } = byPrediction;
  return {
    first,
    spread: spread.figures,
    medianError,
    areas: { byPrediction: byPrediction.area, byTruth: area },
    ranks: ranks === undefined ? undefined : { ...ranks, tiedTruths: ties, inversions },
    details: counts === undefined ? {} : { ...byPrediction.details, ...counts.details },
  };
}

/** Of the absolute errors. */
function medianSize({ truths, predictions, weights }: RegressionRows): number {
  const sizes = truths.map((truth, row) => Math.abs((predictions[row] ?? Number.NaN) - truth));
  return weights === undefined ? plainQuantile(sizes, 0.5) : quantileOf(sizes, weights, 0.5);
}

/** Undefined where one is beyond a double. */
function residualQuantiles(
  { error }: FirstFigures,
  { truths, predictions }: RegressionRows,
): readonly [number, number] | undefined {
  if (!Number.isFinite(error.smallest) || !Number.isFinite(error.largest)) return undefined;
  const errors = truths.map((truth, row) => (predictions[row] ?? Number.NaN) - truth);
  const [low, high] = residualShares;
  return [plainQuantile(errors, low), plainQuantile(errors, high)];
}

/** Up the truths, then up the predictions; answers the inversions of their ranks. */
function walk(
  { truths, predictions, weights }: RegressionRows,
  {
    byTruth,
    byPrediction,
    sorter,
  }: {
    readonly byTruth: TruthWalk;
    readonly byPrediction: PredictionWalk;
    readonly sorter: ColumnSorter;
  },
): number {
  const [ownTruths = truths, ownPredictions = predictions, ownWeights] = sorter.sort(
    weights === undefined ? [truths, predictions] : [truths, predictions, weights],
  );
  const third = ownWeights ?? new Float64Array(truths.length);
  for (const slice of slicesOf([ownTruths, ownPredictions, third])) byTruth.take(slice);
  const sorted = sorter.sort([ownPredictions, ownTruths, third]);
  for (const slice of slicesOf(sorted)) byPrediction.take(slice);
  const [, , ranks] = sorted;
  // Ranks are whole or half.
  return weights === undefined && ranks !== undefined ? countInversions(Uint32Array.from(ranks, twice)) : 0;
}

function twice(rank: number): number {
  return 2 * rank;
}
