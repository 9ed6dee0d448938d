import type { ClassMetrics, ConfusionMatrix, MeasurementDetails } from "../details.ts";
import { type Grouping, type GroupMetrics, type MetricOutcome, metricSet } from "../metric-set.ts";
import { checkWeights } from "../sample.ts";
import { classCurves } from "./class-curves.ts";
import { type ClassTable, classTables } from "./class-table.ts";
import { confusionOutcomes, perClassOutcomes } from "./confusion-metrics.ts";
import type { MulticlassInput } from "./multiclass-input.ts";
import { type OneVsRest, oneVsRest, rankingOutcomes } from "./one-vs-rest.ts";
import { probabilityOutcomes } from "./probability-metrics.ts";

export interface MulticlassMetrics {
  readonly overall: GroupMetrics & MeasurementDetails;
  readonly groups: readonly (readonly GroupMetrics[])[];
}

/**
 * `accuracy, balanced_accuracy, f1/precision/recall_macro/_weighted, mcc, cohen_kappa` of the classes, and with probabilities
 * `log_loss, brier` (0 to 2)`, top_k_accuracy@k, roc_auc_ovr/_ovo/_weighted, average_precision_macro` by scikit-learn's definitions
 * (1.9.1). Micro averages are the accuracy and left out. Where scikit-learn falls back on a convention the metric is undefined
 * with the reason. The order of rows changes nothing, not even the last bit.
 */
export function multiclassMetrics(
  input: MulticlassInput,
  groupings: readonly Grouping[] = [],
): MulticlassMetrics {
  checkInput(input);
  const own = { ...input, predictions: input.predictions ?? likeliest(input) };
  const measure = (grouping: Grouping | undefined) => {
    const tables = classTables(own, grouping);
    const rankings = oneVsRest(own, grouping);
    const probabilities = probabilityOutcomes(own, grouping);
    return tables.map((table, group) => ({
      table,
      ranking: rankings?.[group],
      probabilities: probabilities?.[group],
    }));
  };
  const [all] = measure(undefined);
  if (all === undefined) throw new RangeError("no table of all rows");
  const curves = classCurves(input);
  return {
    overall: {
      ...groupMetrics(input, all),
      confusionMatrix: matrixOf(input, all.table),
      perClass: perClass(input, all),
      ...(curves === undefined ? {} : { curves }),
    },
    groups: groupings.map((grouping) => measure(grouping).map((parts) => groupMetrics(input, parts))),
  };
}

interface Parts {
  readonly table: ClassTable;
  readonly ranking: OneVsRest | undefined;
  readonly probabilities: Readonly<Record<string, MetricOutcome>> | undefined;
}

function groupMetrics(
  { classes, weights }: MulticlassInput,
  { table, ranking, probabilities }: Parts,
): GroupMetrics {
  const outcomes = {
    ...confusionOutcomes(table, classes),
    ...probabilities,
    ...(ranking === undefined
      ? {}
      : rankingOutcomes(ranking, { classes, isWeighted: weights !== undefined })),
  };
  const none = table.rows === 0 ? "no rows" : "no row has a weight above 0";
  const own =
    table.weight > 0
      ? outcomes
      : Object.fromEntries(Object.keys(outcomes).map((name) => [name, { undefined: none }]));
  return {
    count: table.rows,
    positives: null,
    negatives: null,
    ...(weights === undefined ? {} : { weight: table.weight }),
    ...metricSet(own),
  };
}

function matrixOf({ classes }: MulticlassInput, { cells }: ClassTable): ConfusionMatrix {
  const size = classes.length;
  return { classes, matrix: classes.map((_, truth) => [...cells.slice(truth * size, (truth + 1) * size)]) };
}

function perClass({ classes }: MulticlassInput, { table, ranking }: Parts): ClassMetrics[] {
  return classes.map((name, index) => ({
    class: name,
    support: table.truths[index] ?? 0,
    ...metricSet({
      ...perClassOutcomes(table, index),
      ...(ranking === undefined
        ? {}
        : { roc_auc: ranking.auc(index), average_precision: ranking.averagePrecision(index) }),
    }),
  }));
}

/** The place of the highest probability of each row; of equal ones the first, as NumPy's argmax. */
function likeliest({ probabilities, labels }: MulticlassInput): Uint32Array {
  if (probabilities === undefined) throw new RangeError("neither predictions nor probabilities");
  const best = new Uint32Array(labels.length);
  for (let row = 0; row < best.length; row += 1) {
    let found = 0;
    for (let index = 1; index < probabilities.length; index += 1)
      if ((probabilities[index]?.[row] ?? 0) > (probabilities[found]?.[row] ?? 0)) found = index;
    best[row] = found;
  }
  return best;
}

function checkInput({ classes, labels, predictions, probabilities, weights }: MulticlassInput): void {
  checkWeights(weights, labels.length);
  if (probabilities !== undefined && probabilities.length !== classes.length)
    throw new RangeError(`${probabilities.length} columns of probabilities for ${classes.length} classes`);
  const isOutside = (code: number) => code >= classes.length;
  if (labels.some(isOutside) || predictions?.some(isOutside) === true)
    throw new RangeError("a label or a prediction is none of the classes");
}
