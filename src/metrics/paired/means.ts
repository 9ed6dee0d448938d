import { RunningSum } from "../sums/running-sum.ts";
import type { PairedChange } from "./paired-change.ts";
import { student975 } from "./student.ts";

/**
 * Of a metric that is a mean over rows (log-loss, Brier, mean errors, pinball): the mean of the rows' differences with Student's t, n - 1
 * degrees of freedom. `first` and `other` hold each row's own loss. Undefined with fewer than two rows, and where it overflows.
 */
export function pairedMeans(first: Float64Array, other: Float64Array): PairedChange | undefined {
  const rows = first.length;
  const { mean, se } = meanOf(rows, (row) => (other[row] ?? Number.NaN) - (first[row] ?? Number.NaN));
  return changeOf(mean, { se, rows, method: "paired-t" });
}

/**
 * Of a root of a mean (RMSE from squared errors): the change of the roots, its standard error by the delta method: each row's difference
 * of the linear parts of the two roots. Undefined as in `pairedMeans`, and where a root is 0.
 */
export function pairedRoots(first: Float64Array, other: Float64Array): PairedChange | undefined {
  const rows = first.length;
  const before = Math.sqrt(meanOf(rows, (row) => first[row] ?? Number.NaN).mean);
  const after = Math.sqrt(meanOf(rows, (row) => other[row] ?? Number.NaN).mean);
  if (!(before > 0 && after > 0)) return undefined;
  const { se } = meanOf(
    rows,
    (row) => (other[row] ?? Number.NaN) / (2 * after) - (first[row] ?? Number.NaN) / (2 * before),
  );
  return changeOf(after - before, { se, rows, method: "paired-t" });
}

/** Mean and its standard error (ddof 1). The order of the rows may show in the last bit: callers sort them by their ids. */
export function meanOf(
  rows: number,
  value: (row: number) => number,
): { readonly mean: number; readonly se: number } {
  const sum = new RunningSum();
  for (let row = 0; row < rows; row += 1) sum.add(value(row));
  const mean = sum.value / rows;
  const squares = new RunningSum();
  for (let row = 0; row < rows; row += 1) squares.add((value(row) - mean) ** 2);
  return { mean, se: Math.sqrt(squares.value / (rows - 1) / rows) };
}

/** With Student's t. Undefined with fewer than two rows, and where it overflows. */
export function changeOf(
  change: number,
  { se, rows, method }: { readonly se: number; readonly rows: number; readonly method: string },
): PairedChange | undefined {
  if (rows < 2 || !Number.isFinite(change) || !Number.isFinite(se)) return undefined;
  const reach = student975(rows - 1) * se;
  return { change, se, low: change - reach, high: change + reach, method };
}
