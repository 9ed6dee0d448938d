/** What the commands need of an MLflow-compatible tracking server and registry. Times are epoch ms. */

export type RunStatus = "RUNNING" | "SCHEDULED" | "FINISHED" | "FAILED" | "KILLED";

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

export interface Metric {
  readonly key: string;
  /** NaN and infinities are allowed; the client writes them as MLflow wants them. */
  readonly value: number;
  readonly timestampMs: number;
  readonly step: number;
}

export interface Run {
  readonly runId: string;
  readonly experimentId: string;
  readonly name: string;
  readonly status: RunStatus;
  readonly startTimeMs: number;
  readonly endTimeMs: number | undefined;
  /** `mlflow-artifacts:/…` for a proxied run. */
  readonly artifactUri: string;
  readonly lifecycleStage: "active" | "deleted";
  /** The last value of each key. */
  readonly metrics: ReadonlyMap<string, number>;
  readonly params: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
  /** Logged models (MLflow 3) that the run wrote. */
  readonly outputModelIds: readonly string[];
}

export type LoggedModelStatus = "PENDING" | "READY" | "UPLOAD_FAILED" | "UNSPECIFIED";

export interface LoggedModel {
  readonly modelId: string;
  readonly experimentId: string;
  readonly name: string;
  readonly status: LoggedModelStatus;
  readonly artifactUri: string;
  readonly sourceRunId: string | undefined;
}

/** Versions are opaque texts: GitLab's are semver. */
export interface ModelVersion {
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly runId: string | undefined;
  readonly status: string;
  readonly description: string;
  readonly createdMs: number;
  readonly tags: ReadonlyMap<string, string>;
  readonly aliases: readonly string[];
}

export interface ArtifactEntry {
  /** Relative to the artifact root that was listed, with `/`. */
  readonly path: string;
  readonly isDirectory: boolean;
  readonly sizeBytes: number;
}

export interface ArtifactClient {
  /** Everything below `path` of `artifactUri`, recursively, files only. Empty where there is nothing. */
  listFiles(artifactUri: string, path?: string): Promise<readonly ArtifactEntry[]>;
  /** The file or folder at `path`; undefined where there is nothing. */
  find(artifactUri: string, path: string): Promise<ArtifactEntry | undefined>;
  /** Streams one local file up and compares the listed size afterwards. */
  uploadFile(artifactUri: string, path: string, localFile: string): Promise<void>;
  /** Downloads a file or a whole folder to `localPath`; whole or not at all (temporary name, then rename). */
  download(artifactUri: string, path: string, localPath: string): Promise<void>;
}

export interface TrackingClient {
  readonly artifacts: ArtifactClient;

  /** The id of the experiment, created if missing. A deleted one of that name is an error with the restore hint. */
  ensureExperiment(name: string): Promise<string>;
  /** Creates the run, or finds the one that carries the same `idempotencyKey` tag after an uncertain failure. */
  createRun(request: {
    readonly experimentId: string;
    readonly name?: string;
    readonly startTimeMs: number;
    readonly tags: Readonly<Record<string, string>>;
    readonly idempotencyKey: string;
  }): Promise<Run>;
  getRun(runId: string): Promise<Run>;
  /** Sets the status, reads it back, and throws if the server did not take it. */
  finishRun(runId: string, status: RunStatus, endTimeMs: number): Promise<Run>;
  /** Splits into the server's batch limits; checks keys and lengths first; warns where a server would truncate. */
  logBatch(
    runId: string,
    batch: {
      readonly metrics?: readonly Metric[];
      readonly params?: readonly KeyValue[];
      readonly tags?: readonly KeyValue[];
    },
  ): Promise<void>;
  searchRuns(request: {
    readonly experimentIds: readonly string[];
    readonly filter?: string;
    readonly maxResults?: number;
  }): Promise<readonly Run[]>;

  getLoggedModel(modelId: string): Promise<LoggedModel>;
  /** The models that belong to a run, newest first; empty on servers without logged models. */
  loggedModelsOfRun(run: Run): Promise<readonly LoggedModel[]>;

  ensureRegisteredModel(name: string, description?: string): Promise<void>;
  /** The version comes from the create response, never from a question asked afterwards. */
  createModelVersion(request: {
    readonly name: string;
    readonly source: string;
    readonly runId?: string;
    readonly modelId?: string;
    readonly description?: string;
    readonly tags: Readonly<Record<string, string>>;
  }): Promise<ModelVersion>;
  getModelVersion(name: string, version: string): Promise<ModelVersion>;
  searchModelVersions(filter: string): Promise<readonly ModelVersion[]>;
  /** The `mlflow-artifacts:/…` root of the version's files. */
  downloadUriOf(name: string, version: string): Promise<string>;
  setModelVersionTag(name: string, version: string, key: string, value: string): Promise<void>;
  /** The version that the alias points to; undefined where the alias or the model does not exist. */
  getAlias(name: string, alias: string): Promise<ModelVersion | undefined>;
  setAlias(name: string, alias: string, version: string): Promise<void>;
  deleteAlias(name: string, alias: string): Promise<void>;
}

/** A tracking server for the time of a command: a remote one, or the embedded store started for it. */
export interface TrackingSession {
  readonly kind: "embedded" | "remote";
  readonly client: TrackingClient;
  readonly trackingUri: string;
  /** For a person: `the store in .mlops/store`, `https://mlflow.example.com`. No credentials. */
  readonly description: string;
  /** `MLFLOW_TRACKING_URI`, `MLFLOW_TRACKING_TOKEN`, … for child processes. */
  readonly childEnvironment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}
