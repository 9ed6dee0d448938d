import * as z from "zod";
import { MlopsError } from "../errors.ts";
import { answerError, expectJson, readErrorBody } from "../http/answer.ts";
import { isMissing, type MlflowCalls } from "./calls.ts";
import { idempotencyTag, quoted } from "./filter.ts";
import type { ModelVersion } from "./types.ts";
import { anyAnswer, modelVersion, nextPageToken } from "./wire.ts";

const versionAnswer = z
  .object({ model_version: modelVersion })
  .transform(({ model_version }) => model_version);

export interface NewVersion {
  readonly name: string;
  readonly source: string;
  readonly runId?: string;
  readonly modelId?: string;
  readonly description?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Creates the registered model unless it is there already; its description is left alone then. */
export async function ensureRegisteredModel(
  calls: MlflowCalls,
  name: string,
  description?: string,
): Promise<void> {
  const problem = modelNameProblem(name);
  if (problem !== undefined)
    throw new MlopsError({ kind: "usage", code: "MODEL_NAME_INVALID", message: problem });
  const answer = await calls.http.send({
    method: "POST",
    path: "/api/2.0/mlflow/registered-models/create",
    json: { name, ...(description === undefined ? {} : { description }) },
    // Names are unique: the second create is refused with "exists", which is what is wanted.
    retry: "idempotent",
  });
  const { code } = readErrorBody(answer);
  if (code === "RESOURCE_ALREADY_EXISTS" || code === "ALREADY_EXISTS") return;
  if (answer.status < 200 || answer.status > 299) throw answerError(answer, calls.http.server);
}

/** Why MLflow would refuse a registered model's name. */
export function modelNameProblem(name: string): string | undefined {
  if (name.trim() === "") return "The model name is empty.";
  if (/[/:]/.test(name) || name === "." || name === "..")
    return `The model name ${JSON.stringify(name)} may not hold "/" or ":", nor be "." or "..".`;
  return undefined;
}

/** Why MLflow would refuse an alias. */
export function aliasProblem(alias: string): string | undefined {
  if (!/^[\w-]{1,255}$/.test(alias))
    return `The alias ${JSON.stringify(alias)} may only have letters, digits, _ and -, at most 255.`;
  if (alias === "latest" || /^v\d+$/i.test(alias))
    return `The alias ${JSON.stringify(alias)} is reserved by MLflow ("latest" and "v" with a number).`;
  return undefined;
}

/**
 * Creates a version. MLflow makes a new one for every request, so after an uncertain failure the version with the same
 * `mlops.idempotency_key` tag is looked for first. Throws `usage` where the source lacks the ids that servers ask for.
 */
export async function createModelVersion(calls: MlflowCalls, request: NewVersion): Promise<ModelVersion> {
  const { name, source, runId, modelId, description, tags } = request;
  const problem = sourceProblem(request);
  if (problem !== undefined)
    throw new MlopsError({ kind: "usage", code: "MODEL_SOURCE_INVALID", message: problem });
  const key = tags[idempotencyTag];
  return await calls.create("model-versions/create", {
    json: {
      name,
      source,
      ...(runId === undefined ? {} : { run_id: runId }),
      ...(modelId === undefined ? {} : { model_id: modelId }),
      ...(description === undefined ? {} : { description }),
      tags: Object.entries(tags).map(([tag, value]) => ({ key: tag, value })),
    },
    schema: versionAnswer,
    find: async () => (key === undefined ? undefined : await findVersionByKey(calls, name, key)),
  });
}

/** The newest version of the model that carries the idempotency key. */
async function findVersionByKey(
  calls: MlflowCalls,
  name: string,
  key: string,
): Promise<ModelVersion | undefined> {
  const filter = `name = ${quoted(name)} and tags.\`${idempotencyTag}\` = ${quoted(key)}`;
  const versions = await searchModelVersions(calls, filter);
  return versions.find((version) => version.tags.get(idempotencyTag) === key);
}

function sourceProblem({ source, runId, modelId }: NewVersion): string | undefined {
  if (source.startsWith("models:/m-") && modelId === undefined)
    return `The source ${source} is a logged model: its model id must be given too.`;
  if (source.startsWith("mlflow-artifacts:") && runId === undefined && modelId === undefined)
    return `The source ${source} lies in a run: the run id must be given too.`;
  return undefined;
}

/** Throws `usage` MODEL_VERSION_NOT_FOUND where there is none. */
export async function getModelVersion(
  calls: MlflowCalls,
  name: string,
  version: string,
): Promise<ModelVersion> {
  const found = await calls.find("model-versions/get", { name, version }, versionAnswer);
  if (found !== undefined) return found;
  throw versionNotFound(name, version);
}

function versionNotFound(name: string, version: string): MlopsError {
  return new MlopsError({
    kind: "usage",
    code: "MODEL_VERSION_NOT_FOUND",
    message: `There is no version ${JSON.stringify(version)} of the model ${JSON.stringify(name)}.`,
    hint: "Register it first with `mlops register`, or check the name, the version and the tracking URI.",
  });
}

/** Every version that the filter matches, following the pages while they advance. */
export async function searchModelVersions(
  calls: MlflowCalls,
  filter: string,
): Promise<readonly ModelVersion[]> {
  const schema = z.object({
    model_versions: z.array(modelVersion).nullish(),
    next_page_token: nextPageToken,
  });
  const found: ModelVersion[] = [];
  let token: string | undefined;
  do {
    const page = await calls.get(
      "model-versions/search",
      { filter, max_results: 1000, page_token: token },
      schema,
    );
    found.push(...(page.model_versions ?? []));
    token = page.next_page_token === token ? undefined : page.next_page_token;
  } while (token !== undefined);
  return found;
}

/** Where a version's files are, as the server says it: `mlflow-artifacts:/…`, or still `runs:/…`, `models:/m-…`. */
export async function storedUriOf(calls: MlflowCalls, name: string, version: string): Promise<string> {
  const schema = z.object({ artifact_uri: z.string() });
  const found = await calls.find("model-versions/get-download-uri", { name, version }, schema);
  if (found !== undefined) return found.artifact_uri;
  throw versionNotFound(name, version);
}

/** Overwrites an earlier value of the tag. */
export async function setModelVersionTag(
  calls: MlflowCalls,
  target: { readonly name: string; readonly version: string },
  tag: { readonly key: string; readonly value: string },
): Promise<void> {
  await calls.put("POST", "model-versions/set-tag", { json: { ...target, ...tag }, schema: anyAnswer });
}

/** The version behind an alias; undefined where the alias or the model is not there (400 or 404). */
export async function getAlias(
  calls: MlflowCalls,
  name: string,
  alias: string,
): Promise<ModelVersion | undefined> {
  return await calls.find("registered-models/alias", { name, alias }, versionAnswer);
}

/** Points the alias at the version. The last writer wins: MLflow has no compare-and-set. */
export async function setAlias(
  calls: MlflowCalls,
  name: string,
  target: { readonly alias: string; readonly version: string },
): Promise<void> {
  const problem = aliasProblem(target.alias);
  if (problem !== undefined) throw new MlopsError({ kind: "usage", code: "ALIAS_INVALID", message: problem });
  const answer = await calls.http.send({
    method: "POST",
    path: "/api/2.0/mlflow/registered-models/alias",
    json: { name, ...target },
    retry: "idempotent",
  });
  if (isMissing(answer)) throw versionNotFound(name, target.version);
  expectJson(answer, anyAnswer, calls.http.server);
}

/** Also where the alias is not there. */
export async function deleteAlias(calls: MlflowCalls, name: string, alias: string): Promise<void> {
  await calls.put("DELETE", "registered-models/alias", { json: { name, alias }, schema: anyAnswer });
}
