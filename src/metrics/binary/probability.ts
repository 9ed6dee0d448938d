import { reliability } from "../calibration/reliability.ts";
import { normal975 } from "../intervals/proportion.ts";
import { type MetricInterval, type MetricOutcome, ratio } from "../metric-set.ts";
import { RunningSum, runLength } from "../sums/running-sum.ts";
import type { ScoreBlocks } from "./score-blocks.ts";
import type { Totals } from "./totals.ts";

/** Why scores outside [0, 1] have no log-loss, no Brier score and no calibration. */
export const notProbabilities = "scores outside [0, 1] are no probabilities";

/** Probabilities are clipped to [eps, 1 - eps], eps = finfo(dtype).eps, as scikit-learn (1.9.1) does. */
export function clipOf(scores: ScoreBlocks["scores"]): number {
  return scores instanceof Float32Array ? 2 ** -23 : 2 ** -52;
}

export interface ProbabilityFigures {
  readonly outcomes: Readonly<Record<string, MetricOutcome>>;
  /** Of the means; empty with weights and for fewer than two rows. */
  readonly intervals: Readonly<Record<string, MetricInterval>>;
}

/**
 * `log_loss` (natural logarithm), `brier` (mean squared error, 0..1), `ece` and `mce` by equal-width and by equal-mass bins, and
 * `observed_expected_ratio` (positives over the sum of the probabilities). All scores must lie in [0, 1], and there must be a row.
 */
export function probabilityFigures(blocks: ScoreBlocks, totals: Totals, bins: number): ProbabilityFigures {
  const weight = totals.positives + totals.negatives;
  const { logLoss, squaredError } = losses(blocks);
  const outcomes: Record<string, MetricOutcome> = {
    log_loss: logLoss.sum / weight,
    brier: squaredError.sum / weight,
  };
  let expected = 0;
  for (const strategy of ["uniform", "quantile"] as const) {
    const bars = reliability(blocks, { bins, strategy, weight });
    const gaps = bars.map((bar) => Math.abs(bar.scoreSum - bar.positives));
    outcomes[`ece{bins=${bins},strategy=${strategy}}`] = sumOf(gaps) / weight;
    const shares = gaps.map((gap, index) => gap / (bars[index]?.weight ?? Number.NaN));
    outcomes[`mce{bins=${bins},strategy=${strategy}}`] = Math.max(...shares);
    if (strategy === "uniform") expected = sumOf(bars.map((bar) => bar.scoreSum));
  }
  outcomes["observed_expected_ratio"] = ratio(totals.positives, expected, "zero division: all scores are 0");
  if (blocks.rows !== undefined || weight < 2) return { outcomes, intervals: {} };
  return {
    outcomes,
    intervals: { log_loss: meanInterval(logLoss, weight), brier: meanInterval(squaredError, weight) },
  };
}

function sumOf(terms: readonly number[]): number {
  const sum = new RunningSum();
  for (const term of terms) sum.add(term);
  return sum.value;
}

/** Reasons for all names of `probabilityFigures`. */
export function noProbabilityOutcomes(reason: string, bins: number): Record<string, MetricOutcome> {
  const names = ["log_loss", "brier", "observed_expected_ratio"];
  for (const name of ["ece", "mce"]) {
    for (const strategy of ["uniform", "quantile"]) names.push(`${name}{bins=${bins},strategy=${strategy}}`);
  }
  return Object.fromEntries(names.map((name) => [name, { undefined: reason }]));
}

/** A weighted sum of losses, and of the squares of their differences from one of them, which tell how far they spread. */
interface LossSum {
  readonly sum: number;
  readonly squares: number;
  readonly origin: number;
}

interface Losses {
  readonly logLoss: LossSum;
  readonly squaredError: LossSum;
}

function losses({ scores, positives, negatives }: ScoreBlocks): Losses {
  const [first = 0] = scores;
  const clip = clipOf(scores);
  // Differences are taken from here, not from 0: losses that are all equal then spread by 0 exactly.
  const share = (positives[0] ?? 0) > 0 ? first : 1 - first;
  const origin = { logLoss: -Math.log(clipped(share, clip)), squaredError: (1 - share) * (1 - share), clip };
  const up = lossesOf(scores, positives, { ...origin, isPositive: true });
  const down = lossesOf(scores, negatives, { ...origin, isPositive: false });
  const both = (one: LossSum, other: LossSum) => ({
    sum: one.sum + other.sum,
    squares: one.squares + other.squares,
    origin: one.origin,
  });
  return {
    logLoss: both(up.logLoss, down.logLoss),
    squaredError: both(up.squaredError, down.squaredError),
  };
}

function clipped(probability: number, clip: number): number {
  return Math.min(Math.max(probability, clip), 1 - clip);
}

interface Origin {
  readonly logLoss: number;
  readonly squaredError: number;
  readonly clip: number;
  readonly isPositive: boolean;
}

/** Of one class, in runs of blocks: plain sums within a run, and a RunningSum of the runs. */
function lossesOf(scores: ScoreBlocks["scores"], weights: ScoreBlocks["positives"], origin: Origin): Losses {
  const { isPositive, clip } = origin;
  const [lowest, highest] = [clip, 1 - clip];
  const [logLosses, errors] = [new RunningSum(), new RunningSum()];
  let [logSquares, errorSquares] = [0, 0];
  for (let start = 0; start < scores.length; start += runLength) {
    const end = Math.min(scores.length, start + runLength);
    let [logRun, logRunSquares, errorRun, errorRunSquares] = [0, 0, 0, 0];
    for (let block = start; block < end; block += 1) {
      const weight = weights[block] ?? 0;
      if (weight === 0) continue;
      const probability = Math.min(Math.max(scores[block] ?? 0, lowest), highest);
      const loss = -Math.log(isPositive ? probability : 1 - probability);
      logRun += loss * weight;
      logRunSquares += (loss - origin.logLoss) ** 2 * weight;
    }
    for (let block = start; block < end; block += 1) {
      const score = scores[block] ?? 0;
      const weight = weights[block] ?? 0;
      const error = isPositive ? 1 - score : score;
      errorRun += error * error * weight;
      errorRunSquares += (error * error - origin.squaredError) ** 2 * weight;
    }
    logLosses.add(logRun);
    errors.add(errorRun);
    logSquares += logRunSquares;
    errorSquares += errorRunSquares;
  }
  return {
    logLoss: { sum: logLosses.value, squares: logSquares, origin: origin.logLoss },
    squaredError: { sum: errors.value, squares: errorSquares, origin: origin.squaredError },
  };
}

/** Of the mean of `rows` losses, 95 %: 1.96 standard errors (ddof 1) to both sides, not below 0. */
function meanInterval({ sum, squares, origin }: LossSum, rows: number): MetricInterval {
  const difference = sum - origin * rows;
  const spread = Math.max(0, squares - (difference / rows) * difference) / (rows - 1);
  const se = Math.sqrt(spread / rows);
  const mean = sum / rows;
  return {
    se,
    low: Math.max(0, mean - normal975 * se),
    high: mean + normal975 * se,
    level: 0.95,
    method: "mean",
  };
}
