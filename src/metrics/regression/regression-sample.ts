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
