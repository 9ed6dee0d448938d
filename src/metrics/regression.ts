import { ExactSum } from "./exact-sum.ts";
import { type Grouping, type GroupMetrics, type MetricOutcome, metricSet } from "./metric-set.ts";

export interface RegressionInput {
  /** Finite. */
  readonly truths: Float64Array;
  /** Finite, in the unit of the truth. */
  readonly predictions: Float64Array;
}

export interface RegressionMetrics {
  readonly overall: GroupMetrics;
  readonly groups: readonly (readonly GroupMetrics[])[];
}

/**
 * `rmse, mae, mse, r2` by scikit-learn's definitions (1.9.1), of all rows and of each group. R2 is undefined with fewer than two
 * rows and where the truth is constant: scikit-learn prints 1 or 0 there, or -1e31 where the mean is not exact.
 */
export function regressionMetrics(
  input: RegressionInput,
  groupings: readonly Grouping[] = [],
): RegressionMetrics {
  const overall = groupMetrics(input, undefined)[0];
  if (overall === undefined) throw new RangeError("no tally of all rows");
  return { overall, groups: groupings.map((grouping) => groupMetrics(input, grouping)) };
}

interface Tally {
  count: number;
  smallest: number;
  largest: number;
  readonly truth: ExactSum;
  readonly absoluteError: ExactSum;
  readonly squaredError: ExactSum;
  readonly squaredDeviation: ExactSum;
}

function groupMetrics(input: RegressionInput, grouping: Grouping | undefined): GroupMetrics[] {
  const tallies = Array.from({ length: grouping?.count ?? 1 }, emptyTally);
  const tallyOf = (row: number): Tally => {
    const tally = tallies[grouping?.codes[row] ?? 0];
    if (tally === undefined) throw new RangeError(`row ${row} has a group code beyond ${tallies.length - 1}`);
    return tally;
  };
  for (let row = 0; row < input.truths.length; row += 1) {
    const tally = tallyOf(row);
    const truth = input.truths[row] ?? Number.NaN;
    const error = (input.predictions[row] ?? Number.NaN) - truth;
    tally.count += 1;
    tally.smallest = Math.min(tally.smallest, truth);
    tally.largest = Math.max(tally.largest, truth);
    tally.truth.add(truth);
    tally.absoluteError.add(Math.abs(error));
    tally.squaredError.add(error * error);
  }
  const means = new Map(tallies.map((tally) => [tally, tally.truth.value / tally.count]));
  for (let row = 0; row < input.truths.length; row += 1) {
    const tally = tallyOf(row);
    const deviation = (input.truths[row] ?? Number.NaN) - (means.get(tally) ?? Number.NaN);
    tally.squaredDeviation.add(deviation * deviation);
  }
  return tallies.map((tally) => ({
    count: tally.count,
    positives: null,
    negatives: null,
    ...metricSet(outcomesOf(tally)),
  }));
}

function emptyTally(): Tally {
  return {
    count: 0,
    smallest: Number.POSITIVE_INFINITY,
    largest: Number.NEGATIVE_INFINITY,
    truth: new ExactSum(),
    absoluteError: new ExactSum(),
    squaredError: new ExactSum(),
    squaredDeviation: new ExactSum(),
  };
}

function outcomesOf(tally: Tally): Record<string, MetricOutcome> {
  if (tally.count === 0) {
    const reason = { undefined: "no rows" };
    return { rmse: reason, mae: reason, mse: reason, r2: reason };
  }
  const mse = tally.squaredError.value / tally.count;
  return { rmse: Math.sqrt(mse), mae: tally.absoluteError.value / tally.count, mse, r2: r2Of(tally) };
}

function r2Of(tally: Tally): MetricOutcome {
  if (tally.count < 2) return { undefined: "fewer than two rows" };
  if (tally.smallest === tally.largest)
    return { undefined: "zero division: the truth is the same in every row" };
  return 1 - tally.squaredError.value / tally.squaredDeviation.value;
}
