import type { TableSource } from "../../data/sources/table-source.ts";
import type { EvaluationColumns } from "../columns.ts";
import type { Task } from "../task.ts";
import { areOtherKind, shownClasses } from "./class-names.ts";
import type { ColumnFacts, TableFacts } from "./column-facts.ts";
import { columnOf } from "./expressions.ts";
import { type FloatReading, FloatReadings } from "./float-readings.ts";
import { type LabelRequest, labelRequest } from "./label-request.ts";
import {
  classesOf,
  type LabelReading,
  readClasses,
  readLabel,
  readNumbers,
  readPositives,
  readZeroOne,
} from "./labels.ts";
import type { Sink } from "./sinks.ts";
import { type GroupReading, readGroups } from "./subgroups.ts";
import { type CodeReading, readCodes, type TaskReadings, taskReadings, taskSinks } from "./task-readings.ts";

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
  readonly query: CodeReading | undefined;
  readonly more: TaskReadings;
  readonly groups: ReadonlyMap<string, GroupReading>;
  /** What is wrong whatever the rows. */
  readonly strange: readonly string[];
}

export function planReading(source: TableSource, request: PlanRequest, facts: TableFacts): TableReading {
  const { columns, task } = request;
  const floats = new FloatReadings(source, facts.rows);
  const classes = task === "multiclass" ? taskClasses(request, facts) : [];
  const label = readLabel(
    labelRequest(source, facts, {
      column: columns.label,
      role: task === "survival" ? "duration " : "label ",
    }),
    task,
    {
      positiveClass: request.positiveClass,
      classes,
    },
  );
  const prediction = readPrediction(source, { ...request, classes }, facts);
  const groups = groupReadings(source, request, facts);
  const more = taskReadings(source, columns, { facts, floats });
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
    query:
      columns.query === undefined
        ? undefined
        : readCodes(columns.query, facts, `the query column ${JSON.stringify(columns.query)}`),
    more,
    groups: groups.readings,
    strange: [
      ...label.strange,
      ...(prediction?.strange ?? []),
      ...[...more.truths, ...more.predictions].flatMap((one) => one.strange),
      ...groups.problems,
    ],
  };
}

export function sinksOf(reading: TableReading): Sink[] {
  const { label, prediction, floats, query, groups, more } = reading;
  return [
    label.sink,
    ...(prediction === undefined ? [] : [prediction.sink]),
    ...floats.all().map((one) => one.sink),
    ...(query === undefined ? [] : [query.sink]),
    ...taskSinks(more),
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

function readPrediction(
  source: TableSource,
  request: PlanRequest,
  facts: TableFacts,
): LabelReading | undefined {
  const { columns, task, positiveClass, classes } = request;
  if (columns.prediction === undefined) return undefined;
  const asked = labelRequest(source, facts, { column: columns.prediction, role: "prediction " });
  if (task === "multiclass") return readPredictedClasses(asked, classes, facts.columns.get(columns.label));
  if (task !== "binary") return readNumbers(asked);
  if (positiveClass === undefined) return readZeroOne(asked);
  const known = facts.columns.get(columns.label)?.dictionary?.texts;
  return readPositives(asked, positiveClass, known ?? []);
}

function readPredictedClasses(
  asked: LabelRequest,
  classes: readonly string[],
  label: ColumnFacts | undefined,
): LabelReading {
  const reading = readClasses(asked, classes, "which no label is");
  const [labels, own] = [label, asked.facts].map((one) => one?.dictionary?.texts ?? []);
  if (labels === undefined || own === undefined || !areOtherKind(labels, own)) return reading;
  const other = `${asked.name} holds ${shownClasses(own)}, and the label holds ${shownClasses(labels)}: numbers are no names; write both in the same way`;
  return { ...reading, strange: [...reading.strange, other] };
}

function groupReadings(
  source: TableSource,
  { columns, maxGroups }: PlanRequest,
  facts: TableFacts,
): { readonly readings: ReadonlyMap<string, GroupReading>; readonly problems: readonly string[] } {
  const readings = new Map<string, GroupReading>();
  const problems: string[] = [];
  const horizon = columns.forecast?.horizon;
  const grouped = [
    ...columns.subgroups.flatMap((subgroup) => subgroup.columns),
    ...(horizon === undefined ? [] : [horizon]),
  ];
  for (const name of new Set(grouped)) {
    const found: ColumnFacts | undefined = facts.columns.get(name);
    const dictionary = found?.dictionary;
    const count = dictionary?.texts.length;
    if (dictionary !== undefined && count !== undefined && count <= maxGroups)
      readings.set(name, readGroups(columnOf(source, name), dictionary, facts.rows));
    else
      problems.push(
        `the ${name === horizon ? "horizon" : "subgroup"} column ${JSON.stringify(name)} has ${count ?? `more than ${maxGroups}`} different values, at most ${maxGroups} are measured (--max-groups): give a column of bins instead of one of amounts or names`,
      );
  }
  return { readings, problems };
}
