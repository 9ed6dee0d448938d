/** Pairs of so many rows. */
export function pairsOf(rows: number): number {
  return (rows * (rows - 1)) / 2;
}

/** Gives rows that come in ascending order their ranks: 1 for the lowest; the mean of their places for equal values. */
export class Ranking {
  /** Pairs of rows of equal values. */
  ties = 0;
  #done = 0;
  /** Where the rows began that are tied with the first one to come. */
  #tied: number | undefined;

  take(values: Float64Array, ahead: number, ranks: Float64Array): void {
    for (let start = 0; start < values.length; ) {
      const value = values[start];
      let end = start + 1;
      while (end < values.length && values[end] === value) end += 1;
      const first = this.#tied ?? this.#done + start;
      const last = this.#done + end + (end === values.length ? ahead : 0);
      ranks.fill((first + last + 1) / 2, start, end);
      const isOpen = end === values.length && ahead > 0;
      this.#tied = isOpen ? first : undefined;
      if (!isOpen) this.ties += pairsOf(last - first);
      start = end;
    }
    this.#done += values.length;
  }
}
