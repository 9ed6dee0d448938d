import { type BinaryInput, type BinaryTally, tallyBinary } from "./binary-tally.ts";
import { type Grouping, type GroupMetrics, type MetricOutcome, metricSet, ratio } from "./metric-set.ts";
import { descendingOrder } from "./score-order.ts";

/** Of all rows, and of each group of each grouping, in the groupings' order. */
export interface BinaryMetrics {
  readonly overall: BinaryGroup;
  readonly groups: readonly (readonly BinaryGroup[])[];
}

export interface BinaryGroup extends GroupMetrics {
  readonly confusion: Confusion | null;
}

/** Rows by truth and prediction at the threshold. */
interface Confusion {
  readonly trueNegatives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly truePositives: number;
}

/** Half-machine-epsilon rule of scikit-learn: probabilities are clipped to [eps, 1 - eps], eps = finfo(dtype).eps. */
const epsilons = { float32: 2 ** -23, float64: 2 ** -52 } as const;
const notProbabilities = "scores outside [0, 1] are no probabilities";

/**
 * `roc_auc, average_precision, log_loss, brier, accuracy, precision, recall, f1` by scikit-learn's definitions (1.9.1), sorted
 * once for all of them and all subgroups. Where scikit-learn falls back on a convention (one class only, no predicted positive,
 * no row) the metric is undefined with the reason. Order of rows changes nothing, not even the last bit.
 */
export function binaryMetrics(input: BinaryInput, groupings: readonly Grouping[] = []): BinaryMetrics {
  const losses = logLosses(input);
  const sorted = { order: descendingOrder(input.scores), losses };
  const describe = (tally: BinaryTally) =>
    describeGroup(tally, { isProbability: losses !== undefined, threshold: input.threshold });
  const overall = tallyBinary(input, sorted, undefined).map(describe)[0];
  if (overall === undefined) throw new RangeError("no tally of all rows");
  return {
    overall,
    groups: groupings.map((grouping) => tallyBinary(input, sorted, grouping).map(describe)),
  };
}

/** The same for models that predict 0 or 1 only: ranking and probability metrics are undefined. */
export function labelMetrics(
  input: { readonly labels: Uint8Array; readonly predictions: Uint8Array },
  groupings: readonly Grouping[] = [],
): BinaryMetrics {
  const scores = Float64Array.from(input.predictions);
  const all = binaryMetrics(
    { labels: input.labels, scores, scoreDtype: "float64", threshold: 0.5 },
    groupings,
  );
  return {
    overall: withoutScores(all.overall),
    groups: all.groups.map((groups) => groups.map(withoutScores)),
  };
}

const scoreMetrics = ["roc_auc", "average_precision", "log_loss", "brier"];

function withoutScores(group: BinaryGroup): BinaryGroup {
  const outcomes = Object.entries(group.metrics).map(([name, value]): [string, MetricOutcome] => {
    if (scoreMetrics.includes(name)) return [name, { undefined: "the predictions are classes, not scores" }];
    return [name, value ?? { undefined: group.undefined[name] ?? "undefined" }];
  });
  return { ...group, ...metricSet(Object.fromEntries(outcomes)) };
}

/** Natural-log losses a row; undefined where a score lies outside [0, 1]. */
function logLosses(input: BinaryInput): Float64Array | undefined {
  const epsilon = epsilons[input.scoreDtype];
  const losses = new Float64Array(input.scores.length);
  for (let row = 0; row < losses.length; row += 1) {
    const score = input.scores[row] ?? Number.NaN;
    if (!(score >= 0 && score <= 1)) return undefined;
    const probability = Math.min(Math.max(score, epsilon), 1 - epsilon);
    losses[row] = -Math.log(input.labels[row] === 1 ? probability : 1 - probability);
  }
  return losses;
}

function describeGroup(
  tally: BinaryTally,
  kind: { readonly isProbability: boolean; readonly threshold: number | null },
): BinaryGroup {
  const { count, positives, negatives } = tally;
  const outcomes =
    count === 0
      ? { ...allUndefined("no rows") }
      : {
          ...rankingOutcomes(tally),
          ...probabilityOutcomes(tally, kind.isProbability),
          ...classOutcomes(tally, kind.threshold),
        };
  const confusion = {
    trueNegatives: negatives - tally.falsePositives,
    falsePositives: tally.falsePositives,
    falseNegatives: positives - tally.truePositives,
    truePositives: tally.truePositives,
  };
  return {
    count,
    positives,
    negatives,
    confusion: kind.threshold === null ? null : confusion,
    ...metricSet(outcomes),
  };
}

function rankingOutcomes(tally: BinaryTally): Record<string, MetricOutcome> {
  const { positives, negatives } = tally;
  if (positives === 0 || negatives === 0) {
    const reason = { undefined: `one class only: ${positives} positives, ${negatives} negatives` };
    return { roc_auc: reason, average_precision: reason };
  }
  return { roc_auc: tally.rocAuc, average_precision: tally.precisionAtPositives.value / positives };
}

function probabilityOutcomes(tally: BinaryTally, isProbability: boolean): Record<string, MetricOutcome> {
  if (!isProbability)
    return { log_loss: { undefined: notProbabilities }, brier: { undefined: notProbabilities } };
  return { log_loss: tally.logLoss.value / tally.count, brier: tally.squaredError.value / tally.count };
}

function classOutcomes(tally: BinaryTally, threshold: number | null): Record<string, MetricOutcome> {
  if (threshold === null) {
    const reason = {
      undefined: `${notProbabilities}, so the default threshold 0.5 means nothing here; set --threshold`,
    };
    return { accuracy: reason, precision: reason, recall: reason, f1: reason };
  }
  const { truePositives, falsePositives, positives, negatives, count } = tally;
  const right = truePositives + negatives - falsePositives;
  const predicted = truePositives + falsePositives;
  return {
    accuracy: right / count,
    precision: ratio(truePositives, predicted, "zero division: no row is predicted positive"),
    recall: ratio(truePositives, positives, "zero division: no positive row"),
    f1: ratio(
      2 * truePositives,
      predicted + positives,
      "zero division: no positive row and none predicted positive",
    ),
  };
}

function allUndefined(reason: string): Record<string, MetricOutcome> {
  const names = [...scoreMetrics, "accuracy", "precision", "recall", "f1"];
  return Object.fromEntries(names.map((name) => [name, { undefined: reason }]));
}
