import type { MetricOutcome } from "../metric-set.ts";
import { outsideDomain } from "./deviance-terms.ts";
import { shareOf, whyNoShare } from "./errors.ts";
import type { FirstFigures } from "./first-sums.ts";
import type { SpreadFigures } from "./spread-sums.ts";

/** Poisson and Gamma are always measured. */
const always = [1, 2];

/** All powers that are measured. */
export function measuredPowers(powers: readonly number[]): number[] {
  return [...new Set([...always, ...powers])];
}

/** Those that are defined. */
export function definedPowers(first: FirstFigures): number[] {
  return [...first.deviances.keys()].filter((power) => whyNone(first, power) === undefined);
}

/**
 * `mean_poisson_deviance, mean_gamma_deviance, mean_tweedie_deviance@POWER` and the shares of them that the model explains,
 * `d2_tweedie@POWER` (relative to the mean of the truth; Poisson and Gamma are the powers 1 and 2).
 */
export function devianceOutcomes(
  first: FirstFigures,
  spread: SpreadFigures,
  powers: readonly number[],
): Record<string, MetricOutcome> {
  const found: [string, MetricOutcome][] = [
    ["mean_poisson_deviance", deviance(first, 1)],
    ["mean_gamma_deviance", deviance(first, 2)],
  ];
  for (const power of powers) found.push([`mean_tweedie_deviance@${power}`, deviance(first, power)]);
  for (const power of measuredPowers(powers))
    found.push([`d2_tweedie@${power}`, explained(first, spread, power)]);
  return Object.fromEntries(found);
}

function deviance(first: FirstFigures, power: number): MetricOutcome {
  const reason = whyNone(first, power);
  return reason === undefined ? (first.deviances.get(power) ?? Number.NaN) : { undefined: reason };
}

function explained(first: FirstFigures, spread: SpreadFigures, power: number): MetricOutcome {
  const noShare = whyNoShare(first);
  if (noShare !== undefined) return noShare;
  const reason = whyNone(first, power);
  if (reason !== undefined) return { undefined: reason };
  return shareOf(first.deviances.get(power) ?? Number.NaN, spread.deviances.get(power) ?? Number.NaN);
}

function whyNone({ truth, prediction }: FirstFigures, power: number): string | undefined {
  return outsideDomain(power, truth.smallest, prediction.smallest);
}
