import { RowSorter } from "./binary/radix-sort.ts";

/** Sorts columns by the first of them, lowest first; rows of equal values stay in their order. */
export class ColumnSorter {
  readonly #sorter: RowSorter;
  readonly #keys: Float64Array;
  readonly #rows: Uint32Array;
  /** For the answer and the one before it, column by column. */
  readonly #answers: [Float64Array[], Float64Array[]] = [[], []];

  /** For at most so many rows. */
  constructor(mostRows: number) {
    this.#keys = new Float64Array(mostRows);
    this.#rows = new Uint32Array(mostRows);
    this.#sorter = new RowSorter({ scores: this.#keys, payloads: this.#rows }, mostRows);
  }

  /**
   * Finite values; a -0 among the first column becomes 0. The columns stay as they are. The answer stands in memory that the sort after the
   * next one uses again.
   */
  sort(columns: readonly Float64Array[]): Float64Array[] {
    const [first = new Float64Array(), ...others] = columns;
    const { length } = first;
    const keys = this.#keys.subarray(0, length);
    const rows = this.#rows.subarray(0, length);
    // The sorter puts the highest first, and takes no -0.
    let isSigned = false;
    for (let row = 0; row < length; row += 1) {
      const key = 0 - (first[row] ?? 0);
      keys[row] = key;
      rows[row] = row;
      if (key < 0) isSigned = true;
    }
    const sorted = this.#sorter.sort({ scores: keys, payloads: rows }, isSigned);
    const own = this.#answers.reverse()[0] ?? [];
    const answer = columns.map((_, index) => {
      own[index] ??= new Float64Array(this.#keys.length);
      return own[index].subarray(0, length);
    });
    const [values = new Float64Array(), ...gathered] = answer;
    for (let place = 0; place < length; place += 1) values[place] = 0 - (sorted.scores[place] ?? 0);
    if (others.length > 0) keepOrder(values, sorted.payloads);
    for (const [index, column] of others.entries()) gather(column, sorted.payloads, gathered[index]);
    return answer;
  }
}

/** Rows of one value in their order again. */
function keepOrder(values: Float64Array, order: Uint8Array | Uint16Array | Uint32Array): void {
  for (let start = 0; start < values.length; ) {
    const value = values[start];
    let end = start + 1;
    let isRising = true;
    for (; end < values.length && values[end] === value; end += 1)
      isRising &&= (order[end - 1] ?? 0) < (order[end] ?? 0);
    if (!isRising) order.subarray(start, end).sort();
    start = end;
  }
}

function gather(column: Float64Array, order: ArrayLike<number>, to: Float64Array | undefined): void {
  if (to === undefined) return;
  for (let place = 0; place < to.length; place += 1) to[place] = column[order[place] ?? 0] ?? 0;
}
