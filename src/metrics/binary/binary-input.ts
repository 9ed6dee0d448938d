import type { Grouping } from "../metric-set.ts";

export interface BinaryInput {
  /** 0 or 1 a row. */
  readonly labels: Uint8Array;
  /** Finite; higher means more likely 1. Float32 where the column is: ties, and the clip of log-loss, are those of float32. */
  readonly scores: Float64Array | Float32Array;
  /** Of the scores, where it is known already. */
  readonly range?: { readonly smallest: number; readonly largest: number } | undefined;
  /** Finite, none negative, one positive at least. Rows of weight 0 count in no metric. Undefined: every row counts once. */
  readonly weights?: Float64Array | undefined;
  /** Predicted 1 where score >= threshold. Null: no class can be told from these scores. */
  readonly threshold: number | null;
  readonly options?: BinaryOptions;
}

/** Which metrics are made beside the fixed ones. */
export interface BinaryOptions {
  /** `fbeta{beta=2}` for each; above 0. */
  readonly betas?: readonly number[];
  /** `lift@10%` and `gain@10%` for each; shares in (0, 1]. Default 0.1. */
  readonly shares?: readonly number[];
  /** `roc_auc@fpr<=0.1` for each; in (0, 1). */
  readonly maxFprs?: readonly number[];
  /** Bins of `ece{bins=15,strategy=uniform}` and of the calibration table. Default 15. */
  readonly calibrationBins?: number;
  /** `recall@precision>=0.9` among the threshold choices, for each. */
  readonly minPrecisions?: readonly number[];
  /** `precision@recall>=0.8` among the threshold choices, for each. */
  readonly minRecalls?: readonly number[];
  /** `fpr@tpr>=0.95` among the threshold choices, for each. */
  readonly minTprs?: readonly number[];
  /** `cost{fp=1,fn=5}` among the threshold choices, for each. */
  readonly costs?: readonly CostMatrix[];
}

/** What a row of each kind costs; a benefit is negative. */
export interface CostMatrix {
  readonly falsePositive: number;
  readonly falseNegative: number;
  /** Default 0. */
  readonly truePositive?: number;
  /** Default 0. */
  readonly trueNegative?: number;
}

/** Throws a RangeError for what the caller should have refused; scores that are not finite are found when they are sorted. */
export function checkInput(
  input: Pick<BinaryInput, "labels" | "weights"> & { readonly scores?: BinaryInput["scores"] },
  groupings: readonly Grouping[],
): void {
  const { labels, scores, weights } = input;
  const lengths = [scores?.length, weights?.length, ...groupings.map((grouping) => grouping.codes.length)];
  const wrong = lengths.find((length) => length !== undefined && length !== labels.length);
  if (wrong !== undefined) throw new RangeError(`a column has ${wrong} rows, the labels ${labels.length}`);
  // Quickly over all rows first; which row it is matters only where one is wrong.
  for (const { codes, count } of groupings) {
    const row = areUpTo(codes, count - 1) ? -1 : codes.findIndex((code) => code >= count);
    if (row >= 0) throw new RangeError(`row ${row} has a group code beyond ${count - 1}`);
  }
  const mislabelled = areUpTo(labels, 1) ? -1 : labels.findIndex((label) => label > 1);
  if (mislabelled >= 0)
    throw new RangeError(`row ${mislabelled} has the label ${labels[mislabelled]}, not 0 or 1`);
  if (weights !== undefined) checkWeights(weights);
}

/** Whether none is above `most`. The bits of all values together are a quick answer where they say yes. */
function areUpTo(values: Uint8Array | Uint32Array, most: number): boolean {
  let bits = 0;
  let row = 0;
  if (values instanceof Uint8Array && values.byteOffset % 4 === 0) {
    const words = new Uint32Array(values.buffer, values.byteOffset, Math.floor(values.length / 4));
    for (let word = 0; word < words.length; word += 1) bits |= words[word] ?? 0;
    bits |= bits >>> 16;
    bits = (bits | (bits >>> 8)) & 255;
    row = 4 * words.length;
  }
  for (; row < values.length; row += 1) bits |= values[row] ?? 0;
  return bits >>> 0 <= most || values.every((value) => value <= most);
}

function checkWeights(weights: Float64Array): void {
  let isAnyPositive = weights.length === 0;
  for (let row = 0; row < weights.length; row += 1) {
    const weight = weights[row] ?? 0;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
      throw new RangeError(`row ${row} has the weight ${weight}`);
    if (weight > 0) isAnyPositive = true;
  }
  if (!isAnyPositive) throw new RangeError("all weights are 0");
}
