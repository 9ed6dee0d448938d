import type { DuckDb } from "../data/engine/duckdb.ts";
import type { TableSource } from "../data/sources/table-source.ts";
import type { ScoreArray } from "./arrow.ts";
import type { LocalModel } from "./model-location.ts";

export interface ScorerRequest {
  readonly model: LocalModel;
  /** `--python`; undefined: looked for. Models that need no Python do not look at it. */
  readonly python: string | undefined;
  /** Columns that are no features, where the model did not record its own. */
  readonly exclude: readonly string[];
  /** Undefined: what the model is. */
  readonly task: "binary" | "multiclass" | "regression" | undefined;
  readonly positiveClass: string | undefined;
  /** Exists; removed by the caller after `close`. */
  readonly folder: string;
  readonly cwd: string;
  /** The whole environment of the Python process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Redacts a text that a person will read. */
  readonly redact: (text: string) => string;
  /** What the model prints. */
  readonly onOutput: (text: string) => void;
  /** Said before the model is loaded. */
  readonly onWarning: (text: string) => void;
}

export interface ModelScores {
  /**
   * `score`: the probability of one class of two; `probabilities`: of every class; `prediction`: a value (of two classes 1 or 0), or
   * the place of a class where `classes` is not empty.
   */
  readonly kind: "score" | "probabilities" | "prediction";
  /** One array with an element a row; of `probabilities` one a class. All finite. */
  readonly values: readonly [ScoreArray, ...ScoreArray[]];
  readonly dtype: "float32" | "float64";
  /** In the model's order; empty where it has none or did not record them. */
  readonly classes: readonly string[];
  /** Of `score`: the class whose probability it is, where the model names it. */
  readonly positiveClass: string | undefined;
  /** As the model got them, in this order. */
  readonly features: readonly string[];
  readonly modelType: string;
  /** The call that made the scores: `predict_proba`, `predict`, `run`. */
  readonly call: string;
  /** What ran it: the path of the Python, or `onnxruntime-node`. */
  readonly runtime: string;
  /** Of Python and of the packages that the model uses, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** For a person: columns that were left out or put into another order. */
  readonly notes: readonly string[];
}

/** Scores that lie in a file below the scorer's folder. */
export interface StoredScores extends Omit<ModelScores, "values" | "dtype"> {
  /** As `values`, some rows at a time, in their order. */
  stretches(): AsyncIterable<ModelScores["values"]>;
}

/** A model that is being loaded; its table may come later. To be closed in any case. */
export interface Scorer {
  /** This or `scoreStored` is to be called, once. `rows` is how many the table has. */
  score(db: DuckDb, source: TableSource, rows: number): Promise<ModelScores>;
  /** The same where the scores of all rows are too many for memory. */
  scoreStored(db: DuckDb, source: TableSource, rows: number): Promise<StoredScores>;
  /** Ends what still runs. */
  close(): Promise<void>;
}
