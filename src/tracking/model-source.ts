import { MlopsError } from "../errors.ts";
import type { LoggedModel, Run, TrackingClient } from "./types.ts";

/** What a version of a registered model is made of. */
export interface ModelSource {
  /** `models:/m-…` or `mlflow-artifacts:/…` */
  readonly source: string;
  readonly kind: "logged model" | "model folder" | "folder" | "file";
  /** The logged model's name, or the path in the run's artifacts. */
  readonly name: string;
  readonly modelId: string | undefined;
}

type Client = Pick<TrackingClient, "artifacts" | "loggedModelsOfRun">;

const mostListed = 20;

/**
 * Finds the model of a run: MLflow 3's logged models first, then folders with an `MLmodel` file, then, if it is named,
 * any artifact. `artifactPath` is a logged model's name or id, or a path; undefined means the only model there is.
 * Throws `usage` where that is none or several, `not-evaluable` for a logged model that is not READY.
 */
export async function findModelSource(
  client: Client,
  run: Run,
  artifactPath: string | undefined,
): Promise<ModelSource> {
  const models = await client.loggedModelsOfRun(run);
  if (artifactPath === undefined) return await findOnlyModel(client, run, models);
  const path = artifactPath.replace(/^models:\/+(?=m-)/, "").replace(/^\/+|\/+$/g, "");
  const named = models.filter((model) => model.name === path || model.modelId === path);
  const [first, ...others] = named;
  if (first !== undefined && others.length === 0) return loggedSource(first);
  if (first !== undefined) throw severalModels(run, named);
  return await findArtifact(client, run, { path, models });
}

async function findOnlyModel(client: Client, run: Run, models: readonly LoggedModel[]): Promise<ModelSource> {
  const [first, ...others] = models;
  if (first !== undefined && others.length === 0) return loggedSource(first);
  if (first !== undefined) throw severalModels(run, models);
  const files = await client.artifacts.listFiles(run.artifactUri);
  const folders = files
    .filter(({ path }) => path === "MLmodel" || path.endsWith("/MLmodel"))
    .map(({ path }) => path.replace(/\/?MLmodel$/, ""));
  const [folder] = folders;
  if (folder !== undefined && folders.length === 1) return artifactSource(run, folder, "model folder");
  if (folder !== undefined) {
    throw new MlopsError({
      kind: "usage",
      code: "MODEL_AMBIGUOUS",
      message: `Run ${run.runId} holds ${folders.length} models: ${folders.slice(0, mostListed).join(", ")}.`,
      hint: "Say which one with --artifact-path.",
    });
  }
  throw new MlopsError({
    kind: "usage",
    code: "MODEL_NOT_FOUND",
    message: `Run ${run.runId} has no logged model and no MLmodel file in its artifacts. ${whatThereIs(files)}`,
    hint: "Log a model in the training script, or name a file to register with --artifact-path, e.g. --artifact-path model.joblib.",
  });
}

async function findArtifact(
  client: Client,
  run: Run,
  { path, models }: { readonly path: string; readonly models: readonly LoggedModel[] },
): Promise<ModelSource> {
  const entry = path === "" ? undefined : await client.artifacts.find(run.artifactUri, path);
  if (entry === undefined) {
    const files = await client.artifacts.listFiles(run.artifactUri);
    const logged =
      models.length === 0 ? "" : ` Its logged models: ${models.map(({ name }) => name).join(", ")}.`;
    throw new MlopsError({
      kind: "usage",
      code: "ARTIFACT_NOT_FOUND",
      message: `Run ${run.runId} has no ${JSON.stringify(path)} (--artifact-path).${logged} ${whatThereIs(files)}`,
    });
  }
  if (!entry.isDirectory) return artifactSource(run, path, "file");
  const hasModel = await client.artifacts.find(run.artifactUri, `${path}/MLmodel`);
  return artifactSource(run, path, hasModel === undefined ? "folder" : "model folder");
}

function loggedSource(model: LoggedModel): ModelSource {
  if (model.status !== "READY") {
    throw new MlopsError({
      kind: "not-evaluable",
      code: "LOGGED_MODEL_NOT_READY",
      message: `The logged model ${JSON.stringify(model.name)} (${model.modelId}) is ${model.status}, not READY: its upload did not come to its end.`,
      hint: "Train again, or look at the training job's log for the reason.",
    });
  }
  return {
    source: `models:/${model.modelId}`,
    kind: "logged model",
    name: model.name,
    modelId: model.modelId,
  };
}

function artifactSource(run: Run, path: string, kind: ModelSource["kind"]): ModelSource {
  const root = run.artifactUri.replace(/\/+$/, "");
  return { source: path === "" ? root : `${root}/${path}`, kind, name: path, modelId: undefined };
}

function severalModels(run: Run, models: readonly LoggedModel[]): MlopsError {
  const list = models
    .slice(0, mostListed)
    .map(({ name, modelId, status }) => `${name} (${modelId}, ${status})`);
  return new MlopsError({
    kind: "usage",
    code: "MODEL_AMBIGUOUS",
    message: `Run ${run.runId} logged ${models.length} models: ${list.join(", ")}.`,
    hint: "Say which one with --artifact-path NAME or --artifact-path m-…",
  });
}

function whatThereIs(files: readonly { readonly path: string }[]): string {
  if (files.length === 0) return "It has no artifacts.";
  const shown = files.slice(0, mostListed).map(({ path }) => path);
  const rest = files.length > shown.length ? ` and ${files.length - shown.length} more` : "";
  return `Its artifacts: ${shown.join(", ")}${rest}.`;
}
