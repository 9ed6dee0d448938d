import { ExactSum } from "../exact-sum.ts";

/** How well the last season repeats itself in a training series; NaN where it has no two values a season apart. */
export interface NaiveScale {
  readonly mae: number;
  readonly rmse: number;
}

/**
 * The errors of the seasonal naive forecast (the value of `season` steps before) within training series, by which MASE and RMSSE
 * divide. The values of a series come one after the other, in the order of time.
 */
export class NaiveErrors {
  readonly #season: number;
  /** The values of the last season, where it has begun; the next one stands at `#next`. */
  readonly #last: number[] = [];
  #next = 0;
  #absolute = new ExactSum();
  #squared = new ExactSum();
  #count = 0;

  constructor(season: number) {
    this.#season = season;
  }

  add(value: number): void {
    const before = this.#last[this.#next];
    if (before !== undefined) {
      const step = value - before;
      this.#absolute.add(Math.abs(step));
      this.#squared.add(step ** 2);
      this.#count += 1;
    }
    this.#last[this.#next] = value;
    this.#next = this.#next + 1 === this.#season ? 0 : this.#next + 1;
  }

  /** When all values of a series were added: what was found, and the next one begins. */
  endSeries(): NaiveScale {
    const mae = this.#absolute.value / this.#count;
    const rmse = Math.sqrt(this.#squared.value / this.#count);
    this.#absolute = new ExactSum();
    this.#squared = new ExactSum();
    this.#count = 0;
    this.#last.length = 0;
    this.#next = 0;
    return { mae, rmse };
  }
}
