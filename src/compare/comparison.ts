import type { MeasuredGroup, MetricMap } from "../gate/evaluation.ts";
import { isCount, metricFacts } from "../metrics/catalog.ts";
import type { MetricInterval } from "../metrics/metric-set.ts";
import type { Side } from "./side.ts";

/** `unclear`: the interval holds no change too; `changed`: the metric has no direction that is known. */
type ChangeWord = "better" | "worse" | "unclear" | "same" | "changed";

export interface Change {
  /** The other side minus the first. */
  readonly change: number;
  /** 95 %, as if the two sides were of different rows; null where a side has no interval. */
  readonly low: number | null;
  readonly high: number | null;
  readonly word: ChangeWord;
}

export interface MetricRow {
  readonly metric: string;
  /** `sex=female`; null: all rows. */
  readonly subgroup: string | null;
  /** Null: unknown. */
  readonly higherIsBetter: boolean | null;
  /** Of each side; null where it has none. */
  readonly values: readonly (number | null)[];
  /** Of the second side on; null where one of the two has no value. */
  readonly changes: readonly (Change | null)[];
}

interface ParameterRow {
  readonly name: string;
  readonly values: readonly (string | null)[];
}

export interface Comparison {
  readonly metrics: readonly MetricRow[];
  /** Of every subgroup that two sides share, the primary metric; the largest loss first. */
  readonly subgroups: readonly MetricRow[];
  readonly primaryMetric: string | null;
  /** Those that differ; null where fewer than two sides have parameters. */
  readonly parameters: readonly ParameterRow[] | null;
  readonly evalSet: "same" | "different" | "unknown";
  readonly warnings: readonly string[];
}

/** The normal quantile of 0.975. */
const z = 1.959963984540054;

/**
 * What is different. Metrics are found under any of their names; `only` limits them. The interval of a change is that of two
 * independent samples: on the same rows it is wider than need be, never narrower.
 */
export function compareSides(sides: readonly Side[], only: readonly string[] = []): Comparison {
  const [first] = sides;
  if (first === undefined) throw new RangeError("nothing to compare");
  const names = namesOf(sides, only);
  const metrics = names.map((name) => rowOf(sides, name, undefined));
  const primaryMetric = primaryOf(names);
  const evalSet = sameRows(sides);
  return {
    metrics,
    subgroups: primaryMetric === null ? [] : subgroupRows(sides, primaryMetric),
    primaryMetric,
    parameters: parameterRows(sides),
    evalSet,
    warnings: warningsOf(sides, { evalSet, metrics }),
  };
}

/** In the order of the first side, then what the others have more; counts only where they are asked for. */
function namesOf(sides: readonly Side[], only: readonly string[]): string[] {
  const all = [...new Set(sides.flatMap((side) => [...side.evaluation.metrics.keys()]))];
  if (only.length === 0)
    return all.filter((name) => !isCount(name) || metricFacts(name).higherIsBetter !== undefined);
  return [...new Set(only.map((name) => metricFacts(name).name))];
}

const primaries = [
  "roc_auc",
  "roc_auc_ovr",
  "roc_auc_ovr_weighted",
  "f1_macro",
  "ndcg",
  "concordance_index",
  "mase",
  "pinball",
  "rmse",
  "accuracy",
  "f1",
];

function primaryOf(names: readonly string[]): string | null {
  return (
    primaries.find((name) => names.includes(name)) ??
    names.find((name) => metricFacts(name).higherIsBetter !== undefined) ??
    null
  );
}

function rowOf(sides: readonly Side[], metric: string, subgroup: string | undefined): MetricRow {
  const cells = sides.map((side) => cellOf(side, metric, subgroup));
  const { higherIsBetter = null } = metricFacts(metric);
  const [first] = cells;
  return {
    metric,
    subgroup: subgroup ?? null,
    higherIsBetter,
    values: cells.map((cell) => cell.value),
    changes: cells.slice(1).map((cell) => changeOf(first ?? cell, cell, higherIsBetter)),
  };
}

interface Cell {
  readonly value: number | null;
  readonly interval: MetricInterval | undefined;
}

function cellOf({ evaluation, results }: Side, metric: string, subgroup: string | undefined): Cell {
  const group = subgroup === undefined ? undefined : evaluation.groups.get(subgroup);
  const metrics: MetricMap = subgroup === undefined ? evaluation.metrics : (group?.metrics ?? new Map());
  const measured = metrics.get(metric);
  const intervals = subgroup === undefined ? results?.intervals : intervalsOf(results, group, subgroup);
  return {
    value: measured?.value ?? null,
    interval: measured === undefined ? undefined : intervals?.[measured.spelled],
  };
}

function intervalsOf(results: Side["results"], group: MeasuredGroup | undefined, key: string) {
  if (group?.column === null || group?.column === undefined) return undefined;
  return results?.subgroups[group.column]?.[key.slice(group.column.length + 1)]?.intervals;
}

function changeOf(first: Cell, other: Cell, higherIsBetter: boolean | null): Change | null {
  if (first.value === null || other.value === null) return null;
  const change = other.value - first.value;
  const range = rangeOf(first, other);
  return {
    change,
    low: range?.low ?? null,
    high: range?.high ?? null,
    word: wordOf(change, { range, higherIsBetter }),
  };
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * Of the difference of two independent figures: from their standard errors, or for shares from their own intervals (Newcombe 1998,
 * method 10).
 */
function rangeOf(first: Cell, other: Cell): Range | null {
  const [a, b] = [first.interval, other.interval];
  if (a === undefined || b === undefined || first.value === null || other.value === null) return null;
  const change = other.value - first.value;
  if (a.se !== null && b.se !== null) {
    const spread = z * Math.hypot(a.se, b.se);
    return { low: change - spread, high: change + spread };
  }
  return {
    low: change - Math.hypot(other.value - b.low, a.high - first.value),
    high: change + Math.hypot(b.high - other.value, first.value - a.low),
  };
}

function wordOf(
  change: number,
  { range, higherIsBetter }: { readonly range: Range | null; readonly higherIsBetter: boolean | null },
): ChangeWord {
  if (change === 0) return "same";
  if (higherIsBetter === null) return "changed";
  if (range !== null && range.low <= 0 && range.high >= 0) return "unclear";
  return change > 0 === higherIsBetter ? "better" : "worse";
}

function subgroupRows(sides: readonly Side[], metric: string): MetricRow[] {
  const counts = new Map<string, number>();
  for (const { evaluation } of sides)
    for (const key of evaluation.groups.keys()) counts.set(key, (counts.get(key) ?? 0) + 1);
  const rows = [...counts].filter(([, count]) => count > 1).map(([key]) => rowOf(sides, metric, key));
  const sign = metricFacts(metric).higherIsBetter === false ? -1 : 1;
  const worst = (row: MetricRow) =>
    Math.min(...row.changes.map((one) => (one === null ? Number.POSITIVE_INFINITY : one.change * sign)));
  return rows.toSorted((one, other) => {
    const [a, b] = [worst(one), worst(other)];
    return a === b ? 0 : a - b;
  });
}

function parameterRows(sides: readonly Side[]): ParameterRow[] | null {
  if (sides.filter((side) => side.params !== undefined).length < 2) return null;
  const names = [...new Set(sides.flatMap((side) => [...(side.params?.keys() ?? [])]))].sort();
  return names
    .map((name) => ({ name, values: sides.map((side) => side.params?.get(name) ?? null) }))
    .filter((row) => {
      const known = row.values.filter((_, place) => sides[place]?.params !== undefined);
      return new Set(known).size > 1;
    });
}

function sameRows(sides: readonly Side[]): Comparison["evalSet"] {
  const digests = sides.map((side) => side.evaluation.evalSet.sha256);
  const known = new Set(digests.filter((digest) => digest !== null));
  if (known.size > 1) return "different";
  return digests.includes(null) ? "unknown" : "same";
}

function warningsOf(
  sides: readonly Side[],
  { evalSet, metrics }: Pick<Comparison, "evalSet" | "metrics">,
): string[] {
  const warnings: string[] = [];
  if (evalSet === "different")
    warnings.push("The evaluation sets differ: a change may be the rows', not the model's.");
  const shared = metrics.filter((row) => row.changes.some((change) => change !== null));
  for (const [place, side] of sides.entries()) {
    if (place > 0 && !shared.some((row) => row.changes[place - 1] !== null))
      warnings.push(`${side.label} has no metric in common with ${sides[0]?.label}.`);
    const twin = sides.slice(0, place).find((other) => isSameModel(side, other));
    if (twin !== undefined) warnings.push(`${side.label} and ${twin.label} are the same model.`);
  }
  return warnings;
}

function isSameModel(one: Side, other: Side): boolean {
  const [a, b] = [one.evaluation.identity, other.evaluation.identity];
  return (
    (a.modelSha256 !== null && a.modelSha256 === b.modelSha256) ||
    (a.scoresSha256 !== null && a.scoresSha256 === b.scoresSha256)
  );
}
