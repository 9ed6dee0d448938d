import * as z from "zod";
import { resultCore } from "./core.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const metricSet = {
  /** Null where undefined; the reason stands in `undefined` under the same name. */
  metrics: z.record(z.string(), z.number().nullable()),
  undefined: z.record(z.string(), z.string()),
};
const numbers = z.array(z.number()).readonly();
const interval = z.strictObject({
  /** Standard error; null where the interval is not made of one. */
  se: z.number().nullable(),
  low: z.number(),
  high: z.number(),
  level: z.number(),
  /** `delong`, `wilson`, `mean`, `delta`. */
  method: z.string(),
});
const measured = {
  ...metricSet,
  /** Sum of the weights, where rows have weights. */
  weight: z.number().optional(),
  /** By metric, where one can be had in closed form. */
  intervals: z.record(z.string(), interval).readonly().optional(),
};
/** Thinned for drawing; no metric is computed from it. */
const curve = z.strictObject({
  x: numbers,
  y: numbers,
  /** Predicted 1 from this score on; null where nothing is. */
  thresholds: z.array(z.number().nullable()).readonly(),
});
const histogram = z.strictObject({ edges: numbers, counts: numbers });
const calibration = z.strictObject({
  recipe: z.string(),
  bins: z
    .array(
      z.strictObject({
        lower: z.number(),
        upper: z.number(),
        count: z.number().int(),
        weight: z.number(),
        meanScore: z.number(),
        observedRate: z.number(),
        low: z.number().nullable(),
        high: z.number().nullable(),
      }),
    )
    .readonly(),
  isotonic: curve.nullable(),
  corp: z
    .strictObject({ miscalibration: z.number(), discrimination: z.number(), uncertainty: z.number() })
    .nullable(),
  slope: z.number().nullable(),
  intercept: z.number().nullable(),
});
/** What a person looks at beside the numbers; a task leaves out what it does not have. */
const details = {
  /** Rows (sums of weights): `matrix[truth][prediction]`. */
  confusionMatrix: z
    .strictObject({ classes: z.array(z.string()).readonly(), matrix: z.array(numbers).readonly() })
    .optional(),
  perClass: z
    .array(z.strictObject({ class: z.string(), support: z.number(), ...metricSet }))
    .readonly()
    .optional(),
  /** `class` is null for a binary task. */
  curves: z
    .array(
      z.strictObject({
        class: z.string().nullable(),
        roc: curve.nullable(),
        precisionRecall: curve.nullable(),
        gain: curve.nullable(),
      }),
    )
    .readonly()
    .optional(),
  calibration: calibration.nullable().optional(),
  scoreHistogram: z
    .strictObject({ edges: numbers, positives: numbers, negatives: numbers })
    .nullable()
    .optional(),
  thresholdChoices: z
    .array(
      z.strictObject({
        rule: z.string(),
        threshold: z.number().nullable(),
        metrics: z.record(z.string(), z.number().nullable()).readonly(),
      }),
    )
    .readonly()
    .optional(),
  /** Tenths of the weight by prediction, lowest first. */
  deciles: z
    .array(
      z.strictObject({
        decile: z.number().int(),
        count: z.number().int(),
        weight: z.number(),
        meanPrediction: z.number(),
        meanTruth: z.number(),
      }),
    )
    .readonly()
    .optional(),
  /** Prediction minus truth. */
  residuals: histogram.optional(),
  /** x: prediction, y: truth. */
  predictedActual: z
    .strictObject({ xEdges: numbers, yEdges: numbers, counts: z.array(numbers).readonly() })
    .optional(),
  lorenz: curve.optional(),
  queries: z.strictObject({ count: z.number().int(), withoutRelevant: z.number().int() }).optional(),
  levels: z
    .array(
      z.strictObject({
        level: z.number(),
        pinball: z.number().nullable(),
        coverage: z.number().nullable(),
      }),
    )
    .readonly()
    .optional(),
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
  task: z.enum(["binary", "multiclass", "regression", "ranking", "quantile"]),
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
    label: z.string(),
    score: z.string().nullable(),
    prediction: z.string().nullable(),
    rowId: z.string().nullable(),
    subgroups: z.array(z.string()),
    positiveClass: z.string().nullable(),
    weight: z.string().nullable().optional(),
    query: z.string().nullable().optional(),
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
