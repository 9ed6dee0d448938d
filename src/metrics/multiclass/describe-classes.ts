import type { ClassCurves, ClassMetrics, ConfusionMatrix, MeasurementDetails } from "../details.ts";
import { type GroupMetrics, type MetricOutcome, metricSet } from "../metric-set.ts";
import type { ClassRanking } from "./class-figures.ts";
import type { ClassTable } from "./class-table.ts";
import { confusionOutcomes, perClassOutcomes } from "./confusion-metrics.ts";
import { OneVsRest, rankingOutcomes } from "./one-vs-rest.ts";
import type { GroupRows } from "./row-walk.ts";

export interface MulticlassMetrics {
  readonly overall: GroupMetrics & MeasurementDetails;
  readonly groups: readonly (readonly GroupMetrics[])[];
}

/** What was found out about a table, in memory or from disk. */
export interface MulticlassFigures {
  readonly classes: readonly string[];
  /** All rows first, then by grouping; by group. */
  readonly rows: readonly (readonly GroupRows[])[];
  /** By class; undefined without probabilities. */
  readonly rankings: readonly ClassRanking[] | undefined;
  /** All probabilities lie in [0, 1]. */
  readonly isProbability: boolean;
  readonly isWeighted: boolean;
}

/** All metrics of all rows and of each group. */
export function describeClasses(figures: MulticlassFigures): MulticlassMetrics {
  const { classes, rows, rankings, isProbability } = figures;
  const groups = rows.map((slot, place) =>
    slot.map(({ table, outcomes }, group) => ({
      table,
      ranking: rankings && rankingOf(rankings, place, group),
      probabilities: outcomes(isProbability),
    })),
  );
  const [all] = groups[0] ?? [];
  if (all === undefined) throw new RangeError("no table of all rows");
  return {
    overall: {
      ...groupMetrics(figures, all),
      confusionMatrix: matrixOf(figures, all.table),
      perClass: perClass(figures, all),
      ...(rankings === undefined ? {} : { curves: curvesOf(classes, rankings) }),
    },
    groups: groups.slice(1).map((slot) => slot.map((parts) => groupMetrics(figures, parts))),
  };
}

interface Parts {
  readonly table: ClassTable;
  readonly ranking: OneVsRest | undefined;
  readonly probabilities: Readonly<Record<string, MetricOutcome>> | undefined;
}

function rankingOf(rankings: readonly ClassRanking[], slot: number, group: number): OneVsRest {
  return new OneVsRest(rankings.flatMap(({ groups }) => groups[slot]?.[group] ?? []));
}

/** Of the first classes, against the rest. */
function curvesOf(classes: readonly string[], rankings: readonly ClassRanking[]): ClassCurves[] {
  return rankings.flatMap(({ curves }, index) =>
    curves === undefined ? [] : [{ ...curves, class: classes[index] ?? String(index) }],
  );
}

function groupMetrics(
  { classes, isWeighted }: MulticlassFigures,
  { table, ranking, probabilities }: Parts,
): GroupMetrics {
  const outcomes = {
    ...confusionOutcomes(table, classes),
    ...probabilities,
    ...(ranking === undefined ? {} : rankingOutcomes(ranking, { classes, isWeighted })),
  };
  const none = table.rows === 0 ? "no rows" : "no row has a weight above 0";
  const own =
    table.weight > 0
      ? outcomes
      : Object.fromEntries(Object.keys(outcomes).map((name) => [name, { undefined: none }]));
  return {
    count: table.rows,
    positives: null,
    negatives: null,
    ...(isWeighted ? { weight: table.weight } : {}),
    ...metricSet(own),
  };
}

function matrixOf({ classes }: MulticlassFigures, { cells }: ClassTable): ConfusionMatrix {
  const size = classes.length;
  return { classes, matrix: classes.map((_, truth) => [...cells.slice(truth * size, (truth + 1) * size)]) };
}

function perClass({ classes }: MulticlassFigures, { table, ranking }: Parts): ClassMetrics[] {
  return classes.map((name, index) => ({
    class: name,
    support: table.truths[index] ?? 0,
    ...metricSet({
      ...perClassOutcomes(table, index),
      ...(ranking === undefined
        ? {}
        : { roc_auc: ranking.auc(index), average_precision: ranking.averagePrecision(index) }),
    }),
  }));
}
