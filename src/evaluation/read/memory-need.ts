import type { TableSource } from "../../data/sources/table-source.ts";
import { MlopsError } from "../../errors.ts";
import type { EvaluationColumns } from "../columns.ts";
import type { Task } from "../task.ts";
import type { TableFacts } from "./column-facts.ts";
import { columnOf, isFloat32 } from "./expressions.ts";
import { forecastBytes, isForecastStorable } from "./forecast-need.ts";
import { hasNumbersOnly, numberBytes } from "./number-need.ts";
import { isRankingStorable, rankingBytes } from "./ranking-need.ts";

/** What the program and the engine take beside the arrays. */
export const programBytes = 3e8;

/** Of what is left beside the program, one part is for rows that are measured from disk: their buckets take as much, and DuckDB the rest. */
const shareOfRows = 0.25;
const mostRowBytes = 256e6;
/** Fewer are not worth the ways to the disk. */
const fewestRowBytes = 5e6;

interface NeededTable {
  readonly rows: number;
  readonly columns: EvaluationColumns;
  readonly task: Task | undefined;
  /** Whether a model has yet to make the scores. */
  readonly hasModel: boolean;
  readonly availableBytes: number;
}

/**
 * Why the arrays of a table are certain not to fit into `availableBytes`, as a `not-evaluable` error: to be known before they are filled,
 * since the kernel would end the job without a word. Undefined where they may fit.
 */
export function memoryShortage(
  source: TableSource,
  table: NeededTable & { readonly uri: string },
): MlopsError | undefined {
  const { uri, rows, columns, task, hasModel, availableBytes } = table;
  const needed = neededBytes(source, table);
  if (needed <= availableBytes) return undefined;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  return new MlopsError({
    kind: "not-evaluable",
    code: "MEMORY_TOO_SMALL",
    message: `${uri} has ${rows} rows, which need ${gigabytes(needed)} of memory at least; the job has ${gigabytes(availableBytes)}.`,
    hint: isStorable(columns, task, hasModel)
      ? `Give the job ${(programBytes + fewestRowBytes / shareOfRows) / 1e6} MB of memory at least: the table is then measured from disk.`
      : otherHint,
  });
}

/** Of a cell in a result that the engine holds, and in the chunk that is made of it. */
const heldCellBytes = 2 * 8;

/**
 * Whether the engine may hold stretches of so many columns of a table whose arrays fit into memory. What it held is free again when
 * the garbage of JavaScript is collected, and nothing says that this is before the end: there must be room for all of it.
 */
export function mayHold(source: TableSource, table: NeededTable, columnCount: number): boolean {
  return neededBytes(source, table) + table.rows * columnCount * heldCellBytes <= table.availableBytes;
}

/** At least. */
function neededBytes(source: TableSource, { rows, columns, task, hasModel }: NeededTable): number {
  return programBytes + rows * (bytesPerRow(source, columns, task) + (hasModel ? leastModelBytes : 0));
}

const otherHint =
  "Give the job more memory, write the scores as 32-bit floats (half as much), or measure a sample of the rows. Measured from disk are two classes, several classes or labels, regressions, quantiles, forecasts and rankings.";

/** Of 32-bit scores that a model makes, read and sorted. */
const leastModelBytes = 8;
/** Of a double that a model makes of a row: as it was written, read, and sorted with what belongs to it. */
const mostAnswerBytes = 40;

/** Whether the arrays of a table fit into memory with all that a model may make of it, of whatever task that is. */
export function answersFit(
  source: TableSource,
  table: Pick<NeededTable, "columns" | "task" | "availableBytes"> & { readonly facts: TableFacts },
): boolean {
  const { columns, task, availableBytes, facts } = table;
  const classes = facts.columns.get(columns.label)?.dictionary?.texts.length ?? 0;
  const answers = Math.max(1, columns.labels.length, classes);
  const own = bytesPerRow(source, columns, task) + mostAnswerBytes * answers;
  const ofNumbers = task === undefined ? (numberBytes(columns, "regression") ?? 0) + mostAnswerBytes : 0;
  return programBytes + facts.rows * Math.max(own, ofNumbers) <= availableBytes;
}

/** The arrays that are read, and as many again that are sorted. */
function bytesPerRow(source: TableSource, columns: EvaluationColumns, task: Task | undefined): number {
  const { score, prediction, probabilities, quantiles, intervals, weight, query, subgroups } = columns;
  const ofNumbers = numberBytes(columns, task);
  if (ofNumbers !== undefined) return ofNumbers;
  const width = (name: string) => (isFloat32(columnOf(source, name)) ? 4 : 8);
  if (task === "ranking") return rankingBytes(columns, width);
  if (task === "forecasting") return forecastBytes(columns);
  // Of a binary task labels and groups are put together once more.
  const labels = task === "binary" ? 2 : 4;
  const groups = new Set(subgroups.flatMap((subgroup) => subgroup.columns)).size;
  // Predicted classes of two are measured as scores of 32 bits.
  const asScores = task === "binary" && prediction !== undefined ? 8 : 0;
  const scores = score === undefined ? asScores : 2 * width(score);
  const several = columns.labels.reduce((sum, one) => {
    // Of a label one byte and its score, and the same again sorted, those of all labels in one order too.
    const own = one.score === undefined ? 0 : 3 * width(one.score) + 6;
    return sum + 1 + own + (one.prediction === undefined ? 0 : 1);
  }, 0);
  return (
    several +
    labels * (prediction === undefined ? 1 : 2) +
    scores +
    probabilities.reduce((sum, one) => sum + width(one.column), 0) +
    8 * (quantiles.length + 2 * intervals.length + columns.survivals.length) +
    // Of one class after the other the probabilities, classes and groups are sorted.
    Math.max(0, ...probabilities.map((one) => 1 + width(one.column))) +
    // Of a binary task the numbers of the rows are sorted beside the scores.
    (weight === undefined ? 0 : 8 + (task === "binary" ? 3 : 0)) +
    (query === undefined ? 0 : 4) +
    groups
  );
}

/** For rows of a table that is measured from disk, which are in memory some at a time; undefined where it is too little. */
export function bytesForRows(availableBytes: number): number | undefined {
  const bytes = Math.min(mostRowBytes, (availableBytes - programBytes) * shareOfRows);
  return bytes < fewestRowBytes ? undefined : bytes;
}

/** Whether a table that does not fit into memory can be measured from disk; of a model, unless its answers are found to be of another task. */
export function isStorable(columns: EvaluationColumns, task: Task | undefined, hasModel: boolean): boolean {
  return hasModel ? isAnswerStorable(columns, task) : isTableStorable(columns, task);
}

/** As if the model had answered. */
function isAnswerStorable(columns: EvaluationColumns, task: Task | undefined): boolean {
  const answer = "answer";
  const isSeveral = task === "multiclass" || task === "multilabel";
  if (task === "regression" || task === "forecasting")
    return isTableStorable({ ...columns, prediction: answer }, task);
  return isTableStorable({ ...columns, score: isSeveral ? undefined : answer }, task ?? "binary");
}

function isTableStorable(columns: EvaluationColumns, task: Task | undefined): boolean {
  const { score, prediction, probabilities, quantiles, intervals, query } = columns;
  if (task === "multiclass" || task === "multilabel") return areSeveralStorable(columns);
  if (hasNumbersOnly(columns, task)) return true;
  if (task === "ranking") return isRankingStorable(columns);
  if (task === "forecasting") return isForecastStorable(columns);
  const isMany = probabilities.length + quantiles.length + intervals.length > 0;
  if (isMany || query !== undefined) return false;
  return task === "binary" && (score === undefined) !== (prediction === undefined);
}

/** Classes or labels. */
function areSeveralStorable({ score, query, quantiles, intervals }: EvaluationColumns): boolean {
  return score === undefined && query === undefined && quantiles.length + intervals.length === 0;
}
