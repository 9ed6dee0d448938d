import type { DuckDb } from "../../data/engine/duckdb.ts";
import { confirmRead } from "../../data/sources/source.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import type { MlopsError } from "../../errors.ts";
import type { Task } from "../task.ts";
import { type ColumnFacts, lookAtTable, type TableFacts, withNames } from "./column-facts.ts";
import {
  doublesOf,
  type FloatReading,
  floatProblem,
  probabilityProblems,
  weightProblems,
} from "./float-readings.ts";
import { inferTask } from "./infer-task.ts";
import type { Labels } from "./labels.ts";
import { mayHold, memoryShortage } from "./memory-need.ts";
import { streamRows } from "./number-chunks.ts";
import { type PlanRequest, planReading, sinksOf, type TableReading } from "./plan-reading.ts";
import { type ColumnProblem, describeProblems, refuseTable } from "./problems.ts";
import type { Sink } from "./sinks.ts";
import { codedColumn, groupsOf, type SubgroupData, tooManyGroups } from "./subgroups.ts";
import { codeProblem, predictedLabels, scaleOf, taskProblems, truthsOf } from "./task-readings.ts";

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

export interface ReadRequest extends PlanRequest {
  /** The table's, for messages. */
  readonly uri: string;
  readonly hasModel: boolean;
  /** Memory of the job. */
  readonly availableBytes: number;
  readonly onRows?: (done: number, all: number) => void;
  /** Where it was taken already. */
  readonly look?: FirstLook;
}

/**
 * Reads the columns of a table into typed arrays, without a JavaScript value for a cell. Throws one `not-evaluable` error that lists
 * all that cannot be measured, with the first rows: no rows; labels, scores and weights that are missing or no finite numbers;
 * unknown classes; weights that are negative; subgroup columns with too many values.
 */
export async function readTable(db: DuckDb, source: TableSource, request: ReadRequest): Promise<TableData> {
  try {
    const { facts, task, shortage } = request.look ?? (await lookFirst(db, source, request));
    if (shortage !== undefined) throw shortage;
    const reading = planReading(source, { ...request, task }, facts);
    const sinks = sinksOf(reading);
    const isRoomy = mayHold(source, { ...request, rows: facts.rows, task }, sinks.length);
    const rows = await fill(db, source, { sinks, facts, mayHold: isRoomy, onRows: request.onRows });
    await confirmRead(source, rows);
    await refuseBadRows(db, source, { request, reading, rows });
    return { ...dataOf(reading, request, rows), rows, task };
  } catch (error) {
    throw source.explain(error);
  }
}

/** What is found out before the rows are read. */
export interface FirstLook {
  readonly facts: TableFacts;
  readonly task: Task | undefined;
  /** Why the arrays of the table do not fit into memory; undefined where they do. */
  readonly shortage: MlopsError | undefined;
}

export async function lookFirst(db: DuckDb, source: TableSource, request: ReadRequest): Promise<FirstLook> {
  try {
    const facts = await lookAtTable(db, source, request);
    const task = taskOf(request, facts);
    const shortage = memoryShortage(source, { ...request, rows: facts.rows, task });
    if (shortage !== undefined) return { facts, task, shortage };
    return { facts: await withNames(db, source, { facts, columns: request.columns }), task, shortage };
  } catch (error) {
    throw source.explain(error);
  }
}

function taskOf(
  { columns, task, positiveClass, hasModel }: ReadRequest,
  facts: TableFacts,
): Task | undefined {
  if (task !== undefined || hasModel) return task;
  const of = (name: string | undefined): ColumnFacts | undefined =>
    name === undefined ? undefined : facts.columns.get(name);
  return inferTask(columns, { label: of(columns.label), prediction: of(columns.prediction) }, positiveClass);
}

/** One query over all columns; returns the rows that it gave. */
async function fill(
  db: DuckDb,
  source: TableSource,
  parts: {
    readonly sinks: readonly Sink[];
    readonly facts: TableFacts;
    readonly mayHold: boolean;
    readonly onRows: ReadRequest["onRows"];
  },
): Promise<number> {
  const { sinks, facts, onRows } = parts;
  const asked = { columns: sinks.map((sink) => sink.sql), mayHold: parts.mayHold };
  let start = 0;
  for await (const chunk of streamRows(db, source, asked)) {
    // More than were counted: the file was changed meanwhile, which is found out at the end.
    if (start + chunk.rows > facts.rows) return start + chunk.rows;
    for (const [index, sink] of sinks.entries()) {
      const items = chunk.columns[index];
      if (items !== undefined) sink.take({ items, start, gaps: chunk.gaps[index] });
    }
    start += chunk.rows;
    onRows?.(start, facts.rows);
  }
  return start;
}

interface ReadRows {
  readonly request: Pick<ReadRequest, "uri">;
  readonly reading: TableReading;
  readonly rows: number;
  /** Of a table that was read in stretches. */
  readonly weights?: Parameters<typeof weightProblems>[2];
  /** The same, of what single tasks read. */
  readonly more?: readonly ColumnProblem[];
}

/** Throws `not-evaluable` where rows cannot be measured. */
export async function refuseBadRows(db: DuckDb, source: TableSource, found: ReadRows): Promise<void> {
  const { request, reading, rows } = found;
  const { uri } = request;
  if (rows === 0) return refuseTable(uri, [`${uri} has no rows`]);
  const problems = problemsOf(found);
  refuseTable(
    uri,
    [
      ...reading.strange.map((sentence) => `${uri}: ${sentence}`),
      ...(await describeProblems(db, source, { uri, rows, problems })),
    ],
    reading.label.problem.bad.count > 0 ? reading.label.hint : undefined,
  );
}

function problemsOf({ reading, weights, more }: ReadRows): ColumnProblem[] {
  const { source, label, prediction, floats, weight, query } = reading;
  const range = label.rangeProblem?.();
  return [
    label.problem,
    ...(range === undefined ? [] : [range]),
    ...(prediction === undefined ? [] : [prediction.problem]),
    ...floats.all().map((one) => floatProblem(source, one)),
    ...(query === undefined ? [] : [codeProblem(source, query)]),
    ...(more ?? taskProblems(source, reading.more)),
    ...(weight === undefined ? [] : weightProblems(source, weight, weights)),
    ...[...reading.probabilities, ...reading.more.survivals.map(({ values }) => values)].flatMap((one) =>
      probabilityProblems(source, one),
    ),
  ];
}

function dataOf(reading: TableReading, request: ReadRequest, rows: number): Omit<TableData, "rows" | "task"> {
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

function subgroupsOf({ groups }: TableReading, { uri, columns, maxGroups }: ReadRequest): SubgroupData[] {
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
