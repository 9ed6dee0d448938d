import { ExactSum } from "./exact-sum.ts";
import { selectPlace, smallestFrom } from "./order-statistic.ts";
import { ColumnSorter } from "./sort-columns.ts";
import { RunningSum } from "./sums/running-sum.ts";

/**
 * The quantile of a share (0 to 1) of the weight: the smallest value below or at which that share lies, and the mean with the next
 * one where it is met exactly. Of unweighted values at 0.5 the median. Weights above 0. Source: "averaged inverted CDF", method 2
 * of Hyndman and Fan (1996), as scikit-learn 1.9's weighted medians. NaN of nothing.
 */
export function quantileOf(values: Float64Array, weights: Float64Array | undefined, share: number): number {
  return quantilesOf(values, weights, [share])[0] ?? Number.NaN;
}

/** The same of each share. */
export function quantilesOf(
  values: Float64Array,
  weights: Float64Array | undefined,
  shares: readonly number[],
): number[] {
  if (weights === undefined) {
    const own = Float64Array.from(values);
    return shares.map((share) => plainQuantile(own, share));
  }
  if (shares.length === 0) return [];
  const total = new ExactSum();
  total.addAll(weights);
  const [sorted = values, own = weights] = new ColumnSorter(values.length).sort([values, weights]);
  return shares.map((share) => {
    const found = new WeightedQuantile(total.value, share);
    found.take(sorted, own);
    return found.value;
  });
}

/** Of values in any order, which are put into another; NaN of none. */
export function plainQuantile(values: Float64Array, share: number): number {
  if (values.length === 0) return Number.NaN;
  const { place, isMet } = placeOf(share, values.length);
  const value = selectPlace(values, place - 1);
  const next = isMet ? smallestFrom(values, place) : undefined;
  return next === undefined ? value : middle(value, next);
}

/** The place, from 1, of the quantile of so many values; `isMet`: the mean with the next one is meant, where there is one. */
export function placeOf(share: number, count: number): { readonly place: number; readonly isMet: boolean } {
  const target = share * count;
  const place = Math.min(count, Math.max(1, Math.ceil(target)));
  return { place, isMet: place - target <= Number.EPSILON };
}

/** So much less than the target a sum with rounding errors must be to be certainly below it. */
const surelyBelow = 1 - 1e-12;

/** `quantileOf` of values that come in ascending order, some at a time. */
export class WeightedQuantile {
  readonly #target: number;
  readonly #below = new ExactSum();
  readonly #rough = new RunningSum();
  #last = Number.NaN;
  #found: number | undefined;

  /** Of a total weight. */
  constructor(total: number, share: number) {
    this.#target = share * total;
  }

  /** True: it is known, and no more is needed. */
  take(values: Float64Array, weights: Float64Array): boolean {
    let added = 0;
    for (let row = 0; row < values.length && this.#found === undefined; row += 1) {
      const value = values[row] ?? Number.NaN;
      // Equal values together: the order of the rows among them must not show.
      if (value !== this.#last && this.#rough.value >= this.#target * surelyBelow) {
        this.#below.addAll(weights.subarray(added, row));
        added = row;
        const below = this.#below.value;
        if (below >= this.#target && !Number.isNaN(this.#last)) {
          const isMet = below - this.#target <= Number.EPSILON;
          this.#found = isMet ? middle(this.#last, value) : this.#last;
        }
      }
      this.#last = value;
      this.#rough.add(weights[row] ?? 0);
    }
    this.#below.addAll(weights.subarray(added));
    return this.#found !== undefined;
  }

  /** When all values were taken; the last one holds what rounding leaves over. */
  get value(): number {
    return this.#found ?? this.#last;
  }
}

/** Without overflow where both are huge; exact elsewhere. */
export function middle(one: number, other: number): number {
  const sum = one + other;
  return Number.isFinite(sum) ? sum / 2 : one / 2 + other / 2;
}
