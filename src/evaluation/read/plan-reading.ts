import type { TableSource } from "../../data/sources/table-source.ts";
import type { EvaluationColumns } from "../columns.ts";
import type { Task } from "../task.ts";
import type { ColumnFacts, TableFacts } from "./column-facts.ts";
import { columnOf } from "./expressions.ts";
import { type FloatReading, FloatReadings } from "./float-readings.ts";
import {
  classesOf,
  type LabelReading,
  type LabelRequest,
  readClasses,
  readLabel,
  readNumbers,
  readPositives,
  readZeroOne,
} from "./labels.ts";
import { type CodeSink, lookupSink, noCode, type Sink, sharedUint32 } from "./sinks.ts";
import { type GroupReading, readGroups } from "./subgroups.ts";

export interface PlanRequest {
  readonly columns: EvaluationColumns;
  readonly task: Task | undefined;
  readonly positiveClass: string | undefined;
  /** Named ones of a multiclass task; empty: those that occur. */
  readonly classes: readonly string[];
  /** Of one subgroup column, crossed or not. */
  readonly maxGroups: number;
}

/** How the columns of a table are read. Each column of numbers is read once, whatever roles it has. */
export interface TableReading {
  readonly source: TableSource;
  readonly floats: FloatReadings;
  readonly label: LabelReading;
  readonly prediction: LabelReading | undefined;
  readonly score: FloatReading | undefined;
  readonly probabilities: readonly FloatReading[];
  readonly quantiles: readonly { readonly level: number; readonly values: FloatReading }[];
  readonly intervals: readonly {
    readonly level: number;
    readonly lower: FloatReading;
    readonly upper: FloatReading;
  }[];
  readonly weight: FloatReading | undefined;
  readonly query: QueryReading | undefined;
  readonly groups: ReadonlyMap<string, GroupReading>;
  /** What is wrong whatever the rows. */
  readonly strange: readonly string[];
}

interface QueryReading {
  readonly sink: CodeSink & { readonly codes: Uint32Array };
  readonly count: number;
  readonly name: string;
  readonly column: string;
}

export function planReading(source: TableSource, request: PlanRequest, facts: TableFacts): TableReading {
  const { columns, task } = request;
  const floats = new FloatReadings(source, facts.rows);
  const classes = task === "multiclass" ? taskClasses(request, facts) : [];
  const label = readLabel(labelRequest(source, facts, columns.label, "label "), task, {
    positiveClass: request.positiveClass,
    classes,
  });
  const prediction = readPrediction(source, { ...request, classes }, facts);
  const groups = groupReadings(source, request, facts);
  return {
    source,
    floats,
    label,
    prediction,
    score: columns.score === undefined ? undefined : floats.of("score ", columns.score, "own width"),
    probabilities: inOrder(columns.probabilities, classes).map((column) =>
      floats.of("probability ", column, "own width"),
    ),
    quantiles: columns.quantiles.map(({ level, column }) => ({
      level,
      values: floats.of("quantile ", column, "double"),
    })),
    intervals: columns.intervals.map(({ level, lower, upper }) => ({
      level,
      lower: floats.of("interval ", lower, "double"),
      upper: floats.of("interval ", upper, "double"),
    })),
    weight: columns.weight === undefined ? undefined : floats.of("weight ", columns.weight, "double"),
    query: columns.query === undefined ? undefined : readQuery(columns.query, facts),
    groups: groups.readings,
    strange: [...label.strange, ...(prediction?.strange ?? []), ...groups.problems],
  };
}

export function sinksOf(reading: TableReading): Sink[] {
  const { label, prediction, floats, query, groups } = reading;
  return [
    label.sink,
    ...(prediction === undefined ? [] : [prediction.sink]),
    ...floats.all().map((one) => one.sink),
    ...(query === undefined ? [] : [query.sink]),
    ...[...groups.values()].map((one) => one.sink),
  ];
}

/** Those that were named, or that have a probability; else all that occur. */
function taskClasses({ classes, columns }: PlanRequest, facts: TableFacts): string[] {
  const named = columns.probabilities.length > 0 ? columns.probabilities.map((one) => one.class) : classes;
  const occurring = [columns.label, columns.prediction].map((name) =>
    name === undefined ? undefined : facts.columns.get(name),
  );
  return classesOf(named, occurring);
}

function inOrder(probabilities: EvaluationColumns["probabilities"], classes: readonly string[]): string[] {
  return classes.flatMap((name) => probabilities.find((one) => one.class === name)?.column ?? []);
}

function labelRequest(source: TableSource, facts: TableFacts, column: string, role: string): LabelRequest {
  const found = facts.columns.get(column);
  if (found === undefined) throw new RangeError(`nothing is known of ${column}`);
  return {
    column: columnOf(source, column),
    facts: found,
    name: `the ${role}column ${JSON.stringify(column)}`,
    rows: facts.rows,
  };
}

function readPrediction(
  source: TableSource,
  request: PlanRequest,
  facts: TableFacts,
): LabelReading | undefined {
  const { columns, task, positiveClass, classes } = request;
  if (columns.prediction === undefined) return undefined;
  const asked = labelRequest(source, facts, columns.prediction, "prediction ");
  if (task === "multiclass") return readClasses(asked, classes, "which no label is");
  if (task !== "binary") return readNumbers(asked);
  if (positiveClass === undefined) return readZeroOne(asked);
  const known = facts.columns.get(columns.label)?.dictionary?.texts;
  return readPositives(asked, positiveClass, known ?? []);
}

function readQuery(column: string, facts: TableFacts): QueryReading {
  const dictionary = facts.columns.get(column)?.dictionary;
  if (dictionary === undefined) throw new RangeError(`no dictionary of ${column}`);
  const count = dictionary.texts.length;
  const table = Uint32Array.from({ length: count + 1 }, (_, code) => (code < count ? code : noCode));
  const sink = lookupSink(dictionary, sharedUint32(facts.rows), table);
  return { sink, count, name: `the query column ${JSON.stringify(column)}`, column };
}

function groupReadings(
  source: TableSource,
  { columns, maxGroups }: PlanRequest,
  facts: TableFacts,
): { readonly readings: ReadonlyMap<string, GroupReading>; readonly problems: readonly string[] } {
  const readings = new Map<string, GroupReading>();
  const problems: string[] = [];
  for (const name of new Set(columns.subgroups.flatMap((subgroup) => subgroup.columns))) {
    const found: ColumnFacts | undefined = facts.columns.get(name);
    const dictionary = found?.dictionary;
    const count = dictionary?.texts.length;
    if (dictionary !== undefined && count !== undefined && count <= maxGroups)
      readings.set(name, readGroups(columnOf(source, name), dictionary, facts.rows));
    else
      problems.push(
        `the subgroup column ${JSON.stringify(name)} has ${count ?? `more than ${maxGroups}`} different values, at most ${maxGroups} are measured (--max-groups): give a column of bins instead of one of amounts or names`,
      );
  }
  return { readings, problems };
}
