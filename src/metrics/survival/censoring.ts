import type { SurvivalSample } from "./survival-input.ts";
import { durationBlocks } from "./survival-sample.ts";

/**
 * By row, the chance that its duration was not cut off by censoring until then: the Kaplan-Meier estimate with the roles of event and
 * censoring exchanged, an event before a censoring at the same time, as scikit-survival's CensoringDistributionEstimator.
 */
export function uncensoredShares({ durations, events, weights }: SurvivalSample): Float64Array {
  const blocks = durationBlocks(durations);
  const figures = blocks.map(({ start, end }) => {
    let [seen, censored] = [0, 0];
    for (let row = start; row < end; row += 1) {
      const weight = weights?.[row] ?? 1;
      if (events[row] === 1) seen += weight;
      else censored += weight;
    }
    return { seen, censored, after: 0 };
  });
  // From the last on: sums of what is left, not differences.
  let after = 0;
  for (const figure of figures.toReversed()) {
    figure.after = after;
    after += figure.seen + figure.censored;
  }
  const shares = new Float64Array(durations.length);
  let share = 1;
  for (const [index, { start, end }] of blocks.entries()) {
    const { censored = 0, after: left = 0 } = figures[index] ?? {};
    if (censored > 0) share *= left / (censored + left);
    shares.fill(share, start, end);
  }
  return shares;
}
