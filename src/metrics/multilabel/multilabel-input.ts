/** One of the labels that a row may have. */
interface LabelColumn {
  readonly name: string;
  /** 1 where a row has it, else 0. */
  readonly truths: Uint8Array;
  /** Finite; higher means more likely. All labels have scores, or none. */
  readonly scores: Float64Array | Float32Array | undefined;
  /** 1 where the model gives it. All labels have predictions, or none; without them the scores are held against the threshold. */
  readonly predictions: Uint8Array | undefined;
}

export interface MultilabelInput {
  readonly labels: readonly LabelColumn[];
  /** At least 0, not all 0. */
  readonly weights?: Float64Array | undefined;
  /** Predicted where score >= threshold. Null: no label can be told from these scores. */
  readonly threshold: number | null;
}
