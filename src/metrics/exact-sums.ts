import { ExactSum } from "./exact-sum.ts";

/** Sums of doubles by place, each the exact sum, rounded once: the order of the terms does not show. */
export class ExactSums {
  readonly #sums: Float64Array;
  /** What the sums leave over. */
  readonly #rests: Float64Array;
  /** The sums that two doubles do not hold. */
  readonly #inexact = new Map<number, ExactSum>();

  /** Both are 0. */
  constructor(sums: Float64Array, rests: Float64Array) {
    this.#sums = sums;
    this.#rests = rests;
  }

  /** A term of at least 0. */
  add(place: number, term: number): void {
    const before = this.#sums[place] ?? 0;
    const inexact = before === 0 || this.#inexact.size === 0 ? undefined : this.#inexact.get(place);
    if (inexact !== undefined) {
      inexact.add(term);
      return;
    }
    const sum = before + term;
    const added = sum - before;
    this.#sums[place] = sum;
    const left = before - (sum - added) + (term - added);
    if (left === 0) return;
    const rest = this.#rests[place] ?? 0;
    const both = rest + left;
    const addedLeft = both - rest;
    if (rest - (both - addedLeft) + (left - addedLeft) === 0) {
      this.#rests[place] = both;
      return;
    }
    const exact = new ExactSum();
    for (const one of [sum, rest, left]) exact.add(one);
    this.#inexact.set(place, exact);
  }

  /** Above 0 where such a term was added. */
  isAt(place: number): boolean {
    return this.#sums[place] !== 0;
  }

  /** The sum at a place, which is then 0 again. */
  take(place: number): number {
    const sum = this.#inexact.get(place)?.value ?? (this.#sums[place] ?? 0) + (this.#rests[place] ?? 0);
    this.#inexact.delete(place);
    this.#sums[place] = 0;
    this.#rests[place] = 0;
    return sum;
  }

  /** Writes the sums where they were added up; nothing may be added after that. */
  finish(): void {
    const [sums, rests] = [this.#sums, this.#rests];
    for (let place = 0; place < sums.length; place += 1) {
      sums[place] = (sums[place] ?? 0) + (rests[place] ?? 0);
    }
    for (const [place, exact] of this.#inexact) sums[place] = exact.value;
    rests.fill(0);
    this.#inexact.clear();
  }
}
