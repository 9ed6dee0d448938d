import type { DuckDb } from "../data/engine/duckdb.ts";
import type { RemoteFetch } from "../data/sources/located.ts";
import type { SourceFile } from "../data/sources/table-source.ts";
import type { BinaryOptions } from "../metrics/binary/binary-input.ts";
import type { LocalModel } from "../scoring/model-location.ts";
import type { ModelScores, ScorerRequest } from "../scoring/scorer.ts";
import type { EvaluationColumns, GivenColumns } from "./columns.ts";
import type { CustomMetric, CustomMetricsRequest } from "./custom-metrics.ts";
import type { EvalSet } from "./eval-set.ts";
import type { HelperThread } from "./helper-thread.ts";
import type { KeptScores } from "./kept/keep-scores.ts";
import type { Measurement } from "./measure.ts";
import type { HistoryRequest } from "./open-history.ts";
import type { Task } from "./task.ts";

/** What is asked for; the surroundings are those of a model that is scored. */
export interface EvaluationRequest
  extends Pick<ScorerRequest, "cwd" | "env" | "signal" | "redact" | "onOutput" | "onWarning"> {
  /** Files, patterns, folders and `s3://` addresses of one table. */
  readonly paths: readonly string[];
  /** Undefined: the table holds the predictions. */
  readonly modelUri: string | undefined;
  readonly columns: GivenColumns;
  readonly task: Task | undefined;
  readonly threshold: number | undefined;
  readonly positiveClass: string | undefined;
  /** Of a ranking: how many of the first rows count; empty: the usual ones. */
  readonly ks: readonly number[];
  readonly binary: BinaryOptions;
  /** Of a survival task: ends of follow-up. */
  readonly taus: readonly number[];
  /** Of a forecast. */
  readonly history: HistoryRequest | undefined;
  readonly maxGroups: number;
  readonly python: string | undefined;
  /** Where the scores are kept, absolute; undefined: nowhere. */
  readonly scoresFile: string | undefined;
  readonly custom: Pick<CustomMetricsRequest, "files" | "program" | "timeoutMs">;
  /** Looks at the table and its columns only. */
  readonly isDryRun: boolean;
  readonly limits: { readonly threads: number | undefined; readonly memoryLimit: string };
  /** A database with these limits, which is then the evaluation's to close. */
  readonly openDatabase: () => Promise<DuckDb>;
  /** A second thread, which is then the evaluation's to close; undefined where there is to be none. */
  readonly helper: HelperThread | undefined;
  /** Memory of the job. */
  readonly availableBytes: number;
  readonly fetchRemote: RemoteFetch | undefined;
  readonly watch: EvaluationWatch;
}

/** Told how far an evaluation is. */
export interface EvaluationWatch {
  phase(title: string, number: number, total: number): void;
  /** `percent` 0..100 of the phase, undefined where it cannot be said. */
  follow(read: () => number | undefined): void;
}

interface ScoresFacts {
  readonly kind: "score" | "prediction";
  readonly dtype: "float32" | "float64";
  readonly sha256: string;
  /** The Parquet file with them, where one was kept. */
  readonly file: KeptScores | undefined;
}

export interface EvaluatedTable {
  readonly uri: string;
  readonly files: readonly SourceFile[];
  /** Of the training series of a forecast. */
  readonly historyFiles: readonly SourceFile[];
  readonly columns: EvaluationColumns;
  /** For a person: which columns were taken. */
  readonly columnNote: string;
  readonly positiveClass: string | undefined;
  readonly model: (LocalModel & Pick<ModelScores, "features" | "modelType">) | undefined;
  /** For a person: which model was scored how, or that the table was measured from disk. */
  readonly wayNote: string | undefined;
  /** Of what scored, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Undefined in a dry run. */
  readonly measured: Measurement | undefined;
  readonly evalSet: EvalSet | undefined;
  readonly scores: ScoresFacts | undefined;
  readonly customMetrics: readonly CustomMetric[];
  /** For a person: what is odd about the table and was measured all the same. */
  readonly notes: readonly string[];
}
