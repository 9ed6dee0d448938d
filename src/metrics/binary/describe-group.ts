import type { Confusion } from "../details.ts";
import { wilson } from "../intervals/proportion.ts";
import { type GroupMetrics, type MetricInterval, type MetricOutcome, metricSet } from "../metric-set.ts";
import type { BinaryOptions } from "./binary-input.ts";
import { classOutcomes, noClassOutcomes } from "./class-metrics.ts";
import {
  noProbabilityOutcomes,
  notProbabilities,
  type ProbabilityFigures,
  probabilityFigures,
} from "./probability.ts";
import { partialArea, rankingOutcomes, rocAucInterval, topShare } from "./ranking.ts";
import type { ScoreBlocks } from "./score-blocks.ts";
import { confusionAt, type Totals, totalsOf } from "./totals.ts";

export interface BinaryGroup extends GroupMetrics {
  /** Null where there is no threshold. */
  readonly confusion: Confusion | null;
}

export interface GroupSettings {
  readonly threshold: number | null;
  /** Of the whole column, not of a group: scores in [0, 1], other scores, or predicted classes. */
  readonly kind: "probability" | "score" | "class";
  readonly options: BinaryOptions;
}

/** Bins of calibration errors and tables (Guo et al. 2017 take 15). */
export function binsOf(options: BinaryOptions): number {
  return options.calibrationBins ?? 15;
}

const noThreshold = `${notProbabilities}, so the default threshold 0.5 means nothing here; set --threshold`;

/** All metrics of one group. */
export function describeGroup(blocks: ScoreBlocks, settings: GroupSettings): BinaryGroup {
  const totals = totalsOf(blocks);
  const { threshold, options } = settings;
  const isEmpty = blocks.scores.length === 0;
  const confusion = threshold === null ? null : confusionAt(blocks, threshold);
  const scored = scoreFigures(blocks, totals, settings);
  const outcomes = {
    ...scored.outcomes,
    ...(confusion === null
      ? noClassOutcomes(noThreshold, options.betas)
      : classOutcomes(confusion, options.betas)),
    ...shareOutcomes(totals, confusion),
  };
  const intervals = { ...scored.intervals, ...(confusion === null ? {} : classIntervals(confusion)) };
  return {
    count: blocks.positiveRows + blocks.negativeRows,
    ...(blocks.rows === undefined ? {} : { weight: totals.positives + totals.negatives }),
    positives: blocks.positiveRows,
    negatives: blocks.negativeRows,
    confusion,
    ...metricSet(isEmpty ? withReason(outcomes, "no rows") : outcomes),
    ...(blocks.rows === undefined && !isEmpty ? { intervals } : {}),
  };
}

/** What needs scores, not classes. */
function scoreFigures(
  blocks: ScoreBlocks,
  totals: Totals,
  { kind, options }: GroupSettings,
): ProbabilityFigures {
  const bins = binsOf(options);
  const ranking = {
    ...rankingOutcomes(blocks, totals),
    ...areaOutcomes(blocks, totals, options),
  };
  if (kind === "class") {
    const none = { ...ranking, ...noProbabilityOutcomes("", bins) };
    return { outcomes: withReason(none, "the predictions are classes, not scores"), intervals: {} };
  }
  const area = ranking["roc_auc"];
  const interval = typeof area === "number" ? rocAucInterval(blocks, area) : undefined;
  const intervals = interval === undefined ? {} : { roc_auc: interval };
  if (kind === "score" || blocks.scores.length === 0) {
    return { outcomes: { ...ranking, ...noProbabilityOutcomes(notProbabilities, bins) }, intervals };
  }
  const probability = probabilityFigures(blocks, totals, bins);
  return {
    outcomes: { ...ranking, ...probability.outcomes },
    intervals: { ...intervals, ...probability.intervals },
  };
}

/** The same names, all undefined for one reason. */
function withReason(
  outcomes: Readonly<Record<string, MetricOutcome>>,
  reason: string,
): Record<string, MetricOutcome> {
  return Object.fromEntries(Object.keys(outcomes).map((name) => [name, { undefined: reason }]));
}

function areaOutcomes(
  blocks: ScoreBlocks,
  totals: Totals,
  { shares = [0.1], maxFprs = [] }: BinaryOptions,
): Record<string, MetricOutcome> {
  const outcomes: Record<string, MetricOutcome> = {};
  for (const share of shares) {
    const { lift, gain } = topShare(blocks, totals, share);
    const percent = Number((share * 100).toPrecision(12));
    outcomes[`lift@${percent}%`] = lift;
    outcomes[`gain@${percent}%`] = gain;
  }
  for (const maxFpr of maxFprs) outcomes[`roc_auc@fpr<=${maxFpr}`] = partialArea(blocks, totals, maxFpr);
  return outcomes;
}

/** `prevalence`: share of positives; `predicted_positive_rate`: share of rows predicted positive. Of weights, where there are. */
function shareOutcomes(totals: Totals, confusion: Confusion | null): Record<string, MetricOutcome> {
  const weight = totals.positives + totals.negatives;
  return {
    prevalence: totals.positives / weight,
    predicted_positive_rate:
      confusion === null
        ? { undefined: noThreshold }
        : (confusion.truePositives + confusion.falsePositives) / weight,
  };
}

/** Of the shares among whole rows. */
function classIntervals(confusion: Confusion): Record<string, MetricInterval> {
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn } = confusion;
  const shares: Record<string, readonly [number, number]> = {
    accuracy: [tp + tn, tp + tn + fp + fn],
    precision: [tp, tp + fp],
    recall: [tp, tp + fn],
    specificity: [tn, tn + fp],
  };
  return Object.fromEntries(
    Object.entries(shares).flatMap(([name, [hits, rows]]) =>
      rows === 0 ? [] : [[name, wilson(hits, rows)]],
    ),
  );
}
