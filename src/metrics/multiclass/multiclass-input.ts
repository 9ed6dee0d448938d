export interface MulticlassInput {
  /** At least two names. Those that occur nowhere are allowed: an explicit list keeps figures comparable. */
  readonly classes: readonly string[];
  /** Places in `classes`. */
  readonly labels: Uint32Array;
  /** Places in `classes`; undefined: the class of the highest probability, the first of equal ones. */
  readonly predictions: Uint32Array | undefined;
  /** One array a class, finite, 0 to 1; undefined: classes only. */
  readonly probabilities: readonly (Float64Array | Float32Array)[] | undefined;
  /** At least 0, not all 0. */
  readonly weights?: Float64Array | undefined;
  /** Default: 2, and 5 above ten classes. */
  readonly topK?: readonly number[];
}
