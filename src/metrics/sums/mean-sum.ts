import { ExactSum } from "../exact-sum.ts";

/** So many rows are looked at together: what is worked out of them stays in the caches of a processor. */
export const blockRows = 2048;

const weighed = new Float64Array(blockRows);

/** A mean of terms that come some at a time, summed exactly. */
export class MeanSum {
  readonly #sum = new ExactSum();

  /** At most `blockRows` terms. */
  add(terms: Float64Array, weights: Float64Array | undefined): void {
    if (weights === undefined) {
      this.#sum.addAll(terms);
      return;
    }
    const { length } = terms;
    for (let row = 0; row < length; row += 1) weighed[row] = (weights[row] ?? 0) * (terms[row] ?? 0);
    this.#sum.addAll(weighed.subarray(0, length));
  }

  /** Over the sum of the weights, or the number of rows. */
  over(weight: number): number {
    return this.#sum.value / weight;
  }
}
