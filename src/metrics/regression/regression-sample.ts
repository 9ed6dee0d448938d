import { gather, weightedRows } from "../sample.ts";
import { blockRows } from "../sums/mean-sum.ts";

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

/** Rows with a weight above 0: all of a sample, or some of them. */
export interface RegressionRows {
  readonly truths: Float64Array;
  readonly predictions: Float64Array;
  readonly weights: Float64Array | undefined;
}

/** Of the given rows, or of all. */
export function regressionSample(input: RegressionInput, rows: Uint32Array | undefined): RegressionRows {
  return countingRows({
    truths: gather(input.truths, rows),
    predictions: gather(input.predictions, rows),
    weights: input.weights === undefined ? undefined : gather(input.weights, rows),
  });
}

/** Without those of weight 0. */
function countingRows({ truths, predictions, weights }: RegressionRows): RegressionRows {
  const kept = weightedRows(weights);
  return {
    truths: gather(truths, kept),
    predictions: gather(predictions, kept),
    weights: weights === undefined ? undefined : gather(weights, kept),
  };
}

/** Block by block, of the same memory. */
export function* blocksOf({ truths, predictions, weights }: RegressionRows): Generator<RegressionRows> {
  for (let start = 0; start < truths.length; start += blockRows) {
    const end = start + blockRows;
    yield {
      truths: truths.subarray(start, end),
      predictions: predictions.subarray(start, end),
      weights: weights?.subarray(start, end),
    };
  }
}
