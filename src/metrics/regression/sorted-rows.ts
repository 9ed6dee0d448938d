/** Rows by ascending values, as they come some at a time. */
export interface SortedRows {
  /** What they are sorted by, first, and what travels with it. */
  readonly columns: readonly Float64Array[];
  /** Rows still to come that are tied with the last one. */
  readonly ahead: number;
}

const sliceRows = 2 ** 15;

/** Columns sorted by the first one, slice by slice. `ahead`: rows tied with the last one that come in other columns. */
export function* slicesOf(columns: readonly Float64Array[], ahead = 0): Generator<SortedRows> {
  const [values = new Float64Array()] = columns;
  for (let start = 0; start < values.length; start += sliceRows) {
    const end = Math.min(start + sliceRows, values.length);
    const tieEnd = endOfTie(values, end);
    yield {
      columns: columns.map((column) => column.subarray(start, end)),
      ahead: tieEnd - end + (tieEnd === values.length ? ahead : 0),
    };
  }
}

/** Where the rows end that are tied with the one before `end`. */
function endOfTie(values: Float64Array, end: number): number {
  const value = values[end - 1] ?? Number.NaN;
  let [low, high] = [end, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

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
