import type { MetricSet } from "./metric-set.ts";

/**
 * What a person looks at beside the numbers of a group: curves, tables and histograms, thinned or binned for drawing. No metric is
 * ever computed from them.
 */
export interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Predicted 1 from this score on; null for the point where nothing is (scikit-learn's infinite threshold). */
  readonly thresholds: readonly (number | null)[];
}

/** The curves of one class against the rest; `class` is null for a binary task. */
export interface ClassCurves {
  readonly class: string | null;
  /** x: false positive rate, y: true positive rate. Null where a class is missing. */
  readonly roc: Curve | null;
  /** x: recall, y: precision. Null where there is no positive. */
  readonly precisionRecall: Curve | null;
  /** x: share of the rows with the highest scores, y: share of the positives among them. */
  readonly gain: Curve | null;
}

/** One bin of scores (lower, upper], the first one closed. */
export interface CalibrationBin {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  /** Sum of the weights; the count without weights. */
  readonly weight: number;
  readonly meanScore: number;
  readonly observedRate: number;
  /** Clopper-Pearson, 95 %; null with weights. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface Calibration {
  /** `bins=15,strategy=uniform`. */
  readonly recipe: string;
  /** Empty bins are left out. */
  readonly bins: readonly CalibrationBin[];
  /** Isotonic (pool adjacent violators) rates by score, thinned; x: score, y: rate. */
  readonly isotonic: Curve | null;
  /** CORP: Brier = miscalibration - discrimination + uncertainty. */
  readonly corp: {
    readonly miscalibration: number;
    readonly discrimination: number;
    readonly uncertainty: number;
  } | null;
  /** Of the logistic refit on the log-odds of the scores; null where it does not exist. */
  readonly slope: number | null;
  readonly intercept: number | null;
}

/** Numbers of rows (sums of weights) by score; one more edge than bins. */
export interface ScoreHistogram {
  readonly edges: readonly number[];
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/** A threshold that a rule picks, and what it would give. */
export interface ThresholdChoice {
  /** `max_f1`, `youden`, `recall@precision>=0.9`, `cost{fp=1,fn=5}`. */
  readonly rule: string;
  readonly threshold: number | null;
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** Rows (sums of weights) by truth and prediction. */
export interface Confusion {
  readonly trueNegatives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly truePositives: number;
}

/** Rows (sums of weights): `matrix[truth][prediction]`, in the order of `classes`. */
export interface ConfusionMatrix {
  readonly classes: readonly string[];
  readonly matrix: readonly (readonly number[])[];
}

export interface ClassMetrics extends MetricSet {
  readonly class: string;
  /** Rows whose truth is the class. */
  readonly support: number;
}

/** A tenth of the weight (exposure) by prediction, lowest first; tied predictions are not split. */
export interface Decile {
  readonly decile: number;
  readonly count: number;
  readonly weight: number;
  readonly meanPrediction: number;
  readonly meanTruth: number;
}

export interface Histogram {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** Numbers of rows: `counts[x][y]`. */
export interface Density {
  readonly xEdges: readonly number[];
  readonly yEdges: readonly number[];
  readonly counts: readonly (readonly number[])[];
}

/** All forecasts that reach equally far. */
export interface HorizonMetrics extends MetricSet {
  readonly horizon: string;
  readonly count: number;
  /** Sum of the weights; absent without weights. */
  readonly weight?: number;
}

/** Pairs of rows (sums of products of weights) of which one outlived the event of the other. */
interface ComparedPairs {
  readonly comparable: number;
  /** The row with the shorter duration has the higher risk. */
  readonly concordant: number;
  readonly discordant: number;
  readonly tiedRisk: number;
}

/** All optional: a task leaves out what it does not have. */
export interface MeasurementDetails {
  readonly confusion?: Confusion | null;
  readonly confusionMatrix?: ConfusionMatrix;
  readonly perClass?: readonly ClassMetrics[];
  readonly curves?: readonly ClassCurves[];
  readonly calibration?: Calibration | null;
  readonly scoreHistogram?: ScoreHistogram | null;
  readonly thresholdChoices?: readonly ThresholdChoice[];
  readonly deciles?: readonly Decile[];
  /** Prediction minus truth. */
  readonly residuals?: Histogram;
  /** x: prediction, y: truth. */
  readonly predictedActual?: Density;
  /** x: cumulative weight by prediction, lowest first, y: cumulative truth. */
  readonly lorenz?: Curve;
  /** Of a forecast, the nearest horizon first. */
  readonly horizons?: readonly HorizonMetrics[];
  /** Of a survival task. */
  readonly pairs?: ComparedPairs;
  readonly queries?: { readonly count: number; readonly withoutRelevant: number };
  readonly levels?: readonly {
    readonly level: number;
    readonly pinball: number | null;
    /** Share of truths at or below the quantile. */
    readonly coverage: number | null;
  }[];
}
