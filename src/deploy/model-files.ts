import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { MlopsError } from "../errors.ts";
import { digestOf } from "../files.ts";
import type { DeployedModel } from "../results/deploy.ts";
import type { ModelVersion, TrackingClient } from "../tracking/types.ts";

export interface ModelChoice {
  readonly name: string;
  readonly version: string | undefined;
  readonly alias: string | undefined;
}

/** The version that was asked for, by number or by alias. Throws `not-evaluable` where the alias points nowhere. */
export async function resolveVersion(client: TrackingClient, choice: ModelChoice): Promise<ModelVersion> {
  if (choice.version !== undefined) return await client.getModelVersion(choice.name, choice.version);
  const found = await client.getAlias(choice.name, choice.alias ?? "");
  if (found !== undefined) return found;
  throw new MlopsError({
    kind: "not-evaluable",
    code: "ALIAS_NOT_FOUND",
    message: `Model ${JSON.stringify(choice.name)} has no version with the alias ${JSON.stringify(choice.alias)}.`,
    hint: "Set it with `mlops promote` or `mlops register --alias`, or name a version with --model-version.",
  });
}

/** Downloads the version's files to `directory` and says what they are. Throws `not-evaluable` where there are none. */
export async function fetchModel(
  client: TrackingClient,
  version: ModelVersion,
  directory: string,
): Promise<Omit<DeployedModel, "alias">> {
  const { artifacts } = client;
  const uri = (await client.downloadUriOf(version.name, version.version)).replace(/\/+$/, "");
  if ((await artifacts.listFiles(uri)).length > 0) await artifacts.download(uri, "", directory);
  else {
    // A version may also be made of a single file (`register --artifact-path model.joblib`): a listing of it is empty.
    const [, folder = "", name = ""] = /^(.+[^/:])\/([^/]+)$/.exec(uri) ?? [];
    const entry = name === "" ? undefined : await artifacts.find(folder, name);
    if (entry === undefined || entry.isDirectory) throw filesMissing(version, uri);
    await artifacts.download(folder, name, path.join(directory, name));
  }
  return {
    name: version.name,
    version: version.version,
    runId: version.runId ?? null,
    source: version.source,
    ...(await digestOfFolder(directory)),
  };
}

function filesMissing({ name, version }: ModelVersion, uri: string): MlopsError {
  return new MlopsError({
    kind: "not-evaluable",
    code: "MODEL_FILES_MISSING",
    message: `Version ${version} of ${name} has no files at ${uri}.`,
    hint: "Was the training's output uploaded? Register the version again from a run that has its model.",
  });
}

/** Count, size and one digest of all files below `directory`: sha256 of what `sha256sum` would print, sorted by path. */
export async function digestOfFolder(
  directory: string,
): Promise<{ readonly files: number; readonly sizeBytes: number; readonly sha256: string }> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      path.relative(directory, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"),
    )
    .sort();
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for (const file of files) {
    const digest = await digestOf(path.join(directory, file));
    sizeBytes += digest.sizeBytes;
    hash.update(`${digest.sha256}  ${file}\n`);
  }
  return { files: files.length, sizeBytes, sha256: hash.digest("hex") };
}
