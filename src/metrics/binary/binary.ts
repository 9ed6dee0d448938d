import type { CalibrationFigures } from "../calibration/calibration.ts";
import type { MeasurementDetails } from "../details.ts";
import { type Grouping, type GroupMetrics, type MetricOutcome, metricSet } from "../metric-set.ts";
import { inSharedMemory } from "../score-columns.ts";
import { type BinaryInput, type BinaryOptions, checkInput } from "./binary-input.ts";
import { Crew } from "./crew.ts";
import { curvesOf } from "./curves.ts";
import { type BinaryGroup, describeGroup } from "./describe-group.ts";
import type { DetailFigures } from "./detail-figures.ts";
import {
  binsOf,
  type GroupFigures,
  type GroupSettings,
  type GroupTotals,
  joinFigures,
} from "./group-figures.ts";
import { JobThread } from "./job-thread.ts";
import { type MeasuredParts, measureParts } from "./measure-parts.ts";
import { notProbabilities } from "./probability.ts";
import { joinHistograms } from "./score-histogram.ts";
import { thresholdChoices } from "./threshold-choices.ts";

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
 * bit. Throws a RangeError for input that the caller should have refused, and the reason of `signal` soon after it is aborted.
 */
export async function binaryMetrics(
  input: BinaryInput,
  groupings: readonly Grouping[] = [],
  { twoThreadsFrom = 200_000, helper, signal }: Threading = {},
): Promise<BinaryMetrics> {
  checkInput(input, groupings);
  const isLarge = input.labels.length >= twoThreadsFrom && input.labels.length > 0;
  if (!isLarge) {
    return await measure({ input, groupings, crew: new Crew([], signal), isScored: true });
  }
  const thread = helper ?? new JobThread();
  const shared = {
    ...input,
    labels: inSharedMemory(input.labels),
    scores: inSharedMemory(input.scores),
    weights: input.weights && inSharedMemory(input.weights),
  };
  const sharedGroupings = groupings.map(({ codes, count }) => ({ codes: inSharedMemory(codes), count }));
  try {
    const crew = new Crew([thread], signal);
    return await measure({ input: shared, groupings: sharedGroupings, crew, isScored: true });
  } finally {
    if (helper === undefined) await thread.close();
  }
}

/** How the work is done; nothing of it shows in the figures. */
interface Threading {
  /** Tables of so many rows are measured in two threads. Default 200,000. */
  readonly twoThreadsFrom?: number;
  /** The second thread, where it was started already; it is left open. */
  readonly helper?: JobThread | undefined;
  readonly signal?: AbortSignal | undefined;
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
  return await measure({ input: asScores, groupings, crew: new Crew([]), isScored: false });
}

async function measure(work: {
  readonly input: BinaryInput;
  readonly groupings: readonly Grouping[];
  readonly crew: Crew;
  readonly isScored: boolean;
}): Promise<BinaryMetrics> {
  return await describeParts(await measureParts(work), work.crew);
}

/** All metrics, of what was measured of the parts of the rows. */
export async function describeParts(
  { parts, totals, settings }: MeasuredParts,
  crew: Crew,
): Promise<BinaryMetrics> {
  const describe = (known: GroupTotals, slot: number, group: number) => {
    const figures = joinFigures(parts.flatMap((part) => part.groups[slot]?.[group] ?? []));
    return { known, figures, group: describeGroup(known, figures, settings) };
  };
  const [known] = totals[0] ?? [];
  if (known === undefined) throw new RangeError("no group of all rows");
  const all = describe(known, 0, 0);
  const details = parts.flatMap((part) => part.details ?? []);
  const calibrating = calibrationOf(all, details, settings, crew);
  // Whoever fails before it is asked for says more.
  calibrating.catch(() => undefined);
  const groups = totals
    .slice(1)
    .map((slot, index) => slot.map((one, group) => describe(one, index + 1, group).group));
  return { overall: await withDetails(all, details, settings, calibrating), groups };
}

interface Described {
  readonly known: GroupTotals;
  readonly figures: GroupFigures;
  readonly group: BinaryGroup;
}

/** Undefined for scores that are no probabilities. */
async function calibrationOf(
  { known, figures, group }: Described,
  details: readonly DetailFigures[],
  { kind, options }: GroupSettings,
  crew: Crew,
): Promise<CalibrationFigures | undefined> {
  const brier = group.metrics["brier"];
  if (kind !== "probability" || typeof brier !== "number") return undefined;
  const parts = details.flatMap(({ pools, logOdds }) => (logOdds === undefined ? [] : [{ pools, logOdds }]));
  const { isWeighted } = known;
  return await crew.aside("calibrate", {
    bins: binsOf(options),
    bars: figures.uniform,
    parts,
    brier,
    isWeighted,
  });
}

async function withDetails(
  { known, figures, group }: Described,
  parts: readonly DetailFigures[],
  settings: GroupSettings,
  calibrating: Promise<CalibrationFigures | undefined>,
): Promise<BinaryGroup & MeasurementDetails> {
  const { kind, options } = settings;
  const { totals } = known;
  if (kind === "class") return group;
  const curves = curvesOf(
    parts.map((part) => part.cuts),
    totals,
  );
  const choices = parts.flatMap((part) => (part.choices === undefined ? [] : [part.choices]));
  const calibrated = await calibrating;
  return {
    ...withOutcomes(group, calibrated?.outcomes ?? noRefit(settings)),
    curves: [curves],
    scoreHistogram: figures.range === undefined ? null : joinHistograms(parts.map((part) => part.histogram)),
    thresholdChoices: thresholdChoices(choices, totals, options),
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
