import type { Linearised } from "../paired/linear.ts";
import { type PairFigures, pairsAsEarlier, pairsAsLater } from "./concordance.ts";
import type { SurvivalInput } from "./survival-input.ts";
import { survivalSample } from "./survival-sample.ts";

/**
 * Harrell's index with what each row moves it by: how far its own pairs, in both roles, agree more or less often than all pairs (the
 * infinitesimal jackknife over rows, as `concordance` of R's survival package). Undefined without a pair.
 */
export function indexInfluences(input: SurvivalInput): Linearised | undefined {
  const sample = survivalSample(input, undefined);
  const [earlier, later] = [pairsAsEarlier(sample), pairsAsLater(sample)];
  const agreeing = (figures: PairFigures, row: number) =>
    (figures.concordant[row] ?? 0) + (figures.tied[row] ?? 0) / 2;
  const weightOf = (row: number) => sample.weights?.[row] ?? 1;
  let [agreed, pairs] = [0, 0];
  for (let row = 0; row < sample.rows.length; row += 1) {
    agreed += weightOf(row) * agreeing(earlier, row);
    pairs += weightOf(row) * (earlier.comparable[row] ?? 0);
  }
  if (pairs === 0) return undefined;
  const value = agreed / pairs;
  const influences = new Float64Array(input.durations.length);
  for (const [place, row] of sample.rows.entries()) {
    const own = agreeing(earlier, place) + agreeing(later, place);
    const comparable = (earlier.comparable[place] ?? 0) + (later.comparable[place] ?? 0);
    influences[row] = (influences.length * weightOf(place) * (own - value * comparable)) / pairs;
  }
  return { value, influences };
}
