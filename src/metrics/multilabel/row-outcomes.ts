import { squaresInterval } from "../intervals/mean.ts";
import { wilson } from "../intervals/proportion.ts";
import type { MetricInterval, MetricOutcome } from "../metric-set.ts";
import type { GroupRows, RowFigure } from "./group-rows.ts";

interface RowOutcomes {
  readonly outcomes: Record<string, MetricOutcome>;
  readonly intervals: Record<string, MetricInterval>;
}

/** Why no label is predicted. */
export const noDecisions = "the scores are no probabilities, so no label is told from them; set --threshold";
const averaged = ["f1", "precision", "recall", "jaccard"] as const;

/** What is known of all rows. */
export interface RowFacts {
  /** Whether labels are predicted. */
  readonly isDecided: boolean;
  /** Whether labels have scores. */
  readonly isRanked: boolean;
}

/**
 * Means over rows: `subset_accuracy` (all labels of a row right), `hamming_loss` (share of wrong labels), `f1_samples` and its like, and
 * of scores `label_ranking_average_precision, coverage_error, label_ranking_loss`. A row without a label, true or predicted, has no F1:
 * then `f1_samples` is undefined, and `f1_samples{zero_division=0}` counts it as 0, as scikit-learn does.
 */
export function rowOutcomes(rows: GroupRows, { isDecided, isRanked }: RowFacts): RowOutcomes {
  const outcomes: Record<string, MetricOutcome> = {};
  const intervals: Record<string, MetricInterval> = {};
  const add = (name: string, figure: RowFigure, most?: number) => {
    const mean = rows.sum(figure) / rows.weight;
    outcomes[name] = mean;
    // Of no row there is no mean to be distant from.
    if (rows.isWeighted || rows.measured < 2) return;
    const squares = rows.squares(figure, mean);
    const bounds = { mean, least: 0, ...(most === undefined ? {} : { most }) };
    const interval = squaresInterval(rows.measured, squares, bounds);
    if (interval !== undefined) intervals[name] = interval;
  };
  if (isDecided) decidedOutcomes(rows, { outcomes, intervals, add });
  else undecidedOutcomes(outcomes);
  if (isRanked) {
    add("label_ranking_average_precision", "averagePrecision", 1);
    add("coverage_error", "coverage");
    add("label_ranking_loss", "loss", 1);
  }
  return { outcomes, intervals };
}

interface Adding {
  readonly outcomes: Record<string, MetricOutcome>;
  readonly intervals: Record<string, MetricInterval>;
  readonly add: (name: string, figure: RowFigure, most?: number) => void;
}

function undecidedOutcomes(outcomes: Record<string, MetricOutcome>): void {
  const samples = averaged.flatMap((one) => [`${one}_samples`, `${one}_samples{zero_division=0}`]);
  for (const name of ["subset_accuracy", "hamming_loss", ...samples])
    outcomes[name] = { undefined: noDecisions };
}

function decidedOutcomes(rows: GroupRows, { outcomes, intervals, add }: Adding): void {
  const subset = rows.sum("right") / rows.weight;
  outcomes["subset_accuracy"] = subset;
  if (!rows.isWeighted && rows.measured > 0)
    intervals["subset_accuracy"] = wilson(Math.round(subset * rows.measured), rows.measured);
  add("hamming_loss", "hamming", 1);
  for (const name of averaged) {
    const none = rows.none(name);
    const [strict, lenient] = [`${name}_samples`, `${name}_samples{zero_division=0}`];
    outcomes[strict] = {
      undefined: `zero division: ${none} of ${rows.measured} rows have ${whatIsMissing[name]}`,
    };
    add(lenient, name, 1);
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
