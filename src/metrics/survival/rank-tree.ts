/** Sums of weights by rank, of which those below a rank are read in logarithmic time (Fenwick 1994). */
export class RankTree {
  readonly #sums: Float64Array;
  readonly #own: Float64Array;
  total = 0;

  constructor(ranks: number) {
    this.#sums = new Float64Array(ranks + 1);
    this.#own = new Float64Array(ranks);
  }

  add(rank: number, weight: number): void {
    const sums = this.#sums;
    for (let node = rank + 1; node < sums.length; node += node & -node)
      sums[node] = (sums[node] ?? 0) + weight;
    this.#own[rank] = (this.#own[rank] ?? 0) + weight;
    this.total += weight;
  }

  /** Of the ranks below. */
  below(rank: number): number {
    let sum = 0;
    for (let node = rank; node > 0; node -= node & -node) sum += this.#sums[node] ?? 0;
    return sum;
  }

  at(rank: number): number {
    return this.#own[rank] ?? 0;
  }
}
