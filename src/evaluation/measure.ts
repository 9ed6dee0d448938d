import { MlopsError } from "../errors.ts";
import { binaryMetrics, labelMetrics } from "../metrics/binary.ts";
import type { MeasurementDetails } from "../metrics/details.ts";
import type { Grouping, GroupMetrics } from "../metrics/metric-set.ts";
import { regressionMetrics } from "../metrics/regression.ts";
import type { TableData } from "./read/read-table.ts";
import type { Task } from "./task.ts";

export interface MeasureRequest {
  readonly uri: string;
  readonly task: Task;
  readonly data: TableData;
  /** Undefined: 0.5 where the scores are probabilities. */
  readonly threshold: number | undefined;
}

export interface Measurement {
  readonly task: Task;
  readonly threshold: number | null;
  readonly overall: GroupMetrics & MeasurementDetails;
  readonly subgroups: readonly SubgroupMeasurement[];
}

interface SubgroupMeasurement {
  readonly column: string;
  readonly value: string;
  readonly metrics: GroupMetrics;
}

interface Measured {
  readonly overall: GroupMetrics & MeasurementDetails;
  readonly groups: readonly (readonly GroupMetrics[])[];
}

/** Measures what was read. Throws `not-evaluable` for columns that the task cannot be measured on. */
export function measure(request: MeasureRequest): Measurement {
  const { task, data } = request;
  const groupings = data.subgroups.map((subgroup) => subgroup.grouping);
  const threshold = task === "binary" ? thresholdOf(request) : null;
  const { overall, groups } = metricsOf(request, threshold, groupings);
  const subgroups = data.subgroups.flatMap(({ column, names }, index) =>
    names.flatMap((value, code) => {
      const metrics = groups[index]?.[code];
      return metrics === undefined ? [] : [{ column, value, metrics }];
    }),
  );
  return { task, threshold, overall, subgroups };
}

function metricsOf(
  request: MeasureRequest,
  threshold: number | null,
  groupings: readonly Grouping[],
): Measured {
  if (request.data.weights !== undefined) throw notYet("--weight");
  switch (request.task) {
    case "binary":
      return binaryOf(request, threshold, groupings);
    case "regression":
      return regressionOf(request, groupings);
    case "multiclass":
    case "ranking":
    case "quantile":
      throw notYet(`--task ${request.task}`);
  }
}

function binaryOf(
  { data }: MeasureRequest,
  threshold: number | null,
  groupings: readonly Grouping[],
): Measured {
  const { labels, score, prediction } = data;
  if (labels.kind !== "binary") throw mismatch("the labels are not 0 and 1");
  if (score === undefined) {
    if (prediction?.kind !== "binary") throw mismatch("the predictions are not 0 and 1");
    return labelMetrics({ labels: labels.codes, predictions: prediction.codes }, groupings);
  }
  const { values } = score;
  return binaryMetrics(
    {
      labels: labels.codes,
      scores: values instanceof Float64Array ? values : Float64Array.from(values),
      scoreDtype: values instanceof Float32Array ? "float32" : "float64",
      threshold,
    },
    groupings,
  );
}

function regressionOf({ data }: MeasureRequest, groupings: readonly Grouping[]): Measured {
  const { labels, prediction } = data;
  if (labels.kind === "classes" || prediction === undefined || prediction.kind === "classes")
    throw mismatch("the labels or the predictions are no numbers");
  return regressionMetrics({ truths: numbersOf(labels), predictions: numbersOf(prediction) }, groupings);
}

function numbersOf(labels: Exclude<TableData["labels"], { readonly kind: "classes" }>): Float64Array {
  return labels.kind === "numbers" ? labels.values : Float64Array.from(labels.codes);
}

/** 0.5 where the scores are probabilities, or where classes were predicted. */
function thresholdOf({ threshold, data: { score } }: MeasureRequest): number | null {
  if (score === undefined) return 0.5;
  return threshold ?? (score.range.smallest >= 0 && score.range.largest <= 1 ? 0.5 : null);
}

function notYet(what: string): MlopsError {
  return new MlopsError({
    kind: "usage",
    code: "NOT_YET",
    message: `${what} cannot be measured by this version.`,
    hint: "binary and regression can, without weights.",
  });
}

function mismatch(reason: string): MlopsError {
  return new MlopsError({ kind: "bug", code: "DATA_MISMATCH", message: `The table was misread: ${reason}.` });
}
