import type { Task } from "../task.ts";
import { doublesOf, type FloatReading } from "./float-readings.ts";
import type { Labels } from "./labels.ts";
import type { PlanRequest, TableReading } from "./plan-reading.ts";
import { refuseTable } from "./problems.ts";
import { codedColumn, groupsOf, type SubgroupData, tooManyGroups } from "./subgroups.ts";
import { predictedLabels, scaleOf, truthsOf } from "./task-readings.ts";

/** A column of numbers in the width of the file. */
export interface Floats {
  readonly values: Float64Array | Float32Array;
  readonly range: { readonly smallest: number; readonly largest: number };
}

/** The columns of a table as arrays in shared memory; everything in them can be measured. */
export interface TableData {
  readonly rows: number;
  /** Undefined where a model has yet to say what it answers. */
  readonly task: Task | undefined;
  readonly labels: Labels;
  readonly score: Floats | undefined;
  readonly prediction: Labels | undefined;
  /** One a class, in the order of the classes of the labels. */
  readonly probabilities: readonly Floats[];
  readonly quantiles: readonly { readonly level: number; readonly values: Float64Array }[];
  readonly intervals: readonly {
    readonly level: number;
    readonly lower: Float64Array;
    readonly upper: Float64Array;
  }[];
  /** Of a survival task: chances to be without the event after a time. */
  readonly survivals?: readonly { readonly time: number; readonly values: Float64Array }[];
  /** Not negative, and not all of them 0. */
  readonly weights: Float64Array | undefined;
  /** Which query each row belongs to. */
  readonly queries: { readonly codes: Uint32Array; readonly count: number } | undefined;
  readonly subgroups: readonly SubgroupData[];
  /** Of a forecast. */
  readonly series: SeriesData | undefined;
  readonly horizon: SubgroupData | undefined;
  /** By row, the naive error of the training series; at least 0. */
  readonly scales: { readonly mae: Float64Array | undefined; readonly rmse: Float64Array | undefined };
}

/** Which series each row is of. */
interface SeriesData {
  readonly codes: Uint32Array;
  readonly names: readonly string[];
}

/** What was read of all rows. Throws `not-evaluable` for more groups than are measured. */
export function tableData(
  reading: TableReading,
  request: PlanRequest & { readonly uri: string },
  rows: number,
): Omit<TableData, "rows" | "task"> {
  const { label, prediction, score, weight, query, more } = reading;
  const { columns } = request;
  const { series, trainingMae, trainingRmse } = more;
  return {
    labels: truthsOf(columns, label, more),
    prediction: prediction?.labels() ?? predictedLabels(columns, more),
    score: score && floatsOf(score),
    probabilities: [...reading.probabilities, ...more.scores].map(floatsOf),
    quantiles: reading.quantiles.map(({ level, values }) => ({ level, values: doublesOf(values) })),
    intervals: reading.intervals.map(({ level, lower, upper }) => ({
      level,
      lower: doublesOf(lower),
      upper: doublesOf(upper),
    })),
    survivals: more.survivals.map(({ time, values }) => ({ time, values: doublesOf(values) })),
    weights: weight === undefined ? undefined : doublesOf(weight),
    queries: query === undefined ? undefined : { codes: query.sink.codes, count: query.names.length },
    subgroups: subgroupsOf(reading, request),
    series: series && { codes: series.sink.codes, names: series.names },
    horizon: horizonOf(reading, columns.forecast?.horizon),
    scales: { mae: scaleOf(trainingMae, rows), rmse: scaleOf(trainingRmse, rows) },
  };
}

function horizonOf({ groups }: TableReading, name: string | undefined): SubgroupData | undefined {
  const reading = name === undefined ? undefined : groups.get(name);
  return name === undefined || reading === undefined
    ? undefined
    : groupsOf({ name, columns: [name] }, [codedColumn(reading)]);
}

function floatsOf({ sink: { values, range } }: FloatReading): Floats {
  return { values, range };
}

function subgroupsOf(
  { groups }: TableReading,
  { uri, columns, maxGroups }: PlanRequest & { readonly uri: string },
): SubgroupData[] {
  const coded = new Map([...groups].map(([name, group]) => [name, codedColumn(group)]));
  const parts = columns.subgroups.map((subgroup) => ({
    subgroup,
    columns: subgroup.columns.flatMap((name) => coded.get(name) ?? []),
  }));
  const product = (part: (typeof parts)[number]) =>
    part.columns.reduce((count, one) => count * one.names.length, 1);
  const possible = parts.map((part) => ({ column: part.subgroup.name, count: product(part) }));
  refuseTable(uri, tooManyGroups(possible, { uri, maxGroups, isCounted: false }));
  const made = parts.map((part) => groupsOf(part.subgroup, part.columns));
  const found = made.map(({ column, names }) => ({ column, count: names.length }));
  refuseTable(uri, tooManyGroups(found, { uri, maxGroups, isCounted: true }));
  return made;
}
