import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { MlopsError } from "../errors.ts";
import { digestOf } from "../files.ts";
import type { TrackingClient } from "../tracking/types.ts";
import { modelFormat, notThere } from "./model-format.ts";
import type { ModelFormat } from "./model-kinds.ts";

/** A model on this machine's disk, and where it came from. */
export interface LocalModel {
  /** As the user wrote it. */
  readonly uri: string;
  /** The file or folder that is loaded. */
  readonly file: string;
  readonly format: ModelFormat;
  /** Of the file; of a folder, that of its list of names and digests. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** The run that made it, where the registry or the URI says so. */
  readonly runId: string | null;
  /** Of a local model: the run that `mlops train` named beside it. */
  readonly runIdBeside: string | undefined;
}

/** True for `runs:/…` and `models:/…`, which a tracking server must resolve. */
export function isRemoteModel(uri: string): boolean {
  return /^(runs|models):\//.test(uri);
}

/** A model file or folder on disk. Throws `usage` for an address elsewhere, `not-evaluable` where there is none or several. */
export async function openLocalModel(uri: string, cwd: string): Promise<LocalModel> {
  // Two letters at least: one is a drive.
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(uri) || /^(mlflow-artifacts|dbfs|s3|gs|runs|models):/i.test(uri))
    throw noAddress(uri);
  return await {
    ...(await localModel(path.resolve(cwd, uri), uri, null)),
    runIdBeside: await runIdBeside(uri, cwd),
  };
}

function noAddress(uri: string): MlopsError {
  return new MlopsError({
    kind: "usage",
    code: "MODEL_URI",
    message: `--model-path is ${JSON.stringify(uri)}, which is no model address.`,
    hint: "Write a path, runs:/RUN_ID/PATH, models:/NAME/VERSION or models:/NAME@ALIAS; fetch a model from anywhere else before.",
  });
}

async function localModel(place: string, uri: string, runId: string | null): Promise<LocalModel> {
  const format = await modelFormat(place, uri);
  return {
    uri,
    file: format.file,
    format,
    ...(await digestOfPlace(format.file)),
    runId,
    runIdBeside: undefined,
  };
}

async function digestOfPlace(place: string): Promise<Pick<LocalModel, "sha256" | "sizeBytes">> {
  if (!(await stat(place)).isDirectory()) return await digestOf(place);
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const names = files.map((file) => path.relative(place, file).split(path.sep).join("/")).sort();
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for (const name of names) {
    const digest = await digestOf(path.join(place, name));
    hash.update(`${digest.sha256}  ${name}\n`);
    sizeBytes += digest.sizeBytes;
  }
  return { sha256: hash.digest("hex"), sizeBytes };
}

/** The run that `mlops train` wrote into `mlflow_run_id.txt` beside a local model; undefined where there is none. */
export async function runIdBeside(uri: string, cwd: string): Promise<string | undefined> {
  const place = path.resolve(cwd, uri);
  const isFolder = (await stat(place).catch(() => undefined))?.isDirectory() === true;
  const file = path.join(isFolder ? place : path.dirname(place), "mlflow_run_id.txt");
  const text = await readFile(file, "utf8").catch(() => "");
  const runId = text.trim();
  return /^[a-zA-Z0-9][\w-]{0,255}$/.test(runId) ? runId : undefined;
}

/**
 * Downloads `runs:/<id>/<path>`, `models:/<name>/<version>` or `models:/<name>@<alias>` below `folder`.
 * Throws `usage` for another form, `not-evaluable` where the alias or the file does not exist.
 */
export async function downloadModel(
  client: TrackingClient,
  uri: string,
  folder: string,
): Promise<LocalModel> {
  const { artifactUri, runId } = await resolveUri(client, uri);
  const at = artifactUri.replace(/\/+$/, "").lastIndexOf("/");
  const name = artifactUri.replace(/\/+$/, "").slice(at + 1);
  const local = path.join(folder, name);
  await client.artifacts.download(artifactUri.slice(0, at), name, local);
  return await localModel(local, uri, runId);
}

async function resolveUri(
  client: TrackingClient,
  uri: string,
): Promise<{ readonly artifactUri: string; readonly runId: string | null }> {
  const run = /^runs:\/+([^/]+)\/(.+)$/.exec(uri);
  if (run !== null) {
    const found = await client.getRun(run[1] ?? "");
    // MLflow 3 keeps the models that a run logs beside its artifacts, and `runs:/ID/NAME` means them first.
    const logged = (await client.loggedModelsOfRun(found)).find((model) => model.name === run[2]);
    if (logged !== undefined) return { artifactUri: logged.artifactUri, runId: found.runId };
    return { artifactUri: `${found.artifactUri.replace(/\/+$/, "")}/${run[2]}`, runId: found.runId };
  }
  const logged = /^models:\/+(m-[^/@]+)$/.exec(uri);
  if (logged !== null) {
    const found = await client.getLoggedModel(logged[1] ?? "");
    return { artifactUri: found.artifactUri, runId: found.sourceRunId ?? null };
  }
  const [, name = "", mark, choice = ""] = /^models:\/+([^/@]+)([/@])([^/@]+)$/.exec(uri) ?? [];
  if (mark === undefined) throw noAddress(uri);
  const version =
    mark === "@" ? await client.getAlias(name, choice) : await client.getModelVersion(name, choice);
  if (version === undefined) throw notThere(`No version of ${name} has the alias ${choice} (${uri}).`);
  return {
    artifactUri: await client.downloadUriOf(name, version.version),
    runId: version.runId ?? null,
  };
}
