import type { TableSource } from "../../data/sources/table-source.ts";
import { MlopsError } from "../../errors.ts";
import type { EvaluationColumns } from "../columns.ts";
import type { Task } from "../task.ts";
import { columnOf, isFloat32 } from "./expressions.ts";

/** What the program and the engine take beside the arrays. */
export const programBytes = 3e8;

/** Of what is left beside the program, one part is for rows that are measured from disk: their buckets take as much, and DuckDB the rest. */
const shareOfRows = 0.25;
const mostRowBytes = 256e6;
/** Fewer are not worth the ways to the disk. */
const fewestRowBytes = 5e6;

/**
 * Why the arrays of a table are certain not to fit into `availableBytes`, as a `not-evaluable` error: to be known before they are filled,
 * since the kernel would end the job without a word. Undefined where they may fit.
 */
export function memoryShortage(
  source: TableSource,
  table: {
    readonly uri: string;
    readonly rows: number;
    readonly columns: EvaluationColumns;
    readonly task: Task | undefined;
    readonly availableBytes: number;
  },
): MlopsError | undefined {
  const { uri, rows, columns, task, availableBytes } = table;
  const needed = programBytes + rows * bytesPerRow(source, columns, task);
  if (needed <= availableBytes) return undefined;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  return new MlopsError({
    kind: "not-evaluable",
    code: "MEMORY_TOO_SMALL",
    message: `${uri} has ${rows} rows, which need ${gigabytes(needed)} of memory at least; the job has ${gigabytes(availableBytes)}.`,
    hint: isStorable(columns, task)
      ? `Give the job ${(programBytes + fewestRowBytes / shareOfRows) / 1e6} MB of memory at least: the table is then measured from disk.`
      : "Give the job more memory, write the scores as 32-bit floats (half as much), or measure a sample of the rows. A table is measured from disk only where it holds scores of two classes, classes or labels, and no weights.",
  });
}

/** The arrays that are read, and as many again that are sorted. */
function bytesPerRow(source: TableSource, columns: EvaluationColumns, task: Task | undefined): number {
  const { score, prediction, probabilities, quantiles, intervals, weight, query, subgroups, forecast } =
    columns;
  const width = (name: string) => (isFloat32(columnOf(source, name)) ? 4 : 8);
  // Of a binary task labels and groups are put together once more.
  const labels = task === "binary" ? 2 : 4;
  const groups = new Set(subgroups.flatMap((subgroup) => subgroup.columns)).size;
  const scores = score === undefined ? 0 : 2 * width(score);
  const several = columns.labels.reduce((sum, one) => {
    // Of a label one byte and its score, and the same again sorted.
    const own = one.score === undefined ? 0 : 3 * width(one.score);
    return sum + 1 + own + (one.prediction === undefined ? 0 : 1);
  }, 0);
  const scales = [forecast?.trainingMae, forecast?.trainingRmse].filter((one) => one !== undefined);
  return (
    several +
    8 * scales.length +
    (forecast?.series === undefined ? 0 : 4) +
    labels * (prediction === undefined ? 1 : 2) +
    scores +
    probabilities.reduce((sum, one) => sum + width(one.column), 0) +
    // Of one class after the other the probabilities, classes and groups are sorted.
    Math.max(0, ...probabilities.map((one) => 1 + width(one.column))) +
    8 * (quantiles.length + 2 * intervals.length + (weight === undefined ? 0 : 1)) +
    (query === undefined ? 0 : 4) +
    groups
  );
}

/** For rows of a table that is measured from disk, which are in memory some at a time; undefined where it is too little. */
export function bytesForRows(availableBytes: number): number | undefined {
  const bytes = Math.min(mostRowBytes, (availableBytes - programBytes) * shareOfRows);
  return bytes < fewestRowBytes ? undefined : bytes;
}

/** Whether a table that does not fit into memory can be measured from disk. */
export function isStorable(columns: EvaluationColumns, task: Task | undefined): boolean {
  const { score, prediction, probabilities, quantiles, intervals, weight, query } = columns;
  if (task === "multiclass" || task === "multilabel") return areSeveralStorable(columns);
  const hasOthers = [prediction, weight, query].some((one) => one !== undefined);
  const isMany = probabilities.length + quantiles.length + intervals.length > 0;
  return task === "binary" && score !== undefined && !hasOthers && !isMany;
}

/** Classes or labels. */
function areSeveralStorable({ score, weight, query, quantiles, intervals }: EvaluationColumns): boolean {
  const hasOthers = [score, weight, query].some((one) => one !== undefined);
  return !hasOthers && quantiles.length + intervals.length === 0;
}
