import type { KeptRows } from "../../evaluation/kept/read-kept.ts";
import { classOutcomes } from "../../metrics/binary/class-metrics.ts";
import { cellFigures, countCells, rowInfluences } from "../../metrics/paired/cell-figures.ts";
import { ratioOf } from "../../metrics/paired/linear.ts";
import { resampledScores } from "../../metrics/paired/resampled-scores.ts";
import type { EvaluationResults } from "../../results/evaluation-results.ts";
import { codesOf, type Found, logLossOf, valuesOf, weightsOf } from "./row-term.ts";

/** Of a table of two classes. */
export function binaryTerms(kept: KeptRows, results: EvaluationResults): Found {
  const { labels, score } = kept.data;
  if (labels.kind !== "binary") return [];
  const label = (row: number) => labels.codes[row] ?? 0;
  return [
    ...(score === undefined ? [] : scoreTerms(kept, results, { label, values: score.values })),
    ...classTerms(kept, results, label),
  ];
}

function scoreTerms(
  kept: KeptRows,
  { metrics }: EvaluationResults,
  of: { label(row: number): number; readonly values: Float64Array | Float32Array },
): Found {
  const { label, values } = of;
  const at = (row: number) => values[row] ?? Number.NaN;
  const logLoss = logLossOf(values);
  const names = Object.keys(metrics);
  const numbersOf = (pattern: RegExp) =>
    names.map((name) => Number(pattern.exec(name)?.[1])).filter((number) => number > 0);
  const shares = numbersOf(/^lift@(.+)%$/)
    .map((percent) => percent / 100)
    .sort((one, other) => one - other);
  const [bins] = typeof metrics["log_loss"] === "number" ? numbersOf(/^ece\{bins=(\d+),/) : [];
  const resample = (rows: Uint32Array) =>
    resampledScores({
      labels: codesOf(rows, (row) => label(row) === 1),
      scores: valuesOf(rows, at),
      weights: weightsOf(kept, rows),
      shares,
      bins,
    });
  const ranked = names.filter((name) => /^(average_precision|ks|lift@.*|gain@.*|[em]ce\{.*)$/.test(name));
  return [
    ["roc_auc", { kind: "area", at }],
    ["gini", { kind: "area", at, scale: 2 }],
    ["log_loss", { kind: "mean", at: (row) => logLoss(label(row) === 1 ? at(row) : 1 - at(row)) }],
    ["brier", { kind: "mean", at: (row) => (at(row) - label(row)) ** 2 }],
    [
      "observed_expected_ratio",
      {
        kind: "linear",
        figure: (rows) =>
          ratioOf(rows.length, {
            above: (place) => label(rows[place] ?? 0),
            below: (place) => at(rows[place] ?? 0),
            weights: weightsOf(kept, rows),
          }),
      },
    ],
    ...ranked.map((name): Found[number] => [name, { kind: "resampled", resample }]),
  ];
}

const size = 4;

/** What follows from the classes that are told. */
function classTerms(kept: KeptRows, results: EvaluationResults, label: (row: number) => number): Found {
  const told = predictedOf(kept.data, results.threshold);
  if (told === undefined) return [];
  const at = (row: number) => (told(row) === label(row) ? 1 : 0);
  const names = Object.keys(results.metrics);
  const betas = names
    .map((name) => Number(/^fbeta\{beta=(.+)\}$/.exec(name)?.[1]))
    .filter((beta) => beta > 0);
  const outcomesOf = ([tn = 0, fp = 0, fn = 0, tp = 0]: Float64Array) =>
    classOutcomes({ trueNegatives: tn, falsePositives: fp, falseNegatives: fn, truePositives: tp }, betas);
  const figure = (name: string) => (rows: Uint32Array) => {
    const cells = [Uint32Array.from(rows, (row) => 2 * label(row) + told(row))];
    const weights = weightsOf(kept, rows);
    const found = cellFigures(countCells(size, cells, weights), outcomesOf).get(name);
    return found && rowInfluences(found, cells, weights);
  };
  const linear = [
    ...["precision", "f1", "jaccard", "balanced_accuracy", "mcc", "cohen_kappa"],
    ...betas.map((beta) => `fbeta{beta=${beta}}`),
  ];
  return [
    ["accuracy", { kind: "share", at }],
    ["recall", { kind: "share", at, only: 1 }],
    ["fnr", { kind: "share", at, only: 1, scale: -1 }],
    ["specificity", { kind: "share", at, only: 0 }],
    ["fpr", { kind: "share", at, only: 0, scale: -1 }],
    ["predicted_positive_rate", { kind: "share", at: told }],
    ...linear.map((name): Found[number] => [name, { kind: "linear", figure: figure(name) }]),
  ];
}

/** The class that is told of a row; undefined where none is. */
function predictedOf(
  { score, prediction }: Pick<KeptRows["data"], "score" | "prediction">,
  threshold: number | null,
): ((row: number) => number) | undefined {
  if (score !== undefined && threshold !== null)
    return (row) => ((score.values[row] ?? Number.NaN) >= threshold ? 1 : 0);
  if (prediction?.kind !== "binary") return undefined;
  return (row) => prediction.codes[row] ?? 0;
}
