import type { MeasurementDetails } from "../details.ts";
import { type Grouping, type GroupMetrics, type MetricOutcome, metricSet } from "../metric-set.ts";
import { type BinaryInput, type BinaryOptions, checkInput } from "./binary-input.ts";
import { curvesOf } from "./curves.ts";
import { type BinaryGroup, binsOf, describeGroup, type GroupSettings } from "./describe-group.ts";
import { JobThread } from "./job-thread.ts";
import { jobs } from "./jobs.ts";
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
  { twoThreadsFrom = 200_000 }: Threading = {},
): Promise<BinaryMetrics> {
  checkInput(input, groupings);
  const isLarge = input.labels.length >= twoThreadsFrom && input.labels.length > 0;
  // With weights row numbers are sorted, in memory that is not shared.
  const thread = isLarge && input.weights === undefined ? new JobThread() : undefined;
  try {
    return await measure({ input, groupings, thread, isScored: true });
  } finally {
    await thread?.close();
  }
}

/** How the work is done; nothing of it shows in the figures. */
interface Threading {
  /** Without weights, tables of so many rows are measured in two threads. Default 200,000. */
  readonly twoThreadsFrom?: number;
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
  return await measure({ input: asScores, groupings, thread: undefined, isScored: false });
}

interface Work {
  readonly input: BinaryInput;
  readonly groupings: readonly Grouping[];
  readonly thread: JobThread | undefined;
  readonly isScored: boolean;
}

/** In two threads one measures the groups and the calibration, the other what is left of all rows. */
async function measure({ input, groupings, thread, isScored }: Work): Promise<BinaryMetrics> {
  const sorted = await sortRows(input, groupings, thread);
  const { scores, weights, mostTied, spare } = sorted;
  const isProbability = (scores[0] ?? 0) <= 1 && (scores[scores.length - 1] ?? 0) >= 0;
  const scoreKind = isProbability ? "probability" : "score";
  const { threshold, options = {} } = input;
  const settings: GroupSettings = { threshold, kind: isScored ? scoreKind : "class", options };
  const canShare = scores.buffer instanceof SharedArrayBuffer;
  const run = jobRunner(canShare ? thread : undefined);
  // In one thread the groups are done with the spare memory before all rows need it.
  const groups = run("groups", {
    rows: { scores, weights, mostTied, spare: canShare ? undefined : spare },
    groupings: groupings.map(({ count }, index) => ({ tags: sorted.tags(index), count })),
    settings,
  });
  const all = scoreBlocks(sorted, sorted.tags(undefined), 1)[0];
  if (all === undefined) throw new RangeError("no group of all rows");
  const overall = await withDetails(all, settings, run);
  return { overall, groups: await groups };
}

type Run = JobThread["run"];

function jobRunner(thread: JobThread | undefined): Run {
  if (thread !== undefined) return (kind, request) => thread.run(kind, request);
  return async (kind, request) => jobs[kind](request);
}

async function withDetails(
  blocks: ScoreBlocks,
  settings: GroupSettings,
  run: Run,
): Promise<BinaryGroup & MeasurementDetails> {
  const group = describeGroup(blocks, settings);
  if (settings.kind === "class") return group;
  const totals = totalsOf(blocks);
  const { options } = settings;
  const brier = group.metrics["brier"];
  const calibrating =
    settings.kind === "probability" && typeof brier === "number"
      ? run("calibration", {
          rows: blocks,
          weight: totals.positives + totals.negatives,
          brier,
          clip: clipOf(blocks.scores),
          bins: binsOf(options),
        })
      : undefined;
  const details = {
    curves: [curvesOf(blocks, totals)],
    scoreHistogram: scoreHistogram(blocks, settings.kind === "probability"),
    thresholdChoices: thresholdChoices(blocks, totals, options),
  };
  const calibrated = await calibrating;
  return {
    ...withOutcomes(group, calibrated?.outcomes ?? noRefit(settings)),
    ...details,
    calibration: calibrated?.calibration ?? null,
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
