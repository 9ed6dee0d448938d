import { exactSumOf, gather, weightedRows } from "../sample.ts";

export interface RegressionInput {
  /** Finite. */
  readonly truths: Float64Array;
  /** Finite, in the unit of the truth. */
  readonly predictions: Float64Array;
  /** At least 0, not all 0: how much a row counts (exposure). */
  readonly weights?: Float64Array | undefined;
  /** Default 1.5. */
  readonly tweediePowers?: readonly number[];
}

/** Rows with a weight above 0. */
export interface RegressionSample {
  readonly truths: Float64Array;
  readonly predictions: Float64Array;
  readonly weights: Float64Array | undefined;
  /** Sum of the weights, or the number of rows. */
  readonly weight: number;
}

/** Of the given rows, or of all. */
export function regressionSample(input: RegressionInput, rows: Uint32Array | undefined): RegressionSample {
  const own = {
    truths: gather(input.truths, rows),
    predictions: gather(input.predictions, rows),
    weights: input.weights === undefined ? undefined : gather(input.weights, rows),
  };
  const kept = weightedRows(own.weights);
  const weights = own.weights === undefined ? undefined : gather(own.weights, kept);
  const truths = gather(own.truths, kept);
  return {
    truths,
    predictions: gather(own.predictions, kept),
    weights,
    weight: weights === undefined ? truths.length : exactSumOf(weights.length, (row) => weights[row] ?? 0),
  };
}
