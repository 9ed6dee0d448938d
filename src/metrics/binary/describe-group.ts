import type { Confusion } from "../details.ts";
import { wilson } from "../intervals/proportion.ts";
import { type GroupMetrics, type MetricInterval, type MetricOutcome, metricSet } from "../metric-set.ts";
import type { BinaryOptions } from "./binary-input.ts";
import { classOutcomes, noClassOutcomes } from "./class-metrics.ts";
import {
  binsOf,
  type GroupFigures,
  type GroupSettings,
  type GroupTotals,
  sharesOf,
} from "./group-figures.ts";
import {
  noProbabilityOutcomes,
  notProbabilities,
  type ProbabilityFigures,
  probabilityFigures,
} from "./probability.ts";
import { rankingOutcomes, rocAucInterval } from "./ranking.ts";
import { partialArea, topShare } from "./top-shares.ts";
import type { Totals } from "./totals.ts";

export interface BinaryGroup extends GroupMetrics {
  /** Null where there is no threshold. */
  readonly confusion: Confusion | null;
}

const noThreshold = `${notProbabilities}, so the default threshold 0.5 means nothing here; set --threshold`;

/** All metrics of one group. */
export function describeGroup(
  known: GroupTotals,
  figures: GroupFigures,
  settings: GroupSettings,
): BinaryGroup {
  const { totals, positiveRows, negativeRows, isWeighted } = known;
  const { threshold, options } = settings;
  const isEmpty = figures.range === undefined;
  const confusion = threshold === null ? null : figures.threshold;
  const scored = scoreFigures(known, figures, settings);
  const outcomes = {
    ...scored.outcomes,
    ...(confusion === null
      ? noClassOutcomes(noThreshold, options.betas)
      : classOutcomes(confusion, options.betas)),
    ...shareOutcomes(totals, confusion),
  };
  const intervals = { ...scored.intervals, ...(confusion === null ? {} : classIntervals(confusion)) };
  return {
    count: positiveRows + negativeRows,
    ...(isWeighted ? { weight: totals.positives + totals.negatives } : {}),
    positives: positiveRows,
    negatives: negativeRows,
    confusion,
    ...metricSet(isEmpty ? withReason(outcomes, "no rows") : outcomes),
    ...(isWeighted || isEmpty ? {} : { intervals }),
  };
}

/** What needs scores, not classes. */
function scoreFigures(
  known: GroupTotals,
  figures: GroupFigures,
  settings: GroupSettings,
): ProbabilityFigures {
  const { kind, options } = settings;
  const { totals, isWeighted } = known;
  const bins = binsOf(options);
  const reason = {
    undefined: `one class only: ${known.positiveRows} positives, ${known.negativeRows} negatives`,
  };
  const ranking = {
    ...rankingOutcomes(figures.ranking, totals, reason),
    ...areaOutcomes(figures, totals, { options, reason }),
  };
  if (kind === "class") {
    const none = { ...ranking, ...noProbabilityOutcomes("", bins) };
    return { outcomes: withReason(none, "the predictions are classes, not scores"), intervals: {} };
  }
  const area = ranking["roc_auc"];
  const areTied = figures.range?.lowest === figures.range?.highest;
  const interval =
    typeof area === "number" && !areTied && !isWeighted
      ? rocAucInterval(figures.ranking, totals, area)
      : undefined;
  const intervals = interval === undefined ? {} : { roc_auc: interval };
  if (kind === "score" || figures.range === undefined) {
    return { outcomes: { ...ranking, ...noProbabilityOutcomes(notProbabilities, bins) }, intervals };
  }
  const probability = probabilityFigures(figures.losses, { bins, ...figures }, known);
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
  { topShares, partialAreas }: GroupFigures,
  totals: Totals,
  { options, reason }: { readonly options: BinaryOptions; readonly reason: { readonly undefined: string } },
): Record<string, MetricOutcome> {
  const outcomes: Record<string, MetricOutcome> = {};
  for (const [index, share] of sharesOf(options).entries()) {
    const { lift, gain } = topShare(topShares[index], totals, share);
    const percent = Number((share * 100).toPrecision(12));
    outcomes[`lift@${percent}%`] = lift;
    outcomes[`gain@${percent}%`] = gain;
  }
  const isOneClass = totals.positives === 0 || totals.negatives === 0;
  for (const [index, maxFpr] of (options.maxFprs ?? []).entries()) {
    const area = partialAreas[index] ?? 0;
    outcomes[`roc_auc@fpr<=${maxFpr}`] = isOneClass ? reason : partialArea(area, totals, maxFpr);
  }
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
