import { reliability } from "../calibration/reliability.ts";
import { normal975 } from "../intervals/proportion.ts";
import { type MetricInterval, type MetricOutcome, ratio } from "../metric-set.ts";
import { RunningSum } from "../sums/running-sum.ts";
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
  const { logLoss, squaredError } = losses(blocks);
  const weight = totals.positives + totals.negatives;
  const outcomes: Record<string, MetricOutcome> = {
    log_loss: logLoss.mean(weight),
    brier: squaredError.mean(weight),
  };
  for (const strategy of ["uniform", "quantile"] as const) {
    const bars = reliability(blocks, { bins, strategy, weight });
    const gaps = bars.map((bar) => Math.abs(bar.scoreSum - bar.positives));
    const sum = new RunningSum();
    for (const gap of gaps) sum.add(gap);
    outcomes[`ece{bins=${bins},strategy=${strategy}}`] = sum.value / weight;
    const shares = gaps.map((gap, index) => gap / (bars[index]?.weight ?? Number.NaN));
    outcomes[`mce{bins=${bins},strategy=${strategy}}`] = Math.max(...shares);
  }
  outcomes["observed_expected_ratio"] = observedExpected(blocks, totals);
  if (blocks.rows !== undefined || weight < 2) return { outcomes, intervals: {} };
  return {
    outcomes,
    intervals: { log_loss: logLoss.interval(weight), brier: squaredError.interval(weight) },
  };
}

/** Reasons for all names of `probabilityFigures`. */
export function noProbabilityOutcomes(reason: string, bins: number): Record<string, MetricOutcome> {
  const names = ["log_loss", "brier", "observed_expected_ratio"];
  for (const name of ["ece", "mce"]) {
    for (const strategy of ["uniform", "quantile"]) names.push(`${name}{bins=${bins},strategy=${strategy}}`);
  }
  return Object.fromEntries(names.map((name) => [name, { undefined: reason }]));
}

function losses(blocks: ScoreBlocks): { readonly logLoss: LossSum; readonly squaredError: LossSum } {
  const { scores, positives, negatives } = blocks;
  const clip = clipOf(scores);
  const logLoss = new LossSum();
  const squaredError = new LossSum();
  for (let block = 0; block < scores.length; block += 1) {
    const score = scores[block] ?? 0;
    const probability = Math.min(Math.max(score, clip), 1 - clip);
    const up = positives[block] ?? 0;
    const down = negatives[block] ?? 0;
    if (up > 0) {
      logLoss.add(-Math.log(probability), up);
      squaredError.add((1 - score) * (1 - score), up);
    }
    if (down > 0) {
      logLoss.add(-Math.log(1 - probability), down);
      squaredError.add(score * score, down);
    }
  }
  return { logLoss, squaredError };
}

/** A weighted sum of losses and how far they spread. */
class LossSum {
  readonly #sum = new RunningSum();
  /** Differences are squared from here, not from 0: equal losses then spread by 0 exactly. */
  #origin = Number.NaN;
  #difference = 0;
  #squares = 0;

  add(loss: number, weight: number): void {
    this.#sum.add(loss * weight);
    if (Number.isNaN(this.#origin)) this.#origin = loss;
    const difference = loss - this.#origin;
    this.#difference += difference * weight;
    this.#squares += difference * difference * weight;
  }

  mean(weight: number): number {
    return this.#sum.value / weight;
  }

  /** Of the mean of `rows` losses, 95 %: 1.96 standard errors (ddof 1) to both sides, not below 0. */
  interval(rows: number): MetricInterval {
    const spread = Math.max(0, this.#squares - (this.#difference / rows) * this.#difference) / (rows - 1);
    const se = Math.sqrt(spread / rows);
    const mean = this.mean(rows);
    return {
      se,
      low: Math.max(0, mean - normal975 * se),
      high: mean + normal975 * se,
      level: 0.95,
      method: "mean",
    };
  }
}

function observedExpected({ scores, positives, negatives }: ScoreBlocks, totals: Totals): MetricOutcome {
  const expected = new RunningSum();
  for (let block = 0; block < scores.length; block += 1) {
    expected.add((scores[block] ?? 0) * ((positives[block] ?? 0) + (negatives[block] ?? 0)));
  }
  return ratio(totals.positives, expected.value, "zero division: all scores are 0");
}
