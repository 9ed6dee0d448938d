import type { BinaryMetrics } from "../binary/binary.ts";
import type { BinaryGroup } from "../binary/describe-group.ts";
import type { ClassMetrics, MeasurementDetails } from "../details.ts";
import { type GroupMetrics, type MetricOutcome, metricSet } from "../metric-set.ts";
import type { GroupRows } from "./group-rows.ts";
import { type LabelFigures, labelAverages, supportOf } from "./label-averages.ts";
import type { CountedLabel } from "./label-counts.ts";
import { type PooledRanking, pooledOutcomes } from "./pooled-ranking.ts";
import { type RowFacts, rowOutcomes } from "./row-outcomes.ts";

export interface MultilabelMetrics {
  readonly overall: GroupMetrics & MeasurementDetails;
  readonly groups: readonly (readonly GroupMetrics[])[];
}

/** One label as a binary task of its own. */
export interface LabelMeasured {
  readonly name: string;
  /** Of the scores; undefined without any. */
  readonly ranking: BinaryMetrics | undefined;
  /** Of the predicted labels; undefined where none is told. */
  readonly deciding: CountedLabel | BinaryMetrics | undefined;
}

/** What was found out about a table, in memory or from disk. */
export interface MultilabelFigures extends RowFacts {
  readonly labels: readonly LabelMeasured[];
  /** Undefined without scores. */
  readonly pooled: PooledRanking | undefined;
  /** All rows first, then by grouping; by group. */
  readonly rows: readonly (readonly GroupRows[])[];
}

/** More curves nobody can tell apart in a drawing, and each makes the result file larger. */
const mostCurves = 10;

/** All metrics of all rows and of each group. */
export function describeLabels(figures: MultilabelFigures): MultilabelMetrics {
  const { labels, rows } = figures;
  const own = (pick: (one: CountedLabel) => BinaryGroup | undefined): LabelFigures[] =>
    labels.map(({ name, ranking, deciding }) => ({
      name,
      ranking: ranking && pick(ranking),
      deciding: deciding && pick(deciding),
    }));
  const all = own((one) => one.overall);
  const [[allRows] = [], ...groups] = rows;
  if (allRows === undefined) throw new RangeError("nothing is known of all rows");
  return {
    overall: {
      ...groupMetrics(figures, all, { rows: allRows, pooled: pooledIn(figures, 0, 0) }),
      perClass: all.map(classOf),
      ...curvesOf(labels),
    },
    groups: groups.map((slot, place) =>
      slot.map((one, code) =>
        groupMetrics(
          figures,
          own((label) => label.groups[place]?.[code]),
          { rows: one, pooled: pooledIn(figures, place + 1, code) },
        ),
      ),
    ),
  };
}

function pooledIn({ pooled }: MultilabelFigures, slot: number, group: number): Record<string, MetricOutcome> {
  const figures = pooled === undefined || pooled === "too many" ? pooled : pooled.groups[slot]?.[group];
  return figures === undefined ? {} : pooledOutcomes(figures);
}

function groupMetrics(
  facts: RowFacts,
  labels: readonly LabelFigures[],
  { rows, pooled }: { readonly rows: GroupRows; readonly pooled: Record<string, MetricOutcome> },
): GroupMetrics {
  const { outcomes: ofRows, intervals } = rowOutcomes(rows, facts);
  const outcomes: Record<string, MetricOutcome> = { ...labelAverages(labels), ...pooled, ...ofRows };
  const none = rows.rows === 0 ? "no rows" : "no row has a weight above 0";
  const defined =
    rows.measured > 0
      ? outcomes
      : Object.fromEntries(Object.keys(outcomes).map((name) => [name, { undefined: none }]));
  return {
    count: rows.rows,
    positives: null,
    negatives: null,
    ...(rows.isWeighted ? { weight: rows.weight } : {}),
    ...metricSet(defined),
    ...(rows.measured === 0 || Object.keys(intervals).length === 0 ? {} : { intervals }),
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
