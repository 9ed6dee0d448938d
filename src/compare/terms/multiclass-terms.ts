import type { KeptRows } from "../../evaluation/kept/read-kept.ts";
import { tableOf } from "../../metrics/multiclass/class-table.ts";
import { confusionOutcomes } from "../../metrics/multiclass/confusion-metrics.ts";
import { cellFigures, countCells, rowInfluences } from "../../metrics/paired/cell-figures.ts";
import { type ClassScores, classAreas } from "../../metrics/paired/class-areas.ts";
import type { EvaluationResults } from "../../results/evaluation-results.ts";
import { type Found, logLossOf, valuesOf, weightsOf } from "./row-term.ts";

/** The slopes of a table of more classes, a cell for each two, take longer than they are worth. */
const mostClasses = 40;

interface Classes {
  readonly names: readonly string[];
  label(row: number): number;
  told(row: number): number;
  /** The probability of a class. */
  at(place: number, row: number): number;
  readonly columns: readonly (Float64Array | Float32Array)[];
}

/** Of a table of several classes. */
export function multiclassTerms(kept: KeptRows, results: EvaluationResults): Found {
  const { labels, prediction, probabilities } = kept.data;
  if (labels.kind !== "classes") return [];
  const columns = probabilities.map((one) => one.values);
  const at = (place: number, row: number) => columns[place]?.[row] ?? Number.NaN;
  const likeliest = (row: number) => {
    let best = 0;
    for (let place = 1; place < columns.length; place += 1) if (at(place, row) > at(best, row)) best = place;
    return best;
  };
  const told = (row: number) =>
    prediction?.kind === "classes" ? (prediction.codes[row] ?? 0) : likeliest(row);
  const classes = {
    names: labels.classes,
    label: (row: number) => labels.codes[row] ?? 0,
    told,
    at,
    columns,
  };
  return [...tableTerms(kept, classes), ...probabilityTerms(results, classes), ...areaTerms(kept, classes)];
}

function tableTerms(kept: KeptRows, { names, label, told }: Classes): Found {
  const size = names.length;
  const accuracy: Found[number] = [
    "accuracy",
    { kind: "share", at: (row) => (told(row) === label(row) ? 1 : 0) },
  ];
  if (size > mostClasses) return [accuracy];
  const outcomesOf = (cells: Float64Array) => confusionOutcomes(tableOf(cells, { size, rows: 0 }), names);
  const figure = (name: string) => (rows: Uint32Array) => {
    const cells = [Uint32Array.from(rows, (row) => size * label(row) + told(row))];
    const weights = weightsOf(kept, rows);
    const found = cellFigures(countCells(size * size, cells, weights), outcomesOf).get(name);
    return found && rowInfluences(found, cells, weights);
  };
  const averages = ["f1", "precision", "recall"].flatMap((name) => [`${name}_macro`, `${name}_weighted`]);
  const linear = ["balanced_accuracy", ...averages, "mcc", "cohen_kappa", "cohen_kappa_quadratic"];
  return [accuracy, ...linear.map((name): Found[number] => [name, { kind: "linear", figure: figure(name) }])];
}

function probabilityTerms({ metrics }: EvaluationResults, { label, at, columns }: Classes): Found {
  const [first] = columns;
  if (first === undefined) return [];
  const logLoss = logLossOf(first);
  const squared = (row: number) =>
    columns.reduce((sum, _, place) => sum + (at(place, row) - (place === label(row) ? 1 : 0)) ** 2, 0);
  const before = (row: number) => {
    const own = at(label(row), row);
    return columns.reduce((count, _, place) => {
      const other = at(place, row);
      return count + (other > own || (other === own && place > label(row)) ? 1 : 0);
    }, 0);
  };
  const ks = Object.keys(metrics).flatMap((name) => /^top_k_accuracy@(\d+)$/.exec(name)?.[1] ?? []);
  return [
    ["log_loss", { kind: "mean", at: (row) => logLoss(at(label(row), row)) }],
    ["brier", { kind: "mean", at: squared }],
    ...ks.map((k): Found[number] => [
      `top_k_accuracy@${k}`,
      { kind: "share", at: (row) => (before(row) < Number(k) ? 1 : 0) },
    ]),
  ];
}

function areaTerms(kept: KeptRows, { names, label, at, columns }: Classes): Found {
  if (columns.length === 0) return [];
  const scores = (rows: Uint32Array): ClassScores => ({
    labels: Uint32Array.from(rows, label),
    columns: names.map((_, place) => valuesOf(rows, (row) => at(place, row))),
    weights: weightsOf(kept, rows),
  });
  const linear = (name: keyof typeof classAreas): Found[number] => [
    name,
    { kind: "linear", figure: (rows) => classAreas[name](scores(rows)) },
  ];
  return [
    linear("roc_auc_ovr"),
    linear("roc_auc_ovr_weighted"),
    linear("average_precision_macro"),
    // Without weights only, as the metrics themselves.
    ...(names.length > mostClasses ? [] : [linear("roc_auc_ovo"), linear("roc_auc_ovo_weighted")]),
  ];
}
