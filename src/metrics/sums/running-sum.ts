/** So many terms may be added up plainly before their sum goes into a RunningSum: it keeps 13 digits at worst, 15 as a rule. */
export const runLength = 256;

/**
 * A sum that carries the rounding error of every addition along (Neumaier 1974), good to the last bit or nearly so. The order of
 * the terms may show in that bit: only for terms that come in an order of their own, such as down the scores; else `ExactSum`.
 */
export class RunningSum {
  #sum = 0;
  #error = 0;

  add(term: number): void {
    const sum = this.#sum + term;
    const added = sum - this.#sum;
    this.#error += this.#sum - (sum - added) + (term - added);
    this.#sum = sum;
  }

  get value(): number {
    return runningValue(this.#sum, this.#error);
  }
}

/** Of a sum and the error that was carried along. */
export function runningValue(sum = 0, error = 0): number {
  // An overflow to infinity makes the error NaN.
  return Number.isFinite(sum) ? sum + error : sum;
}
