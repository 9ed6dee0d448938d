import { setImmediate } from "node:timers/promises";
import { Crew } from "../binary/crew.ts";
import type { JobThread } from "../binary/job-thread.ts";
import type { Grouping } from "../metric-set.ts";
import { checkWeights } from "../sample.ts";
import { describeClasses, type MulticlassMetrics } from "./describe-classes.ts";
import type { MulticlassInput } from "./multiclass-input.ts";
import { areProbabilities, topOf } from "./probability-tally.ts";
import { rankClasses } from "./rank-classes.ts";
import { RowWalk } from "./row-walk.ts";

/** Rows of each stretch that is looked at at once. */
const stretchRows = 2 ** 15;

/**
 * `accuracy, balanced_accuracy, f1/precision/recall_macro/_weighted, mcc, cohen_kappa` of the classes, and with probabilities
 * `log_loss, brier` (0 to 2)`, top_k_accuracy@k, roc_auc_ovr/_ovo/_weighted, average_precision_macro` by scikit-learn's definitions
 * (1.9.1). Micro averages are the accuracy and left out. Where scikit-learn falls back on a convention the metric is undefined
 * with the reason. The order of rows changes nothing, not even the last bit, nor do the threads. Throws the reason of `signal` soon
 * after it is aborted.
 */
export async function multiclassMetrics(
  input: MulticlassInput,
  groupings: readonly Grouping[] = [],
  { helper, signal }: { readonly helper?: JobThread | undefined; readonly signal?: AbortSignal } = {},
): Promise<MulticlassMetrics> {
  checkInput(input);
  const { classes, probabilities, weights } = input;
  const rows = await alongRows(input, groupings, signal);
  const truths = rows[0]?.[0]?.table.truths ?? new Float64Array();
  const crew = new Crew(helper === undefined ? [] : [helper], signal);
  const rankings =
    probabilities && (await rankClasses({ ...input, probabilities }, groupings, { crew, truths }));
  const isProbability = probabilities !== undefined && areProbabilities(probabilities);
  return describeClasses({ classes, rows, rankings, isProbability, isWeighted: weights !== undefined });
}

/** Others have their turn after each stretch. */
async function alongRows(
  { classes, labels, predictions, probabilities, weights, topK }: MulticlassInput,
  groupings: readonly Grouping[],
  signal: AbortSignal | undefined,
): Promise<RowWalk["groups"]> {
  const counts = groupings.map((grouping) => grouping.count);
  const walk = new RowWalk(classes.length, counts, probabilities && topOf(classes.length, topK));
  for (let start = 0; start < labels.length; start += stretchRows) {
    signal?.throwIfAborted();
    const end = start + stretchRows;
    walk.add({
      labels: labels.subarray(start, end),
      predictions: predictions?.subarray(start, end),
      probabilities: probabilities?.map((column) => column.subarray(start, end)),
      weights: weights?.subarray(start, end),
      codes: groupings.map(({ codes }) => codes.subarray(start, end)),
    });
    await setImmediate();
  }
  return walk.groups;
}

function checkInput({ classes, labels, predictions, probabilities, weights }: MulticlassInput): void {
  checkWeights(weights, labels.length);
  if (probabilities !== undefined && probabilities.length !== classes.length)
    throw new RangeError(`${probabilities.length} columns of probabilities for ${classes.length} classes`);
  if (!areUpTo(labels, classes.length - 1) || (predictions && !areUpTo(predictions, classes.length - 1)))
    throw new RangeError("a label or a prediction is none of the classes");
}

function areUpTo(codes: Uint32Array, most: number): boolean {
  let largest = 0;
  for (let row = 0; row < codes.length; row += 1) largest = Math.max(largest, codes[row] ?? 0);
  return largest <= most;
}
