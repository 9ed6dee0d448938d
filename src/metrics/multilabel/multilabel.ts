import { type BinaryMetrics, binaryMetrics, labelMetrics } from "../binary/binary.ts";
import type { BinaryGroup } from "../binary/describe-group.ts";
import type { ClassMetrics, MeasurementDetails } from "../details.ts";
import { type Grouping, type GroupMetrics, type MetricOutcome, metricSet } from "../metric-set.ts";
import { checkWeights, exactSumOf, rowsByGroup } from "../sample.ts";
import { type LabelFigures, labelAverages, supportOf } from "./label-averages.ts";
import type { MultilabelInput } from "./multilabel-input.ts";
import { type PooledRanking, pooledOutcomes, pooledRanking } from "./pooled-ranking.ts";
import { decisionsOf, type RowFigures, rowFigures } from "./row-figures.ts";
import { type MeasuredRows, rowOutcomes } from "./row-outcomes.ts";

export interface MultilabelMetrics {
  readonly overall: GroupMetrics & MeasurementDetails;
  readonly groups: readonly (readonly GroupMetrics[])[];
}

/** More curves nobody can tell apart in a drawing, and each makes the result file larger. */
const mostCurves = 10;

/**
 * The metrics of rows that may have several labels, or none, by scikit-learn's definitions (1.9.1): averages over the labels
 * (`labelAverages`) and over all their scores (`pooledOutcomes`), means over the rows (`rowOutcomes`), and each label as a binary task in `perClass`. Where scikit-learn falls back
 * on a convention a metric is undefined with the reason. The order of rows changes nothing, not even the last bit. Throws a RangeError
 * for input that the caller should have refused.
 */
export async function multilabelMetrics(
  input: MultilabelInput,
  groupings: readonly Grouping[] = [],
): Promise<MultilabelMetrics> {
  checkInput(input);
  const decisions = decisionsOf(input);
  const labels: LabelMeasured[] = [];
  for (const index of input.labels.keys())
    labels.push(await measureLabel(input, { index, decisions, groupings }));
  const pooled = await pooledRanking(input, groupings);
  const figures = rowFigures(input, decisions);
  const own = (pick: (one: BinaryMetrics) => BinaryGroup | undefined): LabelFigures[] =>
    labels.map(({ name, ranking, deciding }) => ({
      name,
      ranking: ranking && pick(ranking),
      deciding: deciding && pick(deciding),
    }));
  const all = own((one) => one.overall);
  return {
    overall: {
      ...groupMetrics(input, {
        labels: all,
        figures,
        rows: undefined,
        pooled: pooledGroup(pooled, (one) => one.overall),
      }),
      perClass: all.map(classOf),
      ...curvesOf(labels),
    },
    groups: groupings.map((grouping, place) =>
      rowsByGroup(grouping).map((rows, code) =>
        groupMetrics(input, {
          labels: own((one) => one.groups[place]?.[code]),
          pooled: pooledGroup(pooled, (one) => one.groups[place]?.[code]),
          figures,
          rows,
        }),
      ),
    ),
  };
}

function pooledGroup(
  pooled: PooledRanking | undefined,
  pick: (one: BinaryMetrics) => BinaryGroup | undefined,
): BinaryGroup | "too many" | undefined {
  return pooled === undefined || pooled === "too many" ? pooled : pick(pooled);
}

interface LabelMeasured {
  readonly name: string;
  readonly ranking: BinaryMetrics | undefined;
  readonly deciding: BinaryMetrics | undefined;
}

/** One sort serves the ranking of a label, the classes at the threshold and all groups. */
async function measureLabel(
  { labels, weights, threshold }: MultilabelInput,
  {
    index,
    decisions,
    groupings,
  }: {
    readonly index: number;
    readonly decisions: readonly Uint8Array[] | undefined;
    readonly groupings: readonly Grouping[];
  },
): Promise<LabelMeasured> {
  const { name, truths, scores, predictions } = labels[index] ?? {};
  if (name === undefined || truths === undefined) throw new RangeError(`no label ${index}`);
  const own = predictions === undefined ? threshold : null;
  const ranking =
    scores && (await binaryMetrics({ labels: truths, scores, weights, threshold: own }, groupings));
  if (own !== null && ranking !== undefined) return { name, ranking, deciding: ranking };
  const given = decisions?.[index];
  const deciding = given && (await labelMetrics({ labels: truths, predictions: given, weights }, groupings));
  return { name, ranking, deciding };
}

function groupMetrics(
  { labels, weights }: MultilabelInput,
  of: {
    readonly labels: readonly LabelFigures[];
    readonly pooled: BinaryGroup | "too many" | undefined;
    readonly figures: RowFigures;
    readonly rows: Uint32Array | undefined;
  },
): GroupMetrics {
  const count = of.rows?.length ?? labels[0]?.truths.length ?? 0;
  const rows = measuredRows(weights, of.rows, count);
  const { outcomes: ofRows, intervals } = rowOutcomes(of.figures, rows);
  const outcomes: Record<string, MetricOutcome> = {
    ...labelAverages(of.labels),
    ...(of.pooled === undefined ? {} : pooledOutcomes(of.pooled)),
    ...ofRows,
  };
  const none = count === 0 ? "no rows" : "no row has a weight above 0";
  const defined =
    rows.count > 0
      ? outcomes
      : Object.fromEntries(Object.keys(outcomes).map((name) => [name, { undefined: none }]));
  return {
    count,
    positives: null,
    negatives: null,
    ...(weights === undefined ? {} : { weight: rows.weight }),
    ...metricSet(defined),
    ...(rows.count === 0 || Object.keys(intervals).length === 0 ? {} : { intervals }),
  };
}

/** Without those of weight 0. */
function measuredRows(
  weights: Float64Array | undefined,
  rows: Uint32Array | undefined,
  count: number,
): MeasuredRows {
  if (weights === undefined) {
    const rowAt = rows === undefined ? (place: number) => place : (place: number) => rows[place] ?? 0;
    return { count, weight: count, rowAt, weights };
  }
  const kept = (rows ?? Uint32Array.from(weights.keys())).filter((row) => (weights[row] ?? 0) > 0);
  return {
    count: kept.length,
    weight: exactSumOf(kept.length, (place) => weights[kept[place] ?? 0] ?? 0),
    rowAt: (place) => kept[place] ?? 0,
    weights,
  };
}

const shown = ["precision", "recall", "f1", "roc_auc", "average_precision", "log_loss", "brier"];

function classOf(label: LabelFigures): ClassMetrics {
  const { name, ranking, deciding } = label;
  const outcomes = shown.flatMap((metric): [string, MetricOutcome][] => {
    const group = metric === "precision" || metric === "recall" || metric === "f1" ? deciding : ranking;
    if (group === undefined) return [];
    return [[metric, group.metrics[metric] ?? { undefined: group.undefined[metric] ?? "not measured" }]];
  });
  return { class: name, support: supportOf(label), ...metricSet(Object.fromEntries(outcomes)) };
}

function curvesOf(labels: readonly LabelMeasured[]): Pick<MeasurementDetails, "curves"> {
  const curves = labels
    .slice(0, mostCurves)
    .flatMap(({ name, ranking }) => (ranking?.overall.curves ?? []).map((one) => ({ ...one, class: name })));
  return curves.length === 0 ? {} : { curves };
}

function checkInput({ labels, weights }: MultilabelInput): void {
  const rows = labels[0]?.truths.length ?? 0;
  if (labels.length === 0) throw new RangeError("no labels");
  if (labels.length > 0xffff) throw new RangeError(`${labels.length} labels`);
  checkWeights(weights, rows);
  for (const { name, truths, scores, predictions } of labels) {
    const lengths = [truths.length, scores?.length ?? rows, predictions?.length ?? rows];
    if (lengths.some((length) => length !== rows)) throw new RangeError(`label ${name} has not ${rows} rows`);
    if (scores === undefined && predictions === undefined)
      throw new RangeError(`label ${name} has neither scores nor predictions`);
  }
}
