import { ExactSum } from "./exact-sum.ts";
import { ascendingOrder } from "./score-order.ts";

/**
 * The quantile of a share (0 to 1) of the weight: the smallest value below or at which that share lies, and the mean with the next
 * one where it is met exactly. Of unweighted values at 0.5 the median. Weights above 0. Source: "averaged inverted CDF", method 2
 * of Hyndman and Fan (1996), as scikit-learn 1.9's weighted medians. NaN of nothing.
 */
export function quantileOf(values: Float64Array, weights: Float64Array | undefined, share: number): number {
  if (weights === undefined) return plainQuantile(Float64Array.from(values).sort(), share);
  const total = new ExactSum();
  for (const weight of weights) total.add(weight);
  const target = share * total.value;
  const below = new ExactSum();
  const order = ascendingOrder(values);
  for (let place = 0; place < order.length; ) {
    const value = values[order[place] ?? 0] ?? Number.NaN;
    // Equal values together: the order of the rows among them must not show.
    for (; place < order.length && values[order[place] ?? 0] === value; place += 1)
      below.add(weights[order[place] ?? 0] ?? 0);
    const next = values[order[place] ?? 0];
    // The last value holds what rounding leaves over.
    if (below.value < target && place < order.length) continue;
    const isMet = below.value - target <= Number.EPSILON;
    return isMet && place < order.length && next !== undefined ? middle(value, next) : value;
  }
  return Number.NaN;
}

/** Of values in ascending order; NaN of none. */
export function plainQuantile(sorted: Float64Array, share: number): number {
  const target = share * sorted.length;
  const place = Math.min(sorted.length, Math.max(1, Math.ceil(target)));
  const value = sorted[place - 1] ?? Number.NaN;
  const next = sorted[place];
  return place - target <= Number.EPSILON && next !== undefined ? middle(value, next) : value;
}

/** Without overflow where both are huge; exact elsewhere. */
function middle(one: number, other: number): number {
  const sum = one + other;
  return Number.isFinite(sum) ? sum / 2 : one / 2 + other / 2;
}
