import { rm } from "node:fs/promises";
import path from "node:path";
import type { DuckDb } from "../../../data/engine/duckdb.ts";
import { quoteIdentifier, quotePath, quoteText } from "../../../data/engine/sql.ts";
import { openTable } from "../../../data/sources/source.ts";
import type { TableSource } from "../../../data/sources/table-source.ts";
import type { StoredScores } from "../../../scoring/scorer.ts";
import type { EvaluationColumns } from "../../columns.ts";
import { type ArrayColumn, writeArrays } from "../../kept/write-arrays.ts";
import { addUpToOne, doubtOfOnes } from "../../model-labels.ts";
import { OtherValues, refuseOtherClasses, refuseOtherKind, taskOfAnswers } from "../../model-task.ts";
import { classList, spellingsOf } from "../../read/class-names.ts";
import { columnOf, textSql } from "../../read/expressions.ts";
import { type LookedAt, lookFirst } from "../../read/read-table.ts";
import { type LoadingModel, modelFacts, type ScoredModel } from "../../score-table.ts";
import type { Task } from "../../task.ts";
import { fullDisk, requireDisk } from "../disk-room.ts";
import type { StoredEvaluation } from "../stored-evaluation.ts";
import { answerColumns, freeName, namesOf } from "./answer-columns.ts";
import { checkRows } from "./check-rows.ts";

/** The table that a model has scored, with its answers as columns. Must be closed. */
export interface AnsweredTable extends Pick<StoredEvaluation, "source" | "reading"> {
  readonly facts: ScoredModel;
  close(): void;
}

/** Of a row: in the scorer's file, in ours, and beside the columns of the table; more where the model gives more. */
const answerBytes = 3 * 8;

/** A table that a model is to score. */
type UnansweredTable = Pick<StoredEvaluation, "request" | "db" | "source" | "uri" | "reading"> & {
  readonly loading: LoadingModel;
};

/**
 * Has a table scored that may not fit into memory. What is measured of it, and what the model made, then lies in a Parquet file below
 * the database's folder: a table of predictions like any other. Throws `not-evaluable` for rows, labels and answers that cannot be
 * measured; the rows are looked at before they are scored.
 */
export async function answeredTable(work: UnansweredTable): Promise<AnsweredTable> {
  const { db, source, uri, reading, loading } = work;
  const { rows } = reading.look.facts;
  const labels = await checkRows(db, source, reading);
  await requireDisk(db.folder, { uri, rows, bytesEach: 0, bytesOnce: answerBytes });
  const scores = await loading.scorer.scoreStored(db, source, rows);
  try {
    const answers = await writeAnswers(work, scores);
    const task = taskOfAnswers(scores, { uri, task: reading.look.task, labels }, answers.other);
    const columns = await writeJoined(work, { task, columns: answers.columns });
    const opened = await openTable([joinedFile(db)], db, { cwd: db.folder, signal: work.request.signal });
    // A person knows of the table, and of no file of ours.
    const answered = { ...opened, explain: source.explain };
    try {
      const found = { source: answered, columns, task, classes: scores.classes };
      const facts = modelFacts(loading.model, scores, answers.note);
      return { ...(await lookAgain(work, found)), facts, close: () => answered.close() };
    } catch (error) {
      answered.close();
      throw error;
    }
  } catch (error) {
    throw fullDisk(error, uri) ?? source.explain(error);
  }
}

const answersFile = (db: DuckDb) => path.join(db.folder, "answers.parquet");
const joinedFile = (db: DuckDb) => path.join(db.folder, "answered.parquet");

/** Writes the answers into a file of their own, and finds out what shows in all of them. */
async function writeAnswers(
  { db, uri, reading, request: { signal } }: UnansweredTable,
  scores: StoredScores,
) {
  const { kind } = scores;
  const others = new OtherValues();
  let [start, areOnes] = [0, kind === "label-scores"];
  let found: ReturnType<typeof answerColumns> | undefined;
  async function* arrays(): AsyncIterable<ArrayColumn[]> {
    for await (const values of scores.stretches()) {
      const { columns, look } = reading;
      found ??= answerColumns(scores, { uri, task: look.task, columns, given: values.length });
      if (kind === "prediction") others.take(values[0], start);
      areOnes = areOnes && addUpToOne(values);
      start += values[0].length;
      yield found.arraysOf(values);
    }
  }
  await writeArrays(answersFile(db), arrays(), signal);
  if (found === undefined) throw new RangeError("no scores");
  const note = found.note === undefined ? undefined : `${found.note}${areOnes ? doubtOfOnes : ""}`;
  return { columns: found.columns, note, other: others.first };
}

/** The label of two classes is written as 0 and 1, as which the model's are: its class may be named otherwise. */
async function writeJoined(
  { db, source, reading }: UnansweredTable,
  { task, columns }: { readonly task: Task; readonly columns: EvaluationColumns },
): Promise<EvaluationColumns> {
  const { positiveClass } = reading;
  const own = namesOf(columns).map((name) => `${columnOf(source, name).sql} AS ${quoteIdentifier(name)}`);
  const isNamed = task === "binary" && positiveClass !== undefined;
  const label = isNamed ? freeName(columns, "label_of_two") : columns.label;
  if (isNamed) own.push(`${isPositiveSql(source, reading, positiveClass)} AS ${quoteIdentifier(label)}`);
  const [answers, joined] = [answersFile(db), joinedFile(db)];
  await db.query(
    `COPY (SELECT * FROM (SELECT ${own.join(", ")} FROM ${source.sql}) own POSITIONAL JOIN read_parquet(${quotePath(answers)}) answers) TO ${quoteText(joined)} (FORMAT parquet)`,
  );
  await rm(answers);
  return { ...columns, label };
}

function isPositiveSql(source: TableSource, { columns, look }: LookedAt, positiveClass: string): string {
  const texts = look.facts.columns.get(columns.label)?.dictionary?.texts ?? [];
  const meant = [...spellingsOf(positiveClass, texts)].map(quoteText).join(", ");
  return `CAST(${textSql(columnOf(source, columns.label))} IN (${meant}) AS INTEGER)`;
}

async function lookAgain(
  { db, uri, reading }: UnansweredTable,
  found: {
    readonly source: TableSource;
    readonly columns: EvaluationColumns;
    readonly task: Task;
    readonly classes: readonly string[];
  },
): Promise<Pick<AnsweredTable, "source" | "reading">> {
  const { source, columns, task } = found;
  const asked = { ...reading, columns, task, positiveClass: undefined, hasModel: false };
  const look = await lookFirst(db, source, { ...asked, dictionaries: "answered_dictionaries" });
  const classes = task === "multiclass" ? classesOf(found, { uri, named: reading.classes, look }) : [];
  return { source, reading: { ...asked, classes, look } };
}

/** Those of the model, and where it says only which, those of the labels too. */
function classesOf(
  { columns, classes }: { readonly columns: EvaluationColumns; readonly classes: readonly string[] },
  {
    uri,
    named,
    look,
  }: {
    readonly uri: string;
    readonly named: readonly string[];
    readonly look: LookedAt["look"];
  },
): string[] {
  const occurring = classList(look.facts.columns.get(columns.label)?.dictionary?.texts ?? []);
  const names = named.length > 0 ? named : occurring;
  if (columns.probabilities.length > 0) {
    refuseOtherClasses(uri, names, classes);
    return [];
  }
  refuseOtherKind(uri, names, classes);
  return classList([...classes, ...names]);
}
