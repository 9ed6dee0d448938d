import * as z from "zod";
import { resultCore } from "./core.ts";
import { details, metricSet } from "./evaluation-details.ts";
import { taskNames } from "./task-names.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const interval = z.strictObject({
  /** Standard error; null where the interval is not made of one. */
  se: z.number().nullable(),
  low: z.number(),
  high: z.number(),
  level: z.number(),
  /** `delong`, `wilson`, `mean`, `delta`, `infinitesimal-jackknife`. */
  method: z.string(),
});
const measured = {
  ...metricSet,
  /** Sum of the weights, where rows have weights. */
  weight: z.number().optional(),
  /** By metric, where one can be had in closed form. */
  intervals: z.record(z.string(), interval).readonly().optional(),
};
const counts = {
  count: z.number().int().nonnegative(),
  /** Null where the task has no two classes; of a survival task positives are rows with the event. */
  positives: z.number().int().nonnegative().nullable(),
  negatives: z.number().int().nonnegative().nullable(),
};

/** `evaluation_results.json`. */
export const evaluationResults = z.strictObject({
  ...resultCore.shape,
  /** The run that made the model, where known. */
  runId: z.string().nullable(),
  task: z.enum(taskNames),
  ...measured,
  ...counts,
  /** Predicted 1 where score >= threshold; null where no class is told. */
  threshold: z.number().nullable(),
  confusion: z
    .strictObject({
      trueNegatives: z.number(),
      falsePositives: z.number(),
      falseNegatives: z.number(),
      truePositives: z.number(),
    })
    .nullable(),
  ...details,
  /** Metrics of a program or file of the user's, which are in `metrics` too. */
  customMetrics: z
    .array(
      z.strictObject({
        name: z.string(),
        higherIsBetter: z.boolean(),
        /** Rows that it was computed on, where it says so. */
        count: z.number().int().nullable(),
        source: z.string(),
      }),
    )
    .readonly()
    .optional(),
  /** By column, then by value; rows without a value are `(missing)`. */
  subgroups: z.record(z.string(), z.record(z.string(), z.strictObject({ ...counts, ...measured }))),
  /** The rows that were measured on. `row-id`: sha256 over the sorted (row id, label) pairs; `row-order`: over the labels. */
  evalSet: z.strictObject({
    rows: z.number().int().nonnegative(),
    sha256,
    identifiedBy: z.enum(["row-id", "row-order"]),
  }),
  scores: z.strictObject({
    kind: z.enum(["score", "prediction"]),
    dtype: z.enum(["float32", "float64"]),
    sha256,
    /** The Parquet file of row id, label, scores and subgroups, where one was kept. */
    file: z.strictObject({ uri: z.string(), sha256 }).nullable().optional(),
  }),
  columns: z.strictObject({
    /** Of a survival task the duration; of a multilabel one the labels' columns, divided by commas. */
    label: z.string(),
    score: z.string().nullable(),
    prediction: z.string().nullable(),
    rowId: z.string().nullable(),
    subgroups: z.array(z.string()),
    positiveClass: z.string().nullable(),
    weight: z.string().nullable().optional(),
    query: z.string().nullable().optional(),
    /** Of a multilabel task: the columns of each label. */
    labels: z
      .record(
        z.string(),
        z.strictObject({
          label: z.string(),
          score: z.string().nullable(),
          prediction: z.string().nullable(),
        }),
      )
      .optional(),
    /** Of a survival task. */
    event: z.string().optional(),
    /** Of a survival task: the column of the chance to survive each time. */
    survivals: z.record(z.string(), z.string()).optional(),
    /** Of a forecast. */
    horizon: z.string().optional(),
    series: z.string().optional(),
    /** Columns, or one number for all rows. */
    trainingMae: z.union([z.string(), z.number()]).optional(),
    trainingRmse: z.union([z.string(), z.number()]).optional(),
    /** Of a multiclass task: the column of each class's probability. */
    probabilities: z.record(z.string(), z.string()).optional(),
    /** Of a quantile task: the column of each level. */
    quantiles: z.record(z.string(), z.string()).optional(),
  }),
  /** Null where a table of predictions was measured. */
  model: z
    .strictObject({
      uri: z.string(),
      sha256,
      runId: z.string().nullable(),
      type: z.string(),
      features: z.array(z.string()),
    })
    .nullable(),
  /** Of the program's parts and of the libraries that scored: `duckdb`, `python`, `scikit-learn`. */
  versions: z.record(z.string(), z.string()).optional(),
});
export type EvaluationResults = z.infer<typeof evaluationResults>;
