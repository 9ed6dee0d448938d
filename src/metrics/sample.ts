import { ExactSum } from "./exact-sum.ts";
import type { Grouping } from "./metric-set.ts";

/** The rows that belong to each group, in their order. */
export function rowsByGroup({ codes, count }: Grouping): readonly Uint32Array[] {
  const sizes = new Uint32Array(count);
  for (const [row, code] of codes.entries()) {
    if (code >= count) throw new RangeError(`row ${row} has a group code beyond ${count - 1}`);
    sizes[code] = (sizes[code] ?? 0) + 1;
  }
  const groups = Array.from(sizes, (size) => new Uint32Array(size));
  const filled = new Uint32Array(count);
  for (let row = 0; row < codes.length; row += 1) {
    const code = codes[row] ?? 0;
    const place = filled[code] ?? 0;
    const group = groups[code];
    if (group !== undefined) group[place] = row;
    filled[code] = place + 1;
  }
  return groups;
}

/** Rows with a weight above 0, as scikit-learn drops the others first; undefined where there are no weights or none is 0. */
export function weightedRows(weights: Float64Array | undefined): Uint32Array | undefined {
  if (weights === undefined || !weights.includes(0)) return undefined;
  return Uint32Array.from(weights.keys()).filter((row) => weights[row] !== 0);
}

/** The values at `rows`, or all of them. */
export function gather<T extends Float64Array | Float32Array | Uint32Array | Uint8Array>(
  values: T,
  rows: Uint32Array | undefined,
): T;
export function gather(values: Float64Array, rows: Uint32Array | undefined): Float64Array {
  if (rows === undefined) return values;
  const found = values.slice(0, rows.length);
  for (let place = 0; place < rows.length; place += 1) found[place] = values[rows[place] ?? 0] ?? Number.NaN;
  return found;
}

/** Throws `RangeError` for weights that make figures nonsense: scikit-learn takes negative ones and answers F1 = 2. */
export function checkWeights(weights: Float64Array | undefined, rows: number): void {
  if (weights === undefined) return;
  if (weights.length !== rows) throw new RangeError(`${weights.length} weights for ${rows} rows`);
  const wrong = weights.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
  if (wrong >= 0) throw new RangeError(`row ${wrong} has the weight ${weights[wrong]}`);
}

/** Terms that are worked out before they are added up. */
const blockTerms = 2048;

/** The sum of `term(row)` over rows 0 to `rows` - 1, rounded once: the order of the rows does not show. */
export function exactSumOf(rows: number, term: (row: number) => number): number {
  const sum = new ExactSum();
  const terms = new Float64Array(Math.min(rows, blockTerms));
  for (let start = 0; start < rows; start += blockTerms) {
    const length = Math.min(blockTerms, rows - start);
    for (let place = 0; place < length; place += 1) terms[place] = term(start + place);
    sum.addAll(terms.subarray(0, length));
  }
  return sum.value;
}
