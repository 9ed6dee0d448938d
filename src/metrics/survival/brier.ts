import type { MetricOutcome } from "../metric-set.ts";
import { exactSumOf } from "../sample.ts";
import type { SurvivalSample } from "./survival-input.ts";

interface BrierPoint {
  readonly time: number;
  readonly outcome: MetricOutcome;
}

/**
 * `brier@T` of each time: the weighted mean of the squared distance of the predicted chance to survive T and what happened, where rows with
 * the event by then count 1 / G(their duration), those that outlived T count 1 / G(T) and those censored before not at all; G is the
 * chance not to be censored (`shares`, by row), estimated from the same rows. `integrated_brier`: the area under them by trapezoids, from
 * the first time to the last, over that span. Source: Graf et al. (1999); as scikit-survival's brier_score and integrated_brier_score.
 */
export function brierOutcomes(sample: SurvivalSample, shares: Float64Array): [string, MetricOutcome][] {
  const points = sample.survivals.map(({ time, values }): BrierPoint => {
    return { time, outcome: brierAt(sample, { time, values, shares }) };
  });
  const single = points.map(({ time, outcome }): [string, MetricOutcome] => [`brier@${time}`, outcome]);
  return points.length < 2 ? single : [...single, ["integrated_brier", integrated(points)]];
}

interface At {
  readonly time: number;
  readonly values: Float64Array;
  readonly shares: Float64Array;
}

function brierAt(sample: SurvivalSample, at: At): MetricOutcome {
  const { durations, weights } = sample;
  const rows = durations.length;
  if (rows === 0) return { undefined: "no rows" };
  if (!((durations.at(-1) ?? 0) > at.time)) return { undefined: `no row was seen beyond ${at.time}` };
  const lossOf = lossesAt(sample, at);
  const all = weights === undefined ? rows : exactSumOf(rows, (row) => weights[row] ?? 0);
  return exactSumOf(rows, (row) => (weights?.[row] ?? 1) * lossOf(row)) / all;
}

/** What each row adds before weights. There is a row that was seen beyond the time. */
export function lossesAt(
  { durations, events }: Pick<SurvivalSample, "durations" | "events">,
  { time, values, shares }: At,
): (row: number) => number {
  const shareAt = shares[lastUpTo(durations, time)] ?? 1;
  return (row) => {
    const survival = values[row] ?? Number.NaN;
    if ((durations[row] ?? 0) > time) return (1 - survival) ** 2 / shareAt;
    return events[row] === 1 ? survival ** 2 / (shares[row] ?? Number.NaN) : 0;
  };
}

/** The place of the last of ascending values that is not above `limit`; -1 where all are. */
function lastUpTo(values: Float64Array, limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function integrated(points: readonly BrierPoint[]): MetricOutcome {
  const ordered = points.toSorted((one, other) => one.time - other.time);
  let area = 0;
  let before: { readonly time: number; readonly value: number } | undefined;
  for (const { time, outcome } of ordered) {
    if (typeof outcome !== "number") return outcome;
    if (before !== undefined) area += ((time - before.time) * (before.value + outcome)) / 2;
    before = { time, value: outcome };
  }
  return area / ((ordered.at(-1)?.time ?? 0) - (ordered[0]?.time ?? 0));
}
