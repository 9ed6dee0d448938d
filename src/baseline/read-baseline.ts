import { readFile } from "node:fs/promises";
import path from "node:path";
import { MlopsError, messageOf, systemCodeOf } from "../errors.ts";
import { evaluationArtifact } from "../evaluation/log-evaluation.ts";
import { digestOf, makeTemporaryFolder, removeFolder } from "../files.ts";
import type { Evaluation } from "../gate/evaluation.ts";
import type { Baseline } from "../gate/policy.ts";
import { evaluationOf, readEvaluation } from "../gate/read-evaluation.ts";
import type { ResultInput } from "../results/core.ts";
import type { ModelVersion, TrackingClient } from "../tracking/types.ts";

export interface FoundEvaluation {
  readonly evaluation: Evaluation;
  readonly input: ResultInput;
}

export interface FoundBaseline {
  readonly baseline: Baseline<Evaluation>;
  readonly input: ResultInput | undefined;
  /** `mortality version 3 (champion)`, where it is a version of a registered model. */
  readonly model: string | undefined;
}

/** Reads a result file. Throws `not-evaluable` where it is missing or not to be believed; undefined where it is missing and may. */
export async function readEvaluationFile(
  file: string,
  reading: {
    readonly cwd: string;
    readonly flag: string;
    readonly role: string;
    readonly mayBeMissing: boolean;
  },
): Promise<FoundEvaluation | undefined> {
  const absolute = path.resolve(reading.cwd, file);
  let bytes: Buffer;
  try {
    bytes = await readFile(absolute);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT" && reading.mayBeMissing) return undefined;
    throw new MlopsError({
      kind: "not-evaluable",
      code: "METRICS_FILE_UNREADABLE",
      message: `${file} (${reading.flag}) cannot be read: ${messageOf(error)}.`,
      hint: nextStepFor(error, reading.role),
      cause: error,
    });
  }
  const evaluation = readEvaluation(decode(bytes, file), file);
  return { evaluation, input: { role: reading.role, uri: file, ...(await digestOf(absolute)) } };
}

function nextStepFor(error: unknown, role: string): string {
  if (systemCodeOf(error) !== "ENOENT") return "Give the path of a JSON file that may be read.";
  const artifacts = "In GitLab the file comes from the earlier job's artifacts:paths; check `needs`.";
  return role === "baseline"
    ? `${artifacts} Where there is no earlier model yet: --first-model allow.`
    : artifacts;
}

function decode(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new MlopsError({
      kind: "not-evaluable",
      code: "METRICS_FILE_INVALID",
      message: `${file} is not UTF-8 text.`,
      cause: error,
    });
  }
}

/**
 * The evaluation of the version behind an alias: the result file that `evaluate` left with its run, else the version's tags
 * `metric.<name>`, which know no subgroups and no rows. Where the alias does not exist it is a first model.
 * Throws `not-evaluable` where the version was never evaluated.
 */
export async function readAliasBaseline(
  client: TrackingClient,
  choice: { readonly modelName: string; readonly alias: string; readonly warn: (line: string) => void },
): Promise<FoundBaseline> {
  const { modelName, alias } = choice;
  const version = await client.getAlias(modelName, alias);
  if (version === undefined) {
    // Also proves that the registry answers: an API that is not there must not look like a first model.
    const versions = await client.searchModelVersions(`name = '${modelName.replaceAll("'", "''")}'`);
    const sentence = `no version of ${modelName} has the alias ${alias}`;
    if (versions.length > 0)
      choice.warn(
        `${modelName} has ${versions.length} versions, and none has the alias ${alias}: is that its name?`,
      );
    return { baseline: { kind: "first-model", sentence }, input: undefined, model: undefined };
  }
  const model = `${modelName} version ${version.version} (${alias})`;
  const stored = await evaluationOfRun(client, version, model);
  if (stored !== undefined)
    return { baseline: { kind: "stored", evaluation: stored.evaluation }, input: stored.input, model };
  const tagged = evaluationOfTags(version, model);
  if (tagged === undefined) {
    throw new MlopsError({
      kind: "not-evaluable",
      code: "BASELINE_NOT_EVALUATED",
      message: `${model} has no evaluation: no ${evaluationArtifact} with its run ${version.runId ?? "(none)"} and no tags metric.*.`,
      hint: `Evaluate it: mlops evaluate --model-path models:/${modelName}@${alias} --eval-data-path FILE --output-path baseline.json, then --baseline-metrics baseline.json.`,
    });
  }
  choice.warn(
    `${model}: compared by the tags of the version, which know no subgroups and not the rows; its run has no ${evaluationArtifact}.`,
  );
  return { baseline: { kind: "stored", evaluation: tagged }, input: undefined, model };
}

async function evaluationOfRun(
  client: TrackingClient,
  version: ModelVersion,
  model: string,
): Promise<FoundEvaluation | undefined> {
  if (version.runId === undefined) return undefined;
  const run = await client.getRun(version.runId);
  const entry = await client.artifacts.find(run.artifactUri, evaluationArtifact);
  if (entry === undefined) return undefined;
  const folder = await makeTemporaryFolder("mlops-baseline-");
  try {
    const file = path.join(folder, evaluationArtifact);
    await client.artifacts.download(run.artifactUri, evaluationArtifact, file);
    const uri = `runs:/${run.runId}/${evaluationArtifact}`;
    const read = readEvaluation(decode(await readFile(file), uri), `${model}, ${uri}`);
    return {
      evaluation: { ...read, identity: { ...read.identity, runId: read.identity.runId ?? run.runId } },
      input: { role: "baseline", uri, ...(await digestOf(file)) },
    };
  } finally {
    await removeFolder(folder);
  }
}

function evaluationOfTags(version: ModelVersion, model: string): Evaluation | undefined {
  const metrics = [...version.tags]
    .filter(([key]) => key.startsWith("metric."))
    .map(([key, value]): [string, unknown] => [
      key.slice("metric.".length),
      value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : null,
    ]);
  if (metrics.length === 0) return undefined;
  const uri = `${model}, tags`;
  return evaluationOf({ metrics: Object.fromEntries(metrics), runId: version.runId ?? null }, uri);
}
