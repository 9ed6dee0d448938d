import { ExactSum } from "../exact-sum.ts";

/** Keys below this stand in an array. */
const mostDense = 4096;

/** How many rows there are of each key, a whole number from 0 on. */
export class Tally {
  #dense = new Float64Array(64);
  readonly #sparse = new Map<number, number>();

  add(key: number): void {
    if (key >= mostDense) {
      this.#sparse.set(key, (this.#sparse.get(key) ?? 0) + 1);
      return;
    }
    if (key >= this.#dense.length) {
      const more = new Float64Array(Math.min(mostDense, 2 ** (32 - Math.clz32(key))));
      more.set(this.#dense);
      this.#dense = more;
    }
    this.#dense[key] = (this.#dense[key] ?? 0) + 1;
  }

  *entries(): Iterable<readonly [key: number, rows: number]> {
    for (const [key, rows] of this.#dense.entries()) if (rows > 0) yield [key, rows];
    yield* this.#sparse;
  }
}

/** Numbers each different value, as long as they are few. */
export class FewValues {
  readonly #places = new Map<number, number>();
  readonly #values: number[] = [];

  /** The number of a value; undefined for one more than so many. */
  placeOf(value: number): number | undefined {
    const known = this.#places.get(value);
    if (known !== undefined || this.#values.length >= mostDense) return known;
    this.#places.set(value, this.#values.length);
    return this.#values.push(value) - 1;
  }

  valueAt(place: number): number {
    return this.#values[place] ?? Number.NaN;
  }
}

/** So many times half of a double's digits is a double again. */
const mostTimes = 2 ** 26;

/** Adds a term so many times, exactly, as if one after the other. */
export function addTimes(sum: ExactSum, term: number, times: number): void {
  const split = 134_217_729 * term;
  const high = split - (split - term);
  for (let left = times; left > 0; left -= mostTimes) {
    const now = Math.min(left, mostTimes);
    sum.add(high * now);
    sum.add((term - high) * now);
  }
}

/** The sum of a term over rows that were counted by key, rounded once. */
export function sumOver(tally: Tally, term: (key: number) => number): number {
  const sum = new ExactSum();
  for (const [key, rows] of tally.entries()) addTimes(sum, term(key), rows);
  return sum.value;
}
