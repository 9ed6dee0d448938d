import type { TableSource } from "../../data/sources/table-source.ts";
import type { EvaluationColumns } from "../columns.ts";
import type { TableFacts } from "./column-facts.ts";
import type { Dictionary } from "./dictionary.ts";
import { columnOf } from "./expressions.ts";
import { doublesOf, type FloatReading, type FloatReadings } from "./float-readings.ts";
import { labelRequest } from "./label-request.ts";
import { type LabelReading, type Labels, readZeroOne } from "./labels.ts";
import type { ColumnProblem } from "./problems.ts";
import {
  BadRows,
  type CodeSink,
  lookupSink,
  noCode,
  type Sink,
  sharedFloat64,
  sharedUint32,
} from "./sinks.ts";

/** What single tasks read beside label, prediction and scores. */
export interface TaskReadings {
  /** Of a survival task the event, of a multilabel one the second label and those after it. */
  readonly truths: readonly LabelReading[];
  /** Of a multilabel task: one a label, or none. */
  readonly predictions: readonly LabelReading[];
  readonly scores: readonly FloatReading[];
  /** Of a survival task. */
  readonly survivals: readonly { readonly time: number; readonly values: FloatReading }[];
  readonly series: CodeReading | undefined;
  readonly trainingMae: FloatReading | number | undefined;
  readonly trainingRmse: FloatReading | number | undefined;
}

/** A column of names that is read as codes, however many there are. */
export interface CodeReading {
  readonly sink: CodeSink & { readonly codes: Uint32Array };
  /** By code. */
  readonly names: readonly string[];
  readonly name: string;
  readonly column: string;
}

export function taskReadings(
  source: TableSource,
  columns: EvaluationColumns,
  known: { readonly facts: TableFacts; readonly floats: FloatReadings },
): TaskReadings {
  const { facts, floats } = known;
  const { labels, event, forecast } = columns;
  const zeroOne = (role: string) => (column: string) =>
    readZeroOne(labelRequest(source, facts, { column, role }));
  const scale = (given: string | number | undefined) =>
    typeof given === "string" ? floats.of("training error ", given, "double") : given;
  return {
    truths: [
      ...labels.slice(1).map((one) => zeroOne("label ")(one.label)),
      ...(event === undefined ? [] : [zeroOne("event ")(event)]),
    ],
    predictions: labels.flatMap((one) => one.prediction ?? []).map(zeroOne("prediction ")),
    scores: labels
      .flatMap((one) => one.score ?? [])
      .map((column) => floats.of("score ", column, "own width")),
    survivals: columns.survivals.map(({ time, column }) => ({
      time,
      values: floats.of("survival probability ", column, "double"),
    })),
    series:
      forecast?.series === undefined
        ? undefined
        : readCodes(forecast.series, facts, seriesName(forecast.series).name),
    trainingMae: scale(forecast?.trainingMae),
    trainingRmse: scale(forecast?.trainingRmse),
  };
}

export function seriesName(column: string): Pick<CodeReading, "name" | "column"> {
  return { name: `the series column ${JSON.stringify(column)}`, column };
}

/** Codes in the order of the column's texts; rows without one are bad. */
export function readCodes(column: string, facts: TableFacts, name: string): CodeReading {
  const dictionary = facts.columns.get(column)?.dictionary;
  if (dictionary === undefined) throw new RangeError(`no dictionary of ${column}`);
  const names = dictionary.texts;
  const table = Uint32Array.from({ length: names.length + 1 }, (_, code) =>
    code < names.length ? code : noCode,
  );
  return { sink: lookupSink(plainCodes(dictionary), sharedUint32(facts.rows), table), names, name, column };
}

/** As numbers: of an ENUM (which counts from 0) every chunk brings all its texts, and they may be as many as the rows. */
export function plainCodes({ sql, firstCode }: Dictionary): Pick<Dictionary, "sql" | "firstCode"> {
  return { sql: firstCode === 0 ? `enum_code(${sql})` : sql, firstCode };
}

export function missingNameProblem(
  source: TableSource,
  { name, column }: Pick<CodeReading, "name" | "column">,
  bad: BadRows,
): ColumnProblem {
  return { name, what: "that are missing", column: columnOf(source, column), bad };
}

export function codeProblem(source: TableSource, { name, column, sink }: CodeReading): ColumnProblem {
  return missingNameProblem(source, { name, column }, sink.bad);
}

/** Without those of `floats`, which are read there. */
export function taskSinks({ truths, predictions, series }: TaskReadings): Sink[] {
  return [...truths, ...predictions, ...(series === undefined ? [] : [series])].map((one) => one.sink);
}

export function taskProblems(source: TableSource, readings: TaskReadings): ColumnProblem[] {
  const { truths, predictions, series, trainingMae, trainingRmse } = readings;
  return [
    ...[...truths, ...predictions].map((one) => one.problem),
    ...(series === undefined ? [] : [codeProblem(source, series)]),
    ...[trainingMae, trainingRmse].flatMap((one) => (typeof one === "object" ? [negative(source, one)] : [])),
  ];
}

function negative(source: TableSource, reading: FloatReading): ColumnProblem {
  const { values } = reading.sink;
  const bad = new BadRows();
  for (let row = 0; row < values.length; row += 1) if ((values[row] ?? 0) < 0) bad.add(row);
  return negativeProblem(source, reading, bad);
}

export function negativeProblem(
  source: TableSource,
  { name, column }: FloatReading,
  bad: BadRows,
): ColumnProblem {
  return { name, what: "below 0, which no error is", column: columnOf(source, column), bad };
}

/** The truth of all columns that hold some. */
export function truthsOf(columns: EvaluationColumns, label: LabelReading, readings: TaskReadings): Labels {
  const own = label.labels();
  if (columns.labels.length > 0) return severalOf(columns, [label, ...readings.truths]);
  const events = readings.truths[0]?.labels();
  if (events === undefined) return own;
  if (own.kind !== "numbers" || events.kind !== "binary")
    throw new RangeError("durations are numbers, events 0 or 1");
  return { kind: "survival", durations: own.values, events: events.codes };
}

/** Of all labels of a multilabel task; undefined where there are none. */
export function predictedLabels(
  columns: EvaluationColumns,
  { predictions }: TaskReadings,
): Labels | undefined {
  return predictions.length === 0 ? undefined : severalOf(columns, predictions);
}

function severalOf({ labels }: EvaluationColumns, readings: readonly LabelReading[]): Labels {
  const columns = readings.map((reading) => {
    const own = reading.labels();
    if (own.kind !== "binary") throw new RangeError("a label is 0 or 1");
    return own.codes;
  });
  return { kind: "several", names: labels.map((one) => one.class), columns };
}

/** By row; a number is that of every row. */
export function scaleOf(reading: FloatReading | number | undefined, rows: number): Float64Array | undefined {
  if (typeof reading !== "number") return reading && doublesOf(reading);
  return sharedFloat64(rows).fill(reading);
}
