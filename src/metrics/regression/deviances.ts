import type { MetricOutcome } from "../metric-set.ts";
import { isConstant, meanOf, shareOf, smallestOf } from "./errors.ts";
import type { RegressionSample } from "./regression-sample.ts";

/** What a Tweedie deviance of a power asks of truths and predictions. Source: scikit-learn, mean_tweedie_deviance. */
interface Domain {
  readonly truth: "any" | "not negative" | "positive";
  readonly isPredictionPositive: boolean;
}

/**
 * `mean_poisson_deviance, mean_gamma_deviance, mean_tweedie_deviance@POWER` and the shares of them that the model explains,
 * `d2_tweedie@POWER` (relative to the mean of the truth; Poisson and Gamma are the powers 1 and 2).
 */
export function devianceOutcomes(
  sample: RegressionSample,
  powers: readonly number[],
): Record<string, MetricOutcome> {
  const found: [string, MetricOutcome][] = [
    ["mean_poisson_deviance", deviance(sample, 1)],
    ["mean_gamma_deviance", deviance(sample, 2)],
  ];
  for (const power of powers) found.push([`mean_tweedie_deviance@${power}`, deviance(sample, power)]);
  for (const power of new Set([1, 2, ...powers]))
    found.push([`d2_tweedie@${power}`, explained(sample, power)]);
  return Object.fromEntries(found);
}

function deviance(sample: RegressionSample, power: number): MetricOutcome {
  const reason = outsideDomain(sample, power);
  return reason === undefined ? meanOf(sample, unitDeviance(power)) : { undefined: reason };
}

function explained(sample: RegressionSample, power: number): MetricOutcome {
  const { truths } = sample;
  if (truths.length < 2) return { undefined: "fewer than two rows" };
  if (isConstant(truths)) return { undefined: "zero division: the truth is the same in every row" };
  const reason = outsideDomain(sample, power);
  if (reason !== undefined) return { undefined: reason };
  const mean = meanOf(sample, (truth) => truth);
  const term = unitDeviance(power);
  return shareOf(
    meanOf(sample, term),
    meanOf(sample, (truth) => term(truth, mean)),
  );
}

function outsideDomain({ truths, predictions }: RegressionSample, power: number): string | undefined {
  if (power > 0 && power < 1) return "there is no Tweedie distribution of a power between 0 and 1";
  const { truth, isPredictionPositive } = domainOf(power);
  const least = smallestOf(predictions);
  if (isPredictionPositive && least <= 0)
    return `the smallest prediction is ${least}, and has to be positive`;
  const smallest = smallestOf(truths);
  if (truth === "positive" && smallest <= 0)
    return `the smallest truth is ${smallest}, and has to be positive`;
  return truth === "not negative" && smallest < 0
    ? `the smallest truth is ${smallest}, and must not be negative`
    : undefined;
}

function domainOf(power: number): Domain {
  if (power === 0) return { truth: "any", isPredictionPositive: false };
  if (power < 0) return { truth: "any", isPredictionPositive: true };
  return { truth: power < 2 ? "not negative" : "positive", isPredictionPositive: true };
}

/** Twice the difference of log-likelihoods of one row. */
export function unitDeviance(power: number): (truth: number, prediction: number) => number {
  if (power === 0) return (truth, prediction) => (truth - prediction) ** 2;
  if (power === 1)
    return (truth, prediction) =>
      2 * ((truth === 0 ? 0 : truth * Math.log(truth / prediction)) - truth + prediction);
  if (power === 2) return (truth, prediction) => 2 * (Math.log(prediction / truth) + truth / prediction - 1);
  return (truth, prediction) =>
    2 *
    (Math.max(truth, 0) ** (2 - power) / ((1 - power) * (2 - power)) -
      (truth * prediction ** (1 - power)) / (1 - power) +
      prediction ** (2 - power) / (2 - power));
}
