import * as z from "zod";

export const metricSet = {
  /** Null where undefined; the reason stands in `undefined` under the same name. */
  metrics: z.record(z.string(), z.number().nullable()),
  undefined: z.record(z.string(), z.string()),
};
const numbers = z.array(z.number()).readonly();
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
export const details = {
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
  /** Of a forecast, the nearest horizon first. */
  horizons: z
    .array(
      z.strictObject({
        horizon: z.string(),
        count: z.number().int(),
        weight: z.number().optional(),
        ...metricSet,
      }),
    )
    .readonly()
    .optional(),
  /** Of a survival task: pairs of rows (sums of products of weights) of which one outlived the event of the other. */
  pairs: z
    .strictObject({
      comparable: z.number(),
      concordant: z.number(),
      discordant: z.number(),
      tiedRisk: z.number(),
    })
    .optional(),
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
