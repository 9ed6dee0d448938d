import { createHash } from "node:crypto";
import { MlopsError } from "../errors.ts";
import { idempotencyTag, quoted } from "./filter.ts";
import { findModelSource, type ModelSource } from "./model-source.ts";
import { aliasProblem, modelNameProblem } from "./models.ts";
import type { ModelVersion, Run, TrackingClient } from "./types.ts";

export interface Registration {
  readonly runId: string;
  readonly modelName: string;
  readonly artifactPath: string | undefined;
  readonly aliases: readonly string[];
  readonly description: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** What makes a second start the same one: pipeline and job name; nothing outside CI. */
  readonly scope: readonly string[];
  readonly dryRun: boolean;
}

export interface RegistrationOutcome {
  readonly run: Run;
  readonly source: ModelSource;
  /** Undefined in a dry run of a version that is not there yet. */
  readonly version: ModelVersion | undefined;
  readonly isNew: boolean;
  /** Aliases that point to the version now (in a dry run: would point to it). */
  readonly aliases: readonly string[];
  /** Aliases that a later version holds and that were left with it. */
  readonly aliasesLeft: readonly { readonly alias: string; readonly version: string }[];
}

/**
 * Registers a run's model as a new version, once: the version carries a key of run, model, artifact and job, is looked
 * for by it first, and only what a start that was cut off left undone (aliases, tags) is done then.
 */
export async function registerVersion(
  client: TrackingClient,
  request: Registration,
): Promise<RegistrationOutcome> {
  checkNames(request);
  const run = await client.getRun(request.runId);
  if (run.lifecycleStage === "deleted") {
    throw new MlopsError({
      kind: "usage",
      code: "RUN_DELETED",
      message: `Run ${run.runId} is deleted.`,
      hint: `Restore it with \`mlflow runs restore --run-id ${run.runId}\`.`,
    });
  }
  const source = await findModelSource(client, run, request.artifactPath);
  const key = registrationKey(request, source);
  const existing = await findByKey(client, request.modelName, key);
  if (request.dryRun) {
    const { aliases } = request;
    return { run, source, version: existing, isNew: existing === undefined, aliases, aliasesLeft: [] };
  }
  const version = existing ?? (await create(client, request, { run, source, key }));
  checkReady(version);
  if (existing !== undefined) await addMissingTags(client, existing, request.tags);
  const left = await setAliases(client, version, { aliases: request.aliases, isNew: existing === undefined });
  const held = request.aliases.filter((alias) => !left.some((one) => one.alias === alias));
  return { run, source, version, isNew: existing === undefined, aliases: held, aliasesLeft: left };
}

function checkNames({ modelName, aliases }: Registration): void {
  const problems = [modelNameProblem(modelName), ...aliases.map(aliasProblem)].filter(
    (problem) => problem !== undefined,
  );
  if (problems.length === 0) return;
  throw new MlopsError({ kind: "usage", code: "NAME_INVALID", message: problems.join("\n") });
}

/** 32 hex digits. A logged model's id stands for its content, a path for what the run holds there. */
function registrationKey(request: Registration, source: ModelSource): string {
  const parts = [
    "register",
    request.modelName,
    request.runId,
    source.modelId ?? source.name,
    ...request.scope,
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

async function findByKey(
  client: TrackingClient,
  name: string,
  key: string,
): Promise<ModelVersion | undefined> {
  const filter = `name = ${quoted(name)} and tags.\`${idempotencyTag}\` = ${quoted(key)}`;
  const versions = await client.searchModelVersions(filter);
  const own = versions.filter((version) => version.tags.get(idempotencyTag) === key);
  return own.sort((a, b) => a.createdMs - b.createdMs)[0];
}

async function create(
  client: TrackingClient,
  request: Registration,
  found: { readonly run: Run; readonly source: ModelSource; readonly key: string },
): Promise<ModelVersion> {
  const { run, source, key } = found;
  await client.ensureRegisteredModel(request.modelName);
  return await client.createModelVersion({
    name: request.modelName,
    source: source.source,
    runId: run.runId,
    ...(source.modelId === undefined ? {} : { modelId: source.modelId }),
    ...(request.description === undefined ? {} : { description: request.description }),
    tags: { ...request.tags, [idempotencyTag]: key },
  });
}

function checkReady({ name, version, status }: ModelVersion): void {
  if (status === "READY" || status === "") return;
  throw new MlopsError({
    kind: "not-evaluable",
    code: "MODEL_VERSION_NOT_READY",
    message: `Version ${version} of ${name} is ${status}, not READY.`,
    hint: "Look at it in the registry; start the job again when it is READY.",
  });
}

async function addMissingTags(
  client: TrackingClient,
  version: ModelVersion,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [key, value] of Object.entries(tags)) {
    if (!version.tags.has(key)) await client.setModelVersionTag(version.name, version.version, key, value);
  }
}

/** A job that is started again must not take an alias back from a version that came after its own. */
async function setAliases(
  client: TrackingClient,
  version: ModelVersion,
  { aliases, isNew }: { readonly aliases: readonly string[]; readonly isNew: boolean },
): Promise<{ readonly alias: string; readonly version: string }[]> {
  const left: { readonly alias: string; readonly version: string }[] = [];
  for (const alias of aliases) {
    const holder = isNew ? undefined : await client.getAlias(version.name, alias);
    const isLater = holder !== undefined && holder.createdMs > version.createdMs;
    if (isLater) left.push({ alias, version: holder.version });
    else if (holder?.version !== version.version) await client.setAlias(version.name, alias, version.version);
  }
  return left;
}
