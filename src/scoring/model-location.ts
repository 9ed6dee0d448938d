import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { MlopsError } from "../errors.ts";
import { digestOf } from "../files.ts";
import type { TrackingClient } from "../tracking/types.ts";

/** A model on this machine's disk, and where it came from. */
export interface LocalModel {
  /** As the user wrote it. */
  readonly uri: string;
  /** The file that Python loads. */
  readonly file: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** The run that made it, where the registry or the URI says so. */
  readonly runId: string | null;
}

const modelEndings = [".joblib", ".pkl", ".pickle", ".skops"];

/** True for `runs:/…` and `models:/…`, which a tracking server must resolve. */
export function isRemoteModel(uri: string): boolean {
  return /^(runs|models):\//.test(uri);
}

/** A model file or a folder with one in it. Throws `not-evaluable` where there is none or several. */
export async function openLocalModel(uri: string, cwd: string): Promise<LocalModel> {
  const file = await findModelFile(path.resolve(cwd, uri), uri);
  return { uri, file, ...(await digestOf(file)), runId: null };
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
  const file = await findModelFile(local, uri);
  return { uri, file, ...(await digestOf(file)), runId };
}

async function resolveUri(
  client: TrackingClient,
  uri: string,
): Promise<{ readonly artifactUri: string; readonly runId: string | null }> {
  const run = /^runs:\/+([^/]+)\/(.+)$/.exec(uri);
  if (run !== null) {
    const found = await client.getRun(run[1] ?? "");
    return { artifactUri: `${found.artifactUri.replace(/\/+$/, "")}/${run[2]}`, runId: found.runId };
  }
  const logged = /^models:\/+(m-[^/@]+)$/.exec(uri);
  if (logged !== null) {
    const found = await client.getLoggedModel(logged[1] ?? "");
    return { artifactUri: found.artifactUri, runId: found.sourceRunId ?? null };
  }
  const [, name = "", mark, choice = ""] = /^models:\/+([^/@]+)([/@])([^/@]+)$/.exec(uri) ?? [];
  if (mark === undefined) {
    throw new MlopsError({
      kind: "usage",
      code: "MODEL_URI",
      message: `--model-path is ${JSON.stringify(uri)}, which is no model address.`,
      hint: "Write runs:/RUN_ID/PATH, models:/NAME/VERSION or models:/NAME@ALIAS.",
    });
  }
  const version =
    mark === "@" ? await client.getAlias(name, choice) : await client.getModelVersion(name, choice);
  if (version === undefined) throw notThere(`No version of ${name} has the alias ${choice} (${uri}).`);
  return {
    artifactUri: await client.downloadUriOf(name, version.version),
    runId: version.runId ?? null,
  };
}

async function findModelFile(place: string, uri: string): Promise<string> {
  const found = await stat(place).catch(() => undefined);
  if (found === undefined) throw notThere(`The model ${uri} does not exist (looked for ${place}).`);
  if (!found.isDirectory()) return place;
  const names = (await readdir(place)).filter((name) => modelEndings.includes(path.extname(name)));
  const [name] = names;
  if (name !== undefined && names.length === 1) return path.join(place, name);
  throw notThere(
    names.length === 0
      ? `The folder ${uri} holds no model file (${modelEndings.join(", ")}).`
      : `The folder ${uri} holds ${names.length} model files: ${names.join(", ")}. Name one.`,
  );
}

function notThere(message: string): MlopsError {
  return new MlopsError({
    kind: "not-evaluable",
    code: "MODEL_MISSING",
    message,
    hint: "Check --model-path, and in CI that the job has the artifacts of the training job.",
  });
}
