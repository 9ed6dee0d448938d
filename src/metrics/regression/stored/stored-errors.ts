import { RowSample, type RowStream, type SortWays } from "../../stored/sorted-stream.ts";
import { storedQuantiles } from "../../stored/stored-quantiles.ts";
import type { StoredSample } from "../../stored/stored-table.ts";
import { type FirstFigures, FirstSums } from "../first-sums.ts";
import type { RegressionRows } from "../regression-sample.ts";

/** What one look at stored rows tells, and values from all over them. */
export interface FirstLook {
  readonly first: FirstFigures;
  readonly samples: { readonly truths: RowSample; readonly predictions: RowSample };
}

/** Rows that may be too many for memory: truths, predictions, weights where there are any. */
export interface StoredErrors extends FirstLook {
  readonly sample: StoredSample;
  readonly ways: SortWays;
}

export function rowsOf([
  truths = new Float64Array(),
  predictions = truths,
  weights,
]: readonly Float64Array[]): RegressionRows {
  return { truths, predictions, weights };
}

export async function* watchedRows(
  sample: StoredSample,
  { signal, onRows }: SortWays,
): AsyncIterable<RegressionRows> {
  for await (const block of sample.blocks()) {
    signal?.throwIfAborted();
    const rows = rowsOf(block);
    yield rows;
    onRows(rows.truths.length);
  }
}

/** `powers`: of deviances. */
export async function lookFirst(
  sample: StoredSample,
  ways: SortWays,
  powers: readonly number[],
): Promise<FirstLook> {
  const sums = new FirstSums(sample.isWeighted, powers);
  const samples = { truths: new RowSample(sample.rows), predictions: new RowSample(sample.rows) };
  for await (const block of watchedRows(sample, ways)) {
    sums.take(block);
    samples.truths.take(block.truths);
    samples.predictions.take(block.predictions);
  }
  return { first: sums.figures, samples };
}

/** Of the absolute errors the median. */
export async function medianSize(work: StoredErrors): Promise<number> {
  const { first } = work;
  const weight = first.isWeighted ? first.weight : undefined;
  const stream = errorStream(work, Math.abs, first.isWeighted);
  const [median = Number.NaN] = await storedQuantiles(stream, work.ways, { shares: [0.5], weight });
  return median;
}

/** Something of each error, with the weights or without. */
export function errorStream(
  { sample, first, samples }: StoredErrors,
  of: (error: number) => number,
  isWeighted: boolean,
): RowStream {
  const errorsOf = (truths: Float64Array, predictions: Float64Array) =>
    truths.map((truth, row) => of((predictions[row] ?? Number.NaN) - truth));
  return {
    rows: first.count,
    columns: isWeighted ? 2 : 1,
    sample: errorsOf(samples.truths.values, samples.predictions.values),
    async *blocks() {
      for await (const block of sample.blocks()) {
        const { truths, predictions, weights } = rowsOf(block);
        const errors = errorsOf(truths, predictions);
        yield isWeighted && weights !== undefined ? [errors, weights] : [errors];
      }
    },
  };
}
