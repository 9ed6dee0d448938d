import type { TrackingSession } from "../tracking/types.ts";

type Env = Readonly<Record<string, string | undefined>>;

export interface TrainingEnvironmentRequest {
  readonly env: Env;
  readonly session: Pick<TrackingSession, "kind" | "childEnvironment">;
  readonly run: { readonly runId: string; readonly experimentId: string; readonly experimentName: string };
  /** Tags for the runs that the program makes beside its own, so that none of them is an orphan. */
  readonly contextTags: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly outputDirectory: string;
  /** Absolute path or URI. */
  readonly dataPath: string | undefined;
}

/** The environment of the training program: the user's own, and where its run is. */
export function trainingEnvironment(request: TrainingEnvironmentRequest): Env {
  const { env, session, run } = request;
  return {
    // Progress in the job log while it happens; Python keeps the output of a pipe back otherwise.
    PYTHONUNBUFFERED: "1",
    // The address of the embedded store leads nowhere once the command has ended.
    ...(session.kind === "embedded" ? { MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT: "true" } : {}),
    ...env,
    ...session.childEnvironment,
    MLFLOW_RUN_ID: run.runId,
    MLFLOW_EXPERIMENT_ID: run.experimentId,
    MLFLOW_EXPERIMENT_NAME: run.experimentName,
    MLFLOW_RUN_CONTEXT: JSON.stringify({
      ...ownContext(env["MLFLOW_RUN_CONTEXT"]),
      ...request.contextTags,
      "mlflow.parentRunId": run.runId,
    }),
    MLOPS_OUTPUT_DIR: request.outputDirectory,
    ...(request.dataPath === undefined ? {} : { MLOPS_DATA_PATH: request.dataPath }),
  };
}

function ownContext(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined || text === "") return {};
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : {};
  } catch {
    // MLflow itself ignores a context that is no JSON.
    return {};
  }
}
