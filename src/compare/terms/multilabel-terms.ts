import type { KeptRows } from "../../evaluation/kept/read-kept.ts";
import { multilabelInput } from "../../evaluation/task-inputs.ts";
import { classOutcomes } from "../../metrics/binary/class-metrics.ts";
import { metricSet } from "../../metrics/metric-set.ts";
import { type LabelFigures, labelAverages } from "../../metrics/multilabel/label-averages.ts";
import { countLabels } from "../../metrics/multilabel/label-rows.ts";
import { decisionsOf, stretchOf } from "../../metrics/multilabel/multilabel.ts";
import type { MultilabelInput } from "../../metrics/multilabel/multilabel-input.ts";
import { rankFigures } from "../../metrics/multilabel/rank-figures.ts";
import { cellFigures, countCells, rowInfluences } from "../../metrics/paired/cell-figures.ts";
import { type LabelScores, labelAreas } from "../../metrics/paired/label-areas.ts";
import type { EvaluationResults } from "../../results/evaluation-results.ts";
import { type Found, valuesOf, weightsOf } from "./row-term.ts";

/** Of a table of several labels a row. */
export function multilabelTerms(kept: KeptRows, { threshold }: EvaluationResults): Found {
  if (kept.data.labels.kind !== "several") return [];
  const input = multilabelInput(kept.data, threshold ?? undefined);
  const decisions = decisionsOf(input);
  return [
    ...rowTerms(input, decisions),
    ...(decisions === undefined ? [] : averageTerms(kept, input, decisions)),
    ...areaTerms(kept, input),
  ];
}

/** Means over the rows. */
function rowTerms(input: MultilabelInput, decisions: readonly Uint8Array[] | undefined): Found {
  const rows = stretchOf(input, { decisions, groupings: [] });
  const { truths, predicted, right } = countLabels(rows);
  const ranked = rankFigures(rows);
  const size = input.labels.length;
  const found: Found = [];
  const mean = (name: string, at: (row: number) => number) => found.push([name, { kind: "mean", at }]);
  if (decisions !== undefined) {
    const wrong = (row: number) => (truths[row] ?? 0) + (predicted[row] ?? 0) - 2 * (right[row] ?? 0);
    found.push(["subset_accuracy", { kind: "share", at: (row) => (wrong(row) === 0 ? 1 : 0) }]);
    mean("hamming_loss", (row) => wrong(row) / size);
    const both = (row: number) => right[row] ?? 0;
    const sum = (row: number) => (truths[row] ?? 0) + (predicted[row] ?? 0);
    const below: Readonly<Record<string, (row: number) => number>> = {
      f1: (row) => sum(row) / 2,
      precision: (row) => predicted[row] ?? 0,
      recall: (row) => truths[row] ?? 0,
      jaccard: (row) => sum(row) - both(row),
    };
    for (const [name, of] of Object.entries(below))
      for (const ending of ["", "{zero_division=0}"])
        mean(`${name}_samples${ending}`, (row) => (of(row) === 0 ? 0 : both(row) / of(row)));
  }
  if (ranked !== undefined) {
    mean("label_ranking_average_precision", (row) => ranked.averagePrecision[row] ?? Number.NaN);
    mean("coverage_error", (row) => ranked.coverage[row] ?? Number.NaN);
    mean("label_ranking_loss", (row) => ranked.loss[row] ?? Number.NaN);
  }
  return found;
}

/** Four cells a label: a row counts in one of each. */
const cellsPerLabel = 4;

function averageTerms(kept: KeptRows, { labels }: MultilabelInput, decisions: readonly Uint8Array[]): Found {
  const outcomesOf = (cells: Float64Array) =>
    labelAverages(labels.map(({ name }, label) => figuresOf(name, cells.subarray(cellsPerLabel * label))));
  const figure = (name: string) => (rows: Uint32Array) => {
    const weights = weightsOf(kept, rows);
    const cells = labels.map(({ truths }, label) =>
      Uint32Array.from(
        rows,
        (row) => cellsPerLabel * label + 2 * (truths[row] ?? 0) + (decisions[label]?.[row] ?? 0),
      ),
    );
    const found = cellFigures(countCells(cellsPerLabel * labels.length, cells, weights), outcomesOf).get(
      name,
    );
    return found && rowInfluences(found, cells, weights);
  };
  const names = ["f1", "precision", "recall", "jaccard"].flatMap((name) =>
    ["micro", "macro", "weighted"].map((way) => `${name}_${way}`),
  );
  return names.map((name): Found[number] => [name, { kind: "linear", figure: figure(name) }]);
}

function figuresOf(name: string, [tn = 0, fp = 0, fn = 0, tp = 0]: Float64Array): LabelFigures {
  const confusion = { trueNegatives: tn, falsePositives: fp, falseNegatives: fn, truePositives: tp };
  const none = { count: 0, positives: null, negatives: null };
  return {
    name,
    ranking: undefined,
    deciding: { ...none, confusion, ...metricSet(classOutcomes(confusion)) },
  };
}

function areaTerms(kept: KeptRows, { labels }: MultilabelInput): Found {
  if (labels.some((one) => one.scores === undefined)) return [];
  const scores = (rows: Uint32Array): LabelScores => ({
    labels: labels.map(({ truths, scores: own }) => ({
      truths: Uint8Array.from(rows, (row) => truths[row] ?? 0),
      scores: valuesOf(rows, (row) => own?.[row] ?? Number.NaN),
    })),
    weights: weightsOf(kept, rows),
  });
  const names = ["roc_auc", "average_precision"] as const;
  const ways = ["macro", "weighted", "micro"] as const;
  return names.flatMap((name) =>
    ways.map((way): Found[number] => [
      `${name}_${way}`,
      { kind: "linear", figure: (rows) => labelAreas(scores(rows), name, way) },
    ]),
  );
}
