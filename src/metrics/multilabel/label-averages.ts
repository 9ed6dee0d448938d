import type { BinaryGroup } from "../binary/describe-group.ts";
import { type MetricOutcome, ratio } from "../metric-set.ts";
import { noDecisions } from "./row-outcomes.ts";

/** One label of one group: its metrics as a binary task of its own. */
export interface LabelFigures {
  readonly name: string;
  /** Of the scores; undefined without any. */
  readonly ranking: BinaryGroup | undefined;
  /** Of the predicted labels; undefined where none is told. */
  readonly deciding: BinaryGroup | undefined;
}

const averaged = ["f1", "precision", "recall", "jaccard"] as const;
const ranked = ["roc_auc", "average_precision"] as const;

/** Sum of the weights (number of rows) that have the label. */
export function supportOf({ deciding, ranking }: LabelFigures): number {
  const confusion = deciding?.confusion ?? null;
  if (confusion !== null) return confusion.truePositives + confusion.falseNegatives;
  if (ranking === undefined) return 0;
  const { metrics, weight, positives } = ranking;
  return weight === undefined ? (positives ?? 0) : (metrics["prevalence"] ?? 0) * weight;
}

/**
 * `f1_micro, f1_macro, f1_weighted` and those of precision, recall and Jaccard over the labels; of scores `roc_auc_macro` and
 * `average_precision_macro` with their weighted forms. A macro average is undefined where one label has no value, a weighted one where
 * one has none that some row has: scikit-learn counts 0 there.
 */
export function labelAverages(labels: readonly LabelFigures[]): Record<string, MetricOutcome> {
  const outcomes: Record<string, MetricOutcome> = {};
  const supports = labels.map(supportOf);
  const average = (name: string, groupOf: (one: LabelFigures) => BinaryGroup | undefined) => {
    outcomes[`${name}_macro`] = mean(labels, { name, groupOf, weights: labels.map(() => 1) });
    outcomes[`${name}_weighted`] = mean(labels, { name, groupOf, weights: supports });
  };
  const isDecided = labels.every((one) => one.deciding !== undefined);
  for (const name of averaged) {
    outcomes[`${name}_micro`] = micro(labels, name);
    average(name, (one) => one.deciding);
    if (isDecided) continue;
    for (const way of ["micro", "macro", "weighted"]) outcomes[`${name}_${way}`] = { undefined: noDecisions };
  }
  if (labels.every((one) => one.ranking !== undefined))
    for (const name of ranked) average(name, (one) => one.ranking);
  return outcomes;
}

function mean(
  labels: readonly LabelFigures[],
  how: {
    readonly name: string;
    readonly groupOf: (one: LabelFigures) => BinaryGroup | undefined;
    readonly weights: readonly number[];
  },
): MetricOutcome {
  let [sum, total] = [0, 0];
  for (const [index, label] of labels.entries()) {
    const weight = how.weights[index] ?? 0;
    if (weight === 0) continue;
    const group = how.groupOf(label);
    const value = group?.metrics[how.name] ?? null;
    if (value === null)
      return { undefined: `label ${label.name}: ${group?.undefined[how.name] ?? "not measured"}` };
    sum += weight * value;
    total += weight;
  }
  return ratio(sum, total, "zero division: no row has a label");
}

function micro(labels: readonly LabelFigures[], name: (typeof averaged)[number]): MetricOutcome {
  let [tp, fp, fn] = [0, 0, 0];
  for (const { deciding } of labels) {
    tp += deciding?.confusion?.truePositives ?? 0;
    fp += deciding?.confusion?.falsePositives ?? 0;
    fn += deciding?.confusion?.falseNegatives ?? 0;
  }
  if (name === "precision") return ratio(tp, tp + fp, "zero division: no label is predicted");
  if (name === "recall") return ratio(tp, tp + fn, "zero division: no row has a label");
  const reason = "zero division: no label is there or predicted";
  return name === "f1" ? ratio(2 * tp, 2 * tp + fp + fn, reason) : ratio(tp, tp + fp + fn, reason);
}
