import { RowSorter } from "./binary/radix-sort.ts";

/** Sorts columns by the first of them, lowest first; rows of equal values stay in their order. */
export class ColumnSorter {
  readonly #sorter: RowSorter;
  readonly #keys: Float64Array;
  readonly #rows: Uint32Array;

  /** For at most so many rows. */
  constructor(mostRows: number) {
    this.#keys = new Float64Array(mostRows);
    this.#rows = new Uint32Array(mostRows);
    this.#sorter = new RowSorter({ scores: this.#keys, payloads: this.#rows }, mostRows);
  }

  /** Finite values; a -0 among the first column becomes 0. The columns stay as they are. */
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
    const values = new Float64Array(length);
    for (let place = 0; place < length; place += 1) values[place] = 0 - (sorted.scores[place] ?? 0);
    if (others.length === 0) return [values];
    const order = sorted.payloads;
    keepOrder(values, order);
    return [values, ...others.map((column) => gathered(column, order))];
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

function gathered(column: Float64Array, order: ArrayLike<number>): Float64Array {
  const found = new Float64Array(order.length);
  for (let place = 0; place < found.length; place += 1) found[place] = column[order[place] ?? 0] ?? 0;
  return found;
}
