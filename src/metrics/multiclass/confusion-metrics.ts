import { type MetricOutcome, ratio } from "../metric-set.ts";
import type { ClassTable } from "./class-table.ts";

type Averaged = "precision" | "recall" | "f1";

/** What truths and predicted classes alone tell of a group. */
export function confusionOutcomes(
  table: ClassTable,
  classes: readonly string[],
): Record<string, MetricOutcome> {
  const right = classes.reduce((sum, _, index) => sum + diagonal(table, index), 0);
  const outcomes: Record<string, MetricOutcome> = {
    accuracy: right / table.weight,
    balanced_accuracy: balancedAccuracy(table),
  };
  for (const metric of ["f1", "precision", "recall"] as const) {
    outcomes[`${metric}_macro`] = average(table, classes, { metric, isWeighted: false });
    outcomes[`${metric}_weighted`] = average(table, classes, { metric, isWeighted: true });
  }
  outcomes["mcc"] = mcc(table, right);
  outcomes["cohen_kappa"] = kappa(table, () => 1);
  if (classes.every((name) => name.trim() !== "" && Number.isFinite(Number(name))))
    outcomes["cohen_kappa_quadratic"] = kappa(table, (one, other) => (one - other) ** 2);
  return outcomes;
}

/** `precision, recall, f1` of one class against the rest. */
export function perClassOutcomes(table: ClassTable, index: number): Record<Averaged, MetricOutcome> {
  return {
    precision: classOutcome(table, index, "precision"),
    recall: classOutcome(table, index, "recall"),
    f1: classOutcome(table, index, "f1"),
  };
}

function diagonal({ cells, truths }: ClassTable, index: number): number {
  return cells[index * truths.length + index] ?? 0;
}

function classOutcome(table: ClassTable, index: number, metric: Averaged): MetricOutcome {
  const right = diagonal(table, index);
  const [truth, predicted] = [table.truths[index] ?? 0, table.predictions[index] ?? 0];
  if (metric === "precision") return ratio(right, predicted, "zero division: the class is never predicted");
  if (metric === "recall") return ratio(right, truth, "zero division: no row is of the class");
  return ratio(2 * right, truth + predicted, "zero division: the class is neither there nor predicted");
}

/** Over the classes that are there or predicted (macro), or by how many rows are of each (weighted). */
function average(
  table: ClassTable,
  classes: readonly string[],
  { metric, isWeighted }: { readonly metric: Averaged; readonly isWeighted: boolean },
): MetricOutcome {
  let sum = 0;
  let total = 0;
  for (const [index, name] of classes.entries()) {
    const truth = table.truths[index] ?? 0;
    const isSeen = truth > 0 || (table.predictions[index] ?? 0) > 0;
    if (isWeighted ? truth === 0 : !isSeen) continue;
    const outcome = classOutcome(table, index, metric);
    if (typeof outcome !== "number") return { undefined: `class ${name}: ${outcome.undefined}` };
    const weight = isWeighted ? truth : 1;
    sum += weight * outcome;
    total += weight;
  }
  return sum / total;
}

/** The mean recall of the classes that are there. */
function balancedAccuracy(table: ClassTable): MetricOutcome {
  const recalls = [...table.truths].flatMap((truth, index) =>
    truth > 0 ? [diagonal(table, index) / truth] : [],
  );
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

/**
 * Source: Gorodkin (2004), as scikit-learn's matthews_corrcoef; but what is left of a square without the squares of its parts is added
 * up from their products, so that nothing cancels where one class holds nearly all the weight.
 */
function mcc({ truths, predictions, weight }: ClassTable, right: number): MetricOutcome {
  const products = (one: Float64Array, other: Float64Array) =>
    one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
  const spread = productsOfOthers(predictions) * productsOfOthers(truths);
  if (!(spread > 0))
    return { undefined: "zero division: one class only among the truths or the predictions" };
  return (right * weight - products(truths, predictions)) / Math.sqrt(spread);
}

/** The sum of the products of all ordered pairs of two different elements. */
function productsOfOthers(values: Float64Array): number {
  let [sum, before] = [0, 0];
  for (const value of values) {
    sum += 2 * value * before;
    before += value;
  }
  return sum;
}

function kappa(
  { cells, truths, predictions, weight }: ClassTable,
  cost: (one: number, other: number) => number,
): MetricOutcome {
  let [observed, expected] = [0, 0];
  for (const [truth, rows] of truths.entries())
    for (const [prediction, predicted] of predictions.entries()) {
      if (truth === prediction) continue;
      observed += cost(truth, prediction) * (cells[truth * truths.length + prediction] ?? 0);
      expected += (cost(truth, prediction) * rows * predicted) / weight;
    }
  return expected === 0
    ? { undefined: "zero division: truths and predictions hold one and the same class" }
    : 1 - observed / expected;
}
