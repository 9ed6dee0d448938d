import type { DuckDb } from "../../data/engine/duckdb.ts";
import { confirmRead } from "../../data/sources/source.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import type { MlopsError } from "../../errors.ts";
import type { Task } from "../task.ts";
import { type ColumnFacts, lookAtTable, type TableFacts, withQueryNames } from "./column-facts.ts";
import type { DictionaryTable } from "./dictionary.ts";
import { floatProblem, probabilityProblems, weightProblems } from "./float-readings.ts";
import { inferTask } from "./infer-task.ts";
import { mayHold, memoryShortage } from "./memory-need.ts";
import { streamRows } from "./number-chunks.ts";
import { type PlanRequest, planReading, sinksOf, type TableReading } from "./plan-reading.ts";
import { type ColumnProblem, describeProblems, refuseTable } from "./problems.ts";
import type { Sink } from "./sinks.ts";
import { type TableData, tableData } from "./table-data.ts";
import { codeProblem, taskProblems } from "./task-readings.ts";

export interface ReadRequest extends PlanRequest {
  /** The table's, for messages. */
  readonly uri: string;
  readonly hasModel: boolean;
  /** Memory of the job. */
  readonly availableBytes: number;
  readonly onRows?: (done: number, all: number) => void;
  /** Where it was taken already. */
  readonly look?: FirstLook;
  /** See `lookAtTable`. */
  readonly dictionaries?: DictionaryTable;
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
    return { ...tableData(reading, request, rows), rows, task };
  } catch (error) {
    throw source.explain(error);
  }
}

/** A table that was looked at. */
export type LookedAt = ReadRequest & { readonly look: FirstLook };

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
    const { rows } = facts;
    const shortage = memoryShortage(source, { ...request, rows, task });
    if (shortage !== undefined) return { facts, task, shortage };
    const named = await withQueryNames(db, source, { facts, query: request.columns.query });
    return { facts: named, task, shortage };
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

/** Throws `not-evaluable` where rows cannot be measured. */
export async function refuseBadRows(
  db: DuckDb,
  source: TableSource,
  found: {
    readonly request: Pick<ReadRequest, "uri">;
    readonly reading: TableReading;
    readonly rows: number;
    /** Of a table that was read in stretches. */
    readonly weights?: Parameters<typeof weightProblems>[2];
  },
): Promise<void> {
  const { request, reading, rows } = found;
  const { uri } = request;
  if (rows === 0) return refuseTable(uri, [`${uri} has no rows`]);
  const problems = problemsOf(reading, found.weights);
  refuseTable(
    uri,
    [
      ...reading.strange.map((sentence) => `${uri}: ${sentence}`),
      ...(await describeProblems(db, source, { uri, rows, problems })),
    ],
    reading.label.problem.bad.count > 0 ? reading.label.hint : undefined,
  );
}

function problemsOf(reading: TableReading, weights: Parameters<typeof weightProblems>[2]): ColumnProblem[] {
  const { source, label, prediction, floats, weight, query } = reading;
  const range = label.rangeProblem?.();
  return [
    label.problem,
    ...(range === undefined ? [] : [range]),
    ...(prediction === undefined ? [] : [prediction.problem]),
    ...floats.all().map((one) => floatProblem(source, one)),
    ...(query === undefined ? [] : [codeProblem(source, query)]),
    ...taskProblems(source, reading.more),
    ...(weight === undefined ? [] : weightProblems(source, weight, weights)),
    ...[...reading.probabilities, ...reading.more.survivals.map(({ values }) => values)].flatMap((one) =>
      probabilityProblems(source, one),
    ),
  ];
}
