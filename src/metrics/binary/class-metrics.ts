import type { Confusion } from "../details.ts";
import { type MetricOutcome, ratio } from "../metric-set.ts";

const noPositive = "zero division: no positive row";
const noNegative = "zero division: no negative row";
const noPredictedPositive = "zero division: no row is predicted positive";

/**
 * What follows from the four counts (sums of weights) at a threshold, by scikit-learn's definitions: `accuracy,
 * balanced_accuracy, precision, recall, specificity, fpr, fnr, f1, jaccard, mcc, cohen_kappa` and `fbeta{beta=2}` for each of
 * `betas`. Undefined where a denominator is 0, whatever number scikit-learn falls back on.
 */
export function classOutcomes(
  { trueNegatives: tn, falsePositives: fp, falseNegatives: fn, truePositives: tp }: Confusion,
  betas: readonly number[] = [],
): Record<string, MetricOutcome> {
  const [positives, negatives, predicted] = [tp + fn, tn + fp, tp + fp];
  const noneAtAll = "zero division: no positive row and none predicted positive";
  return {
    accuracy: (tp + tn) / (positives + negatives),
    balanced_accuracy:
      positives === 0 || negatives === 0
        ? { undefined: positives === 0 ? noPositive : noNegative }
        : (tp / positives + tn / negatives) / 2,
    precision: ratio(tp, predicted, noPredictedPositive),
    recall: ratio(tp, positives, noPositive),
    specificity: ratio(tn, negatives, noNegative),
    fpr: ratio(fp, negatives, noNegative),
    fnr: ratio(fn, positives, noPositive),
    f1: ratio(2 * tp, predicted + positives, noneAtAll),
    jaccard: ratio(tp, predicted + fn, noneAtAll),
    mcc: matthews({ tp, fp, fn, tn }),
    cohen_kappa: kappa({ tp, fp, fn, tn }),
    ...Object.fromEntries(
      betas.map((beta) => [
        `fbeta{beta=${beta}}`,
        ratio((1 + beta ** 2) * tp, beta ** 2 * positives + predicted, noneAtAll),
      ]),
    ),
  };
}

/** Reasons for all names of `classOutcomes`. */
export function noClassOutcomes(
  reason: string,
  betas: readonly number[] = [],
): Record<string, MetricOutcome> {
  const none = classOutcomes(
    { trueNegatives: 0, falsePositives: 0, falseNegatives: 0, truePositives: 0 },
    betas,
  );
  return Object.fromEntries(Object.keys(none).map((name) => [name, { undefined: reason }]));
}

interface Cells {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

/** Matthews' correlation coefficient, from shares so that no product of four counts overflows a double's 53 bits early. */
function matthews({ tp, fp, fn, tn }: Cells): MetricOutcome {
  const sides = [tp + fn, tn + fp, tp + fp, tn + fn];
  if (sides.includes(0))
    return { undefined: "zero division: one class only, in the truth or in the prediction" };
  const [positives = 1, negatives = 1, predicted = 1, rejected = 1] = sides;
  return (tp * tn - fp * fn) / Math.sqrt(positives * negatives) / Math.sqrt(predicted * rejected);
}

/** (agreement - agreement by chance) / (1 - agreement by chance). */
function kappa({ tp, fp, fn, tn }: Cells): MetricOutcome {
  const byChance = (tp + fp) * (fp + tn) + (tp + fn) * (fn + tn);
  return ratio(
    2 * (tp * tn - fp * fn),
    byChance,
    "zero division: truth and prediction are one and the same class",
  );
}
