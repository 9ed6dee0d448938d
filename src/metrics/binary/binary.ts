import { calibrationFigures } from "../calibration/calibration.ts";
import type { MeasurementDetails } from "../details.ts";
import { type Grouping, type GroupMetrics, type MetricOutcome, metricSet } from "../metric-set.ts";
import { type BinaryInput, type BinaryOptions, checkInput } from "./binary-input.ts";
import { curvesOf } from "./curves.ts";
import { type BinaryGroup, binsOf, describeGroup, type GroupSettings } from "./describe-group.ts";
import { clipOf, notProbabilities } from "./probability.ts";
import { type ScoreBlocks, scoreBlocks } from "./score-blocks.ts";
import { scoreHistogram } from "./score-histogram.ts";
import { sortRows } from "./sorted-rows.ts";
import { thresholdChoices } from "./threshold-choices.ts";
import { totalsOf } from "./totals.ts";

/** Of all rows, and of each group of each grouping, in the groupings' order. */
export interface BinaryMetrics {
  readonly overall: BinaryGroup & MeasurementDetails;
  readonly groups: readonly (readonly BinaryGroup[])[];
}

/**
 * The binary metrics by scikit-learn's definitions (1.9.1), sorted once for all of them and all subgroups: `rankingOutcomes`,
 * `probabilityFigures`, `classOutcomes`, lift and gain; of all rows also calibration slope and intercept, curves, calibration,
 * a histogram of the scores and what threshold rules would choose. Where scikit-learn falls back on a convention (one class
 * only, no predicted positive, no row) a metric is undefined with the reason. The order of rows changes nothing, not even the last
 * bit. Throws a RangeError for input that the caller should have refused.
 */
export async function binaryMetrics(
  input: BinaryInput,
  groupings: readonly Grouping[] = [],
): Promise<BinaryMetrics> {
  checkInput(input, groupings);
  return measure(input, groupings, undefined);
}

/** The same for models that predict 0 or 1 only: what needs scores is undefined, and there is no detail but the confusion. */
export async function labelMetrics(
  input: {
    readonly labels: Uint8Array;
    readonly predictions: Uint8Array;
    readonly weights?: Float64Array | undefined;
    readonly options?: BinaryOptions;
  },
  groupings: readonly Grouping[] = [],
): Promise<BinaryMetrics> {
  const { labels, weights, options = {} } = input;
  const scores = Float32Array.from(input.predictions);
  const asScores = { labels, scores, weights, threshold: 0.5, options };
  checkInput(asScores, groupings);
  return measure(asScores, groupings, "class");
}

function measure(
  input: BinaryInput,
  groupings: readonly Grouping[],
  kind: "class" | undefined,
): BinaryMetrics {
  const sorted = sortRows(input, groupings);
  const { scores } = sorted;
  const isProbability = (scores[0] ?? 0) <= 1 && (scores[scores.length - 1] ?? 0) >= 0;
  const settings: GroupSettings = {
    threshold: input.threshold,
    kind: kind ?? (isProbability ? "probability" : "score"),
    options: input.options ?? {},
  };
  const groups = groupings.map(({ count }, index) =>
    scoreBlocks(sorted, { index, count }).map((blocks) => describeGroup(blocks, settings)),
  );
  const all = scoreBlocks(sorted, undefined)[0];
  if (all === undefined) throw new RangeError("no group of all rows");
  return { overall: withDetails(all, settings), groups };
}

function withDetails(blocks: ScoreBlocks, settings: GroupSettings): BinaryGroup & MeasurementDetails {
  const group = describeGroup(blocks, settings);
  if (settings.kind === "class") return group;
  const totals = totalsOf(blocks);
  const { options } = settings;
  const brier = group.metrics["brier"];
  const calibrated =
    settings.kind === "probability" && typeof brier === "number"
      ? calibrationFigures(blocks, {
          weight: totals.positives + totals.negatives,
          brier,
          clip: clipOf(blocks.scores),
          bins: binsOf(options),
        })
      : undefined;
  return {
    ...withOutcomes(group, calibrated?.outcomes ?? noRefit(settings)),
    curves: [curvesOf(blocks, totals)],
    calibration: calibrated?.calibration ?? null,
    scoreHistogram: scoreHistogram(blocks, settings.kind === "probability"),
    thresholdChoices: thresholdChoices(blocks, totals, options),
  };
}

function noRefit({ kind }: GroupSettings): Record<string, MetricOutcome> {
  const reason = { undefined: kind === "probability" ? "no rows" : notProbabilities };
  return { calibration_slope: reason, calibration_intercept: reason };
}

function withOutcomes<Group extends GroupMetrics>(
  group: Group,
  outcomes: Readonly<Record<string, MetricOutcome>>,
): Group {
  const more = metricSet(outcomes);
  return {
    ...group,
    metrics: { ...group.metrics, ...more.metrics },
    undefined: { ...group.undefined, ...more.undefined },
  };
}
