import { ExactSum } from "../exact-sum.ts";
import { addTimes, type FewValues, Tally } from "./tally.ts";

/**
 * The sum of a figure of each row, and of its squared distances from the mean. Rows of equal figures are counted. Where there are too
 * many different ones, the other rows are added up one by one, and must be gone along once more when the mean is known. Either way the
 * sums are exact and rounded once.
 */
export class ValueMean {
  readonly #values: FewValues;
  readonly #tally = new Tally();
  readonly #others = new ExactSum();
  readonly #squares = new ExactSum();
  #isCounted = true;
  #sum: number | undefined;

  /** `values`: which number each value has that may be added. */
  constructor(values: FewValues) {
    this.#values = values;
  }

  /** `place`: the number of the value. */
  add(place: number | undefined, value: number): void {
    if (place === undefined) {
      this.#others.add(value);
      this.#isCounted = false;
    } else this.#tally.add(place);
  }

  /** The same rows once more, when their mean is known. */
  addAgain(place: number | undefined, value: number, mean: number): void {
    if (place === undefined) this.#squares.add((value - mean) ** 2);
  }

  /** False: `squares` wants the rows once more. */
  get isCounted(): boolean {
    return this.#isCounted;
  }

  /** When all rows were added. */
  get sum(): number {
    this.#sum ??= this.#addCounted(this.#others, (value) => value);
    return this.#sum;
  }

  /** To be asked for once. */
  squares(mean: number): number {
    return this.#addCounted(this.#squares, (value) => (value - mean) ** 2);
  }

  #addCounted(sum: ExactSum, term: (value: number) => number): number {
    for (const [place, rows] of this.#tally.entries()) addTimes(sum, term(this.#values.valueAt(place)), rows);
    return sum.value;
  }
}
