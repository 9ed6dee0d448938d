import { type Linearised, ratioOf } from "../paired/linear.ts";
import { lossesAt } from "./brier.ts";
import { uncensoredShares } from "./censoring.ts";
import type { SurvivalInput } from "./survival-input.ts";
import { survivalSample } from "./survival-sample.ts";

/**
 * `brier@T` with what each row moves it by, where the chance of censoring is taken as known: that it is estimated from the same rows makes
 * the true spread smaller as a rule. Undefined where no row was seen beyond the time.
 */
export function brierInfluences(input: SurvivalInput, time: number): Linearised | undefined {
  const sample = survivalSample(input, undefined);
  const values = sample.survivals.find((one) => one.time === time)?.values;
  if (values === undefined || !((sample.durations.at(-1) ?? 0) > time)) return undefined;
  const lossOf = lossesAt(sample, { time, values, shares: uncensoredShares(sample) });
  const { value, influences: own } = ratioOf(sample.rows.length, { above: lossOf, weights: sample.weights });
  const influences = new Float64Array(input.durations.length);
  const scale = influences.length / own.length;
  for (const [place, row] of sample.rows.entries()) influences[row] = scale * (own[place] ?? 0);
  return { value, influences };
}
