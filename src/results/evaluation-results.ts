import { z } from "zod";
import { resultCore } from "./core.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const measured = {
  /** Null where undefined; the reason stands in `undefined` under the same name. */
  metrics: z.record(z.string(), z.number().nullable()),
  undefined: z.record(z.string(), z.string()),
};
const counts = {
  count: z.number().int().nonnegative(),
  /** Null for regression. */
  positives: z.number().int().nonnegative().nullable(),
  negatives: z.number().int().nonnegative().nullable(),
};

/** `evaluation_results.json`. */
export const evaluationResults = z.strictObject({
  ...resultCore.shape,
  /** The run that made the model, where known. */
  runId: z.string().nullable(),
  task: z.enum(["binary", "regression"]),
  ...measured,
  ...counts,
  /** Predicted 1 where score >= threshold; null where no class is told. */
  threshold: z.number().nullable(),
  confusion: z
    .strictObject({
      trueNegatives: z.number().int(),
      falsePositives: z.number().int(),
      falseNegatives: z.number().int(),
      truePositives: z.number().int(),
    })
    .nullable(),
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
  }),
  columns: z.strictObject({
    label: z.string(),
    score: z.string().nullable(),
    prediction: z.string().nullable(),
    rowId: z.string().nullable(),
    subgroups: z.array(z.string()),
    positiveClass: z.string().nullable(),
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
});
export type EvaluationResults = z.infer<typeof evaluationResults>;
