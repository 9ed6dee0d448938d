import type { AggregateMeasure, Value } from "../plan/measure.ts";

type Quantiles = AggregateMeasure & { readonly kind: "quantiles" };

/** The ranks (from 0) of the values below and above each share among `count` values, as numpy's linear index has them. */
export function ranksOf(at: readonly number[], count: number): readonly number[] {
  const ranks = at.flatMap((share) => {
    const index = share * (count - 1);
    return [Math.floor(index), Math.ceil(index)];
  });
  return [...new Set(ranks)].toSorted((a, b) => a - b);
}

/** The share that makes quantile_disc give the value of a rank: it takes value ceil(share * count). */
export const shareOfRank = (rank: number, count: number): number => (rank + 0.5) / count;

/** numpy's methods: `nearest` takes the even rank where both are as near. `valueAt` gives the value of a rank. */
export function pickQuantiles(
  measure: Quantiles,
  count: number,
  valueAt: (rank: number) => Value,
): readonly Value[] {
  return measure.at.map((share) => {
    if (count === 0) return null;
    const index = share * (count - 1);
    const [low, high] = [Math.floor(index), Math.ceil(index)];
    switch (measure.method) {
      case "lower":
        return valueAt(low);
      case "higher":
        return valueAt(high);
      case "nearest":
        return valueAt(nearestRank(index));
      default:
        return middle(valueAt(low), valueAt(high));
    }
  });
}

function nearestRank(index: number): number {
  const low = Math.floor(index);
  const above = index - low;
  if (above !== 0.5) return above < 0.5 ? low : low + 1;
  return low % 2 === 0 ? low : low + 1;
}

function middle(low: Value, high: Value): Value {
  const [first, second] = [Number(low), Number(high)];
  return Number.isNaN(first) || Number.isNaN(second) ? low : (first + second) / 2;
}
