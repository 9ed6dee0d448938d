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
