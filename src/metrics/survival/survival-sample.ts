import { gather, weightedRows } from "../sample.ts";
import { ascendingOrder } from "../score-order.ts";
import type { SurvivalInput, SurvivalSample } from "./survival-input.ts";

/**
 * The given rows (or all) with a weight above 0, by duration. With weights equal durations are in an order of their own, by event, risk
 * and weight, so that the order of the rows does not show in sums; without, sums are of whole numbers.
 */
export function survivalSample(input: SurvivalInput, rows: Uint32Array | undefined): SurvivalSample {
  const own = rows ?? Uint32Array.from(input.durations.keys());
  const { weights } = input;
  const kept = weights === undefined ? undefined : weightedRows(gather(weights, own));
  let order = kept === undefined ? own : gather(own, kept);
  const events = Float64Array.from(input.events);
  const risks = Float64Array.from(input.risks);
  const keys = weights === undefined ? [input.durations] : [weights, risks, events, input.durations];
  for (const key of keys) order = gather(order, ascendingOrder(gather(key, order)));
  return {
    rows: order,
    durations: gather(input.durations, order),
    events: gather(input.events, order),
    risks: gather(risks, order),
    weights: weights === undefined ? undefined : gather(weights, order),
    survivals: (input.survivals ?? []).map(({ time, values }) => ({ time, values: gather(values, order) })),
  };
}

/** 0 for the lowest; equal values have one rank. */
export function ranksOf(values: Float64Array): { readonly ranks: Uint32Array; readonly count: number } {
  const order = ascendingOrder(values);
  const ranks = new Uint32Array(values.length);
  let count = 0;
  for (let place = 0; place < order.length; place += 1) {
    const row = order[place] ?? 0;
    if (place > 0 && values[row] !== values[order[place - 1] ?? 0]) count += 1;
    ranks[row] = count;
  }
  return { ranks, count: order.length === 0 ? 0 : count + 1 };
}

/** `start` to before `end` of each run of equal durations. */
export function durationBlocks(durations: Float64Array): { readonly start: number; readonly end: number }[] {
  const blocks: { start: number; end: number }[] = [];
  for (let start = 0; start < durations.length; ) {
    let end = start + 1;
    while (end < durations.length && durations[end] === durations[start]) end += 1;
    blocks.push({ start, end });
    start = end;
  }
  return blocks;
}
