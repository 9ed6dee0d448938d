import type { KeptRows } from "../evaluation/kept/read-kept.ts";
import type { EvaluationResults } from "../results/evaluation-results.ts";

/** A metric as what each row adds to it: what a paired interval is made of. */
export interface RowTerm {
  /** `area`: the rows' scores; `mean`: their losses; `root`: what the root is taken of the mean of; `share`: 1 or 0. */
  readonly kind: "area" | "mean" | "root" | "share";
  /** In the order of the row ids. */
  values(): Float64Array;
  /** Only the rows of this class. */
  readonly only?: 0 | 1;
  /** The metric changes by so much where the term's mean (or area) changes by one; default 1. */
  readonly scale?: number;
}

export type RowTerms = ReadonlyMap<string, RowTerm>;

/** The metrics that are means, shares or an area over rows, by name. Without weights. */
export function rowTerms(kept: KeptRows, results: EvaluationResults): RowTerms {
  switch (results.task) {
    case "binary":
      return new Map(binaryTerms(kept, results));
    case "multiclass":
      return new Map(multiclassTerms(kept));
    case "regression":
      return new Map(regressionTerms(kept));
    case "quantile":
      return new Map(quantileTerms(kept));
    default:
      return new Map();
  }
}

/** 0 or 1 of each row, in the order of the row ids. */
export function classCodes(kept: KeptRows): Uint8Array | undefined {
  const { labels, rows } = kept.data;
  return labels.kind === "binary"
    ? Uint8Array.from({ length: rows }, (_, place) => labels.codes[rowAt(kept, place)] ?? 0)
    : undefined;
}

/** The row at a place of the order of ids. */
export function rowAt({ order }: KeptRows, place: number): number {
  return order === undefined ? place : (order[place] ?? 0);
}

function inOrder(kept: KeptRows, value: (row: number) => number): () => Float64Array {
  return () => Float64Array.from({ length: kept.data.rows }, (_, place) => value(rowAt(kept, place)));
}

type Found = [string, RowTerm][];

/** Clipped as the metric is: by the machine epsilon of the scores' own type. */
function logLossOf(epsilon: number): (probability: number) => number {
  return (probability) => -Math.log(Math.min(Math.max(probability, epsilon), 1 - epsilon));
}

function epsilonOf(values: Float64Array | Float32Array): number {
  return values instanceof Float32Array ? 2 ** -23 : 2 ** -52;
}

function binaryTerms(kept: KeptRows, { threshold }: EvaluationResults): Found {
  const { labels, score, prediction } = kept.data;
  if (labels.kind !== "binary") return [];
  const label = (row: number) => labels.codes[row] ?? 0;
  const found: Found = [];
  if (score !== undefined) {
    const { values } = score;
    const at = (row: number) => values[row] ?? Number.NaN;
    const logLoss = logLossOf(epsilonOf(values));
    const scores = inOrder(kept, at);
    found.push(
      ["roc_auc", { kind: "area", values: scores }],
      ["gini", { kind: "area", values: scores, scale: 2 }],
      [
        "log_loss",
        { kind: "mean", values: inOrder(kept, (row) => logLoss(label(row) === 1 ? at(row) : 1 - at(row))) },
      ],
      ["brier", { kind: "mean", values: inOrder(kept, (row) => (at(row) - label(row)) ** 2) }],
    );
  }
  const told = predictedOf({ score, prediction }, threshold);
  if (told === undefined) return found;
  const values = inOrder(kept, (row) => (told(row) === label(row) ? 1 : 0));
  found.push(
    ["accuracy", { kind: "share", values }],
    ["recall", { kind: "share", values, only: 1 }],
    ["fnr", { kind: "share", values, only: 1, scale: -1 }],
    ["specificity", { kind: "share", values, only: 0 }],
    ["fpr", { kind: "share", values, only: 0, scale: -1 }],
  );
  return found;
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

function multiclassTerms(kept: KeptRows): Found {
  const { labels, prediction, probabilities } = kept.data;
  if (labels.kind !== "classes") return [];
  const columns = probabilities.map((one) => one.values);
  const at = (place: number, row: number) => columns[place]?.[row] ?? Number.NaN;
  const label = (row: number) => labels.codes[row] ?? 0;
  const likeliest = (row: number) => {
    let best = 0;
    for (let place = 1; place < columns.length; place += 1) if (at(place, row) > at(best, row)) best = place;
    return best;
  };
  const told = (row: number) =>
    prediction?.kind === "classes" ? (prediction.codes[row] ?? 0) : likeliest(row);
  const found: Found = [
    ["accuracy", { kind: "share", values: inOrder(kept, (row) => (told(row) === label(row) ? 1 : 0)) }],
  ];
  const [first] = columns;
  if (first === undefined) return found;
  const logLoss = logLossOf(epsilonOf(first));
  const squared = (row: number) =>
    columns.reduce((sum, _, place) => sum + (at(place, row) - (place === label(row) ? 1 : 0)) ** 2, 0);
  return [
    ...found,
    ["log_loss", { kind: "mean", values: inOrder(kept, (row) => logLoss(at(label(row), row))) }],
    ["brier", { kind: "mean", values: inOrder(kept, squared) }],
  ];
}

function regressionTerms(kept: KeptRows): Found {
  const { labels, prediction } = kept.data;
  if (labels.kind !== "numbers" || prediction?.kind !== "numbers") return [];
  const error = (row: number) => (prediction.values[row] ?? Number.NaN) - (labels.values[row] ?? Number.NaN);
  const squared = inOrder(kept, (row) => error(row) ** 2);
  return [
    ["rmse", { kind: "root", values: squared }],
    ["mse", { kind: "mean", values: squared }],
    ["mae", { kind: "mean", values: inOrder(kept, (row) => Math.abs(error(row))) }],
    ["bias", { kind: "mean", values: inOrder(kept, error) }],
  ];
}

function quantileTerms(kept: KeptRows): Found {
  const { labels, quantiles, intervals } = kept.data;
  if (labels.kind !== "numbers") return [];
  const truth = (row: number) => labels.values[row] ?? Number.NaN;
  const found: Found = [];
  for (const { level, values } of quantiles) {
    const at = (row: number) => values[row] ?? Number.NaN;
    const loss = (row: number) =>
      Math.max(level * (truth(row) - at(row)), (1 - level) * (at(row) - truth(row)));
    found.push(
      [`pinball@${level}`, { kind: "mean", values: inOrder(kept, loss) }],
      [
        `coverage@${level}`,
        { kind: "share", values: inOrder(kept, (row) => (truth(row) <= at(row) ? 1 : 0)) },
      ],
    );
  }
  for (const { level, lower, upper } of intervals) {
    const [low, high] = [
      (row: number) => lower[row] ?? Number.NaN,
      (row: number) => upper[row] ?? Number.NaN,
    ];
    const width = (row: number) => high(row) - low(row);
    const outside = (row: number) => Math.max(low(row) - truth(row), truth(row) - high(row), 0);
    const score = (row: number) => width(row) + (2 / (1 - level)) * outside(row);
    found.push(
      [
        `interval_coverage@${level}`,
        { kind: "share", values: inOrder(kept, (row) => (outside(row) === 0 ? 1 : 0)) },
      ],
      [`interval_width@${level}`, { kind: "mean", values: inOrder(kept, width) }],
      [`winkler@${level}`, { kind: "mean", values: inOrder(kept, score) }],
    );
  }
  return found;
}
