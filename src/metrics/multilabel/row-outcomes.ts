import { meanInterval } from "../intervals/mean.ts";
import { wilson } from "../intervals/proportion.ts";
import type { MetricInterval, MetricOutcome } from "../metric-set.ts";
import { exactSumOf } from "../sample.ts";
import type { RowFigures } from "./row-figures.ts";

/** Rows of one group with a weight above 0. */
export interface MeasuredRows {
  readonly count: number;
  /** Sum of the weights, or the number of rows. */
  readonly weight: number;
  rowAt(place: number): number;
  /** Undefined: every row counts once. */
  readonly weights: Float64Array | undefined;
}

interface RowOutcomes {
  readonly outcomes: Record<string, MetricOutcome>;
  readonly intervals: Record<string, MetricInterval>;
}

/** Why no label is predicted. */
export const noDecisions = "the scores are no probabilities, so no label is told from them; set --threshold";
const averaged = ["f1", "precision", "recall", "jaccard"] as const;

/**
 * Means over rows: `subset_accuracy` (all labels of a row right), `hamming_loss` (share of wrong labels), `f1_samples` and its like, and
 * of scores `label_ranking_average_precision, coverage_error, label_ranking_loss`. A row without a label, true or predicted, has no F1:
 * then `f1_samples` is undefined, and `f1_samples{zero_division=0}` counts it as 0, as scikit-learn does.
 */
export function rowOutcomes(figures: RowFigures, rows: MeasuredRows): RowOutcomes {
  const outcomes: Record<string, MetricOutcome> = {};
  const intervals: Record<string, MetricInterval> = {};
  const add = (name: string, figureOf: (row: number) => number, most?: number) => {
    const mean = meanOf(rows, figureOf);
    outcomes[name] = mean;
    if (rows.weights !== undefined) return;
    const at = (place: number) => figureOf(rows.rowAt(place));
    const interval = meanInterval(rows.count, at, {
      mean,
      least: 0,
      ...(most === undefined ? {} : { most }),
    });
    if (interval !== undefined) intervals[name] = interval;
  };
  decidedOutcomes(figures, rows, { outcomes, intervals, add });
  const { subset_accuracy: subset } = outcomes;
  if (typeof subset === "number" && rows.weights === undefined)
    intervals["subset_accuracy"] = wilson(Math.round(subset * rows.count), rows.count);
  if (figures.ranked !== undefined) {
    const { averagePrecision, coverage, loss } = figures.ranked;
    add("label_ranking_average_precision", (row) => averagePrecision[row] ?? Number.NaN, 1);
    add("coverage_error", (row) => coverage[row] ?? Number.NaN);
    add("label_ranking_loss", (row) => loss[row] ?? Number.NaN, 1);
  }
  return { outcomes, intervals };
}

interface Adding {
  readonly outcomes: Record<string, MetricOutcome>;
  readonly intervals: Record<string, MetricInterval>;
  readonly add: (name: string, figureOf: (row: number) => number, most?: number) => void;
}

function decidedOutcomes(
  figures: RowFigures,
  rows: MeasuredRows,
  { outcomes, intervals, add }: Adding,
): void {
  const { decided, truths, size } = figures;
  if (decided === undefined) {
    const samples = averaged.flatMap((one) => [`${one}_samples`, `${one}_samples{zero_division=0}`]);
    for (const name of ["subset_accuracy", "hamming_loss", ...samples])
      outcomes[name] = { undefined: noDecisions };
    return;
  }
  const { predicted, right } = decided;
  const wrongOf = (row: number) => (truths[row] ?? 0) + (predicted[row] ?? 0) - 2 * (right[row] ?? 0);
  outcomes["subset_accuracy"] = meanOf(rows, (row) => (wrongOf(row) === 0 ? 1 : 0));
  add("hamming_loss", (row) => wrongOf(row) / size, 1);
  for (const name of averaged) {
    const factor = name === "f1" ? 2 : 1;
    const below = (row: number) => {
      const [truth, given, both] = [truths[row] ?? 0, predicted[row] ?? 0, right[row] ?? 0];
      if (name === "precision") return given;
      if (name === "recall") return truth;
      return name === "f1" ? truth + given : truth + given - both;
    };
    const figureOf = (row: number) => (below(row) === 0 ? 0 : (factor * (right[row] ?? 0)) / below(row));
    let none = 0;
    for (let place = 0; place < rows.count; place += 1) if (below(rows.rowAt(place)) === 0) none += 1;
    const [strict, lenient] = [`${name}_samples`, `${name}_samples{zero_division=0}`];
    outcomes[strict] = {
      undefined: `zero division: ${none} of ${rows.count} rows have ${whatIsMissing[name]}`,
    };
    add(lenient, figureOf, 1);
    if (none > 0) continue;
    const [value, interval] = [outcomes[lenient], intervals[lenient]];
    if (value !== undefined) outcomes[strict] = value;
    if (interval !== undefined) intervals[strict] = interval;
  }
}

const whatIsMissing = {
  precision: "no predicted label",
  recall: "no true label",
  f1: "no label, true or predicted",
  jaccard: "no label, true or predicted",
} as const;

function meanOf({ count, weight, weights, rowAt }: MeasuredRows, figureOf: (row: number) => number): number {
  const sum = exactSumOf(count, (place) => {
    const row = rowAt(place);
    return weights === undefined ? figureOf(row) : (weights[row] ?? 0) * figureOf(row);
  });
  return sum / weight;
}
