/** An absolute limit: `min` is a floor, `max` a ceiling, both inclusive. */
export interface LimitRule {
  readonly kind: "min" | "max";
  /** Canonical name. */
  readonly metric: string;
  readonly scope: "overall" | "subgroups";
  readonly limit: number;
  /** `--min-auc`, `mlops.yaml:12`. */
  readonly source: string;
}

/** How much worse than the baseline is still fine. */
export interface RegressionRule {
  readonly kind: "regression";
  /** Undefined: the primary metric, known once the files are read. */
  readonly metric: string | undefined;
  readonly scope: "overall" | "subgroups";
  /** In the metric's unit, or as a share of |baseline|. */
  readonly allowed: number;
  readonly isRelative: boolean;
  readonly source: string;
}

export interface GatePolicy {
  readonly limits: readonly LimitRule[];
  readonly regressions: readonly RegressionRule[];
  /** What `--metric-name` says, canonical. */
  readonly primary: string | undefined;
  /** Directions that the user declared, by canonical name. */
  readonly directions: ReadonlyMap<string, boolean>;
  /** Columns (`sex`) or single groups (`sex=female`); empty: all that the files hold. */
  readonly subgroups: readonly string[];
  /** Smaller groups are skipped by name. */
  readonly minimum: { readonly rows: number; readonly positives: number; readonly negatives: number };
  readonly firstModel: "allow" | "block";
  readonly allowChangedEvalSet: boolean;
  readonly allowSelfComparison: boolean;
  readonly maxBaselineAgeMs: number | undefined;
}

/** Where the baseline stands. */
export type Baseline<Evaluation> =
  | { readonly kind: "stored"; readonly evaluation: Evaluation }
  /** Nobody asked for one. */
  | { readonly kind: "none" }
  /** Asked for, and there is none; `sentence` says where was looked. */
  | { readonly kind: "first-model"; readonly sentence: string };
