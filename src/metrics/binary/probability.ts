import type { Bar } from "../calibration/reliability.ts";
import { type MetricInterval, type MetricOutcome, ratio } from "../metric-set.ts";
import { RunningSum } from "../sums/running-sum.ts";
import { type Losses, meanInterval } from "./losses.ts";
import type { Totals } from "./totals.ts";

/** Why scores outside [0, 1] have no log-loss, no Brier score and no calibration. */
export const notProbabilities = "scores outside [0, 1] are no probabilities";

export interface ProbabilityFigures {
  readonly outcomes: Readonly<Record<string, MetricOutcome>>;
  /** Of the means; empty with weights and for fewer than two rows. */
  readonly intervals: Readonly<Record<string, MetricInterval>>;
}

/** Bins of calibration errors and tables (Guo et al. 2017 take 15), and what fell into them: of equal width, of equal mass. */
export interface Reliabilities {
  readonly bins: number;
  readonly uniform: readonly Bar[];
  readonly quantile: readonly Bar[];
}

/**
 * `log_loss` (natural logarithm), `brier` (mean squared error, 0..1), `ece` and `mce` by equal-width and by equal-mass bins, and
 * `observed_expected_ratio` (positives over the sum of the probabilities). All scores must lie in [0, 1], and there must be a row.
 */
export function probabilityFigures(
  { logLoss, squaredError }: Losses,
  reliabilities: Reliabilities,
  { totals, isWeighted }: { readonly totals: Totals; readonly isWeighted: boolean },
): ProbabilityFigures {
  const weight = totals.positives + totals.negatives;
  const { bins } = reliabilities;
  const outcomes: Record<string, MetricOutcome> = {
    log_loss: logLoss.sum / weight,
    brier: squaredError.sum / weight,
  };
  for (const strategy of ["uniform", "quantile"] as const) {
    const bars = reliabilities[strategy];
    const gaps = bars.map((bar) => Math.abs(bar.scoreSum - bar.positives));
    outcomes[`ece{bins=${bins},strategy=${strategy}}`] = sumOf(gaps) / weight;
    const shares = gaps.map((gap, index) => gap / (bars[index]?.weight ?? Number.NaN));
    outcomes[`mce{bins=${bins},strategy=${strategy}}`] = Math.max(...shares);
  }
  const expected = sumOf(reliabilities.uniform.map((bar) => bar.scoreSum));
  outcomes["observed_expected_ratio"] = ratio(totals.positives, expected, "zero division: all scores are 0");
  if (isWeighted || weight < 2) return { outcomes, intervals: {} };
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
