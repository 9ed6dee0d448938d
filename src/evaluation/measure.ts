import { MlopsError } from "../errors.ts";
import { type BinaryMetrics, binaryMetrics, labelMetrics } from "../metrics/binary/binary.ts";
import type { Confusion } from "../metrics/details.ts";
import type { GroupMetrics } from "../metrics/metric-set.ts";
import { regressionMetrics } from "../metrics/regression/regression.ts";
import type { ReadColumns } from "./read-columns.ts";

export type Task = "binary" | "regression";

export interface MeasureRequest {
  readonly uri: string;
  /** Undefined: inferred. */
  readonly task: Task | undefined;
  readonly columns: ReadColumns;
  readonly values: Float64Array;
  readonly dtype: "float32" | "float64";
  readonly kind: "score" | "prediction";
  /** Undefined: 0.5 where the scores are probabilities. */
  readonly threshold: number | undefined;
}

export interface Measurement {
  readonly task: Task;
  readonly threshold: number | null;
  readonly overall: GroupMetrics;
  readonly confusion: Confusion | null;
  readonly subgroups: readonly {
    readonly column: string;
    readonly value: string;
    readonly metrics: GroupMetrics;
  }[];
}

/**
 * Measures. Without a task: binary where all labels are 0 or 1 and there are scores, or predictions that are 0 or 1 too; otherwise
 * regression. Throws `not-evaluable` for labels that a binary task cannot have.
 */
export async function measure(request: MeasureRequest): Promise<Measurement> {
  const { columns, values } = request;
  const task = request.task ?? inferTask(request);
  const groupings = columns.subgroups.map((subgroup) => subgroup.grouping);
  if (task === "regression") {
    const { overall, groups } = regressionMetrics({ truths: columns.labels, predictions: values }, groupings);
    return { task, threshold: null, overall, confusion: null, subgroups: nameGroups(columns, groups) };
  }
  const problems = [...classProblems(request, "label", columns.labels)];
  if (request.kind === "prediction") problems.push(...classProblems(request, "prediction", values));
  if (problems.length > 0) {
    throw new MlopsError({
      kind: "not-evaluable",
      code: "LABELS_NOT_BINARY",
      message: problems.join("\n"),
      hint: "Name the class that counts as 1 with --positive-class, or say --task regression.",
    });
  }
  const threshold = request.kind === "prediction" ? 0.5 : thresholdOf(request);
  const measured = await binaryOf(request, threshold, groupings);
  const { overall, groups } = measured;
  return { task, threshold, overall, confusion: overall.confusion, subgroups: nameGroups(columns, groups) };
}

async function binaryOf(
  { columns, values, dtype, kind }: MeasureRequest,
  threshold: number | null,
  groupings: Parameters<typeof binaryMetrics>[1],
): Promise<BinaryMetrics> {
  const labels = Uint8Array.from(columns.labels);
  if (kind === "prediction") {
    return await labelMetrics({ labels, predictions: Uint8Array.from(values) }, groupings);
  }
  const scores = dtype === "float32" ? Float32Array.from(values) : values;
  return await binaryMetrics({ labels, scores, threshold }, groupings);
}

function inferTask({ columns, values, kind }: MeasureRequest): Task {
  const isClasses = (array: Float64Array) => array.every((value) => value === 0 || value === 1);
  if (!isClasses(columns.labels)) return kind === "score" ? "binary" : "regression";
  return kind === "score" || isClasses(values) ? "binary" : "regression";
}

function thresholdOf({ threshold, values }: MeasureRequest): number | null {
  return threshold ?? (values.every((value) => value >= 0 && value <= 1) ? 0.5 : null);
}

function classProblems({ uri }: MeasureRequest, role: string, array: Float64Array): string[] {
  const row = array.findIndex((value) => value !== 0 && value !== 1);
  if (row < 0) return [];
  const count = array.filter((value) => value !== 0 && value !== 1).length;
  return [
    `${uri}: ${count} of ${array.length} values of the ${role} are not 0 or 1; the first is ${array[row]} in row ${row + 1}.`,
  ];
}

function nameGroups(
  columns: ReadColumns,
  groups: readonly (readonly GroupMetrics[])[],
): Measurement["subgroups"] {
  return columns.subgroups.flatMap(({ column, names }, index) =>
    names.flatMap((value, code) => {
      const metrics = groups[index]?.[code];
      return metrics === undefined ? [] : [{ column, value, metrics }];
    }),
  );
}
