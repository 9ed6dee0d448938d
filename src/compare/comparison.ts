import type { MeasuredGroup, MetricMap } from "../gate/evaluation.ts";
import { isCount, metricFacts } from "../metrics/catalog.ts";
import type { BootstrapRecipe } from "../metrics/paired/bootstrap.ts";
import { type Cell, type Change, changeOf } from "./change.ts";
import { changeKey, type Pairing } from "./pairing.ts";
import type { Side } from "./side.ts";

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

interface PairingFacts {
  readonly label: string;
  readonly reason: string | null;
  readonly bootstrap: BootstrapRecipe | null;
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
  /** Of the sides from the second on: why the rows are not paired with those of the first; null where they are. */
  readonly pairings: readonly PairingFacts[];
  /** Why parameters are missing, in sentences. */
  readonly parameterNotes: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * What is different. Metrics are found under any of their names; `only` limits them. The interval of a change is that of the
 * differences row by row where the side is paired with the first one, else that of two independent samples. `pairings`: of the sides
 * from the second on; empty where none was tried.
 */
export function compareSides(
  sides: readonly Side[],
  {
    only = [],
    pairings = [],
    parameterNotes = [],
  }: {
    readonly only?: readonly string[];
    readonly pairings?: readonly Pairing[];
    readonly parameterNotes?: readonly string[];
  } = {},
): Comparison {
  if (sides.length === 0) throw new RangeError("nothing to compare");
  const all = { sides, pairings };
  const names = comparedNames(sides, only);
  const metrics = names.map((name) => rowOf(all, name, undefined));
  const primaryMetric = primaryOf(names);
  const evalSet = sameRows(sides);
  return {
    metrics,
    subgroups: primaryMetric === null ? [] : subgroupRows(all, primaryMetric),
    primaryMetric,
    parameters: parameterRows(sides),
    evalSet,
    parameterNotes,
    pairings: pairings.map(({ label, reason, bootstrap = null }) => ({ label, reason, bootstrap })),
    warnings: warningsOf(sides, { evalSet, metrics }),
  };
}

/** In the order of the first side, then what the others have more; counts only where they are asked for. */
export function comparedNames(sides: readonly Side[], only: readonly string[]): string[] {
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

/** The metric that matters most, of which the subgroups are compared. */
export function primaryOf(names: readonly string[]): string | null {
  return (
    primaries.find((name) => names.includes(name)) ??
    names.find((name) => metricFacts(name).higherIsBetter !== undefined) ??
    null
  );
}

interface All {
  readonly sides: readonly Side[];
  readonly pairings: readonly Pairing[];
}

function rowOf({ sides, pairings }: All, metric: string, subgroup: string | undefined): MetricRow {
  const cells = sides.map((side) => cellOf(side, metric, subgroup));
  const { higherIsBetter = null } = metricFacts(metric);
  const [first] = cells;
  return {
    metric,
    subgroup: subgroup ?? null,
    higherIsBetter,
    values: cells.map((cell) => cell.value),
    changes: cells.slice(1).map((cell, place) => {
      const paired = pairings[place]?.changes.get(changeKey(metric, subgroup ?? null));
      return changeOf(first ?? cell, cell, { higherIsBetter, paired });
    }),
  };
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

function subgroupRows(all: All, metric: string): MetricRow[] {
  const { sides } = all;
  const counts = new Map<string, number>();
  for (const { evaluation } of sides)
    for (const key of evaluation.groups.keys()) counts.set(key, (counts.get(key) ?? 0) + 1);
  const rows = [...counts].filter(([, count]) => count > 1).map(([key]) => rowOf(all, metric, key));
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

/** Digests of rows with ids and of rows without them differ also where the rows are the same. */
function sameRows(sides: readonly Side[]): Comparison["evalSet"] {
  const kinds = new Set(sides.flatMap((side) => side.results?.evalSet?.identifiedBy ?? []));
  if (kinds.size > 1) return "unknown";
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
