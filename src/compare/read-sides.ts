import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { MlopsError, messageOf, systemCodeOf } from "../errors.ts";
import { evaluationArtifact, scoresArtifact } from "../evaluation/log-evaluation.ts";
import { digestOf, makeTemporaryFolder, removeFolder } from "../files.ts";
import type { Evaluation } from "../gate/evaluation.ts";
import { evaluationOf, readEvaluation } from "../gate/read-evaluation.ts";
import { parseStrictJson } from "../gate/strict-json.ts";
import { evaluationResults } from "../results/evaluation-results.ts";
import type { ModelVersion, Run, TrackingClient } from "../tracking/types.ts";
import type { Operand } from "./operand.ts";
import type { Side } from "./side.ts";

interface Reading {
  readonly label: string;
  readonly cwd: string;
  /** Undefined where no operand needs a server. */
  readonly client: TrackingClient | undefined;
}

/** Reads one side. Throws `not-evaluable` where it is missing, was never evaluated, or cannot be true. */
export async function readSide(operand: Operand, reading: Reading): Promise<Side> {
  if (operand.kind === "file") return await readFileSide(operand.path, reading);
  if (reading.client === undefined) throw new RangeError("an address of a tracking server without a server");
  const client = reading.client;
  if (operand.kind === "run") {
    const run = await client.getRun(operand.runId);
    return await readRunSide(client, { run, version: undefined, uri: operand.uri, label: reading.label });
  }
  const version = await versionOf(client, operand);
  const run = version.runId === undefined ? undefined : await client.getRun(version.runId);
  return await readRunSide(client, { run, version, uri: operand.uri, label: reading.label });
}

async function readFileSide(file: string, { label, cwd }: Reading): Promise<Side> {
  const given = path.resolve(cwd, file);
  const isFolder = (await stat(given).catch(() => undefined))?.isDirectory() === true;
  const absolute = isFolder ? path.join(given, evaluationArtifact) : given;
  const shown = isFolder ? path.join(file, evaluationArtifact) : file;
  const text = await readFile(absolute, "utf8").catch((error: unknown) => {
    const isMissing = systemCodeOf(error) === "ENOENT";
    throw new MlopsError({
      kind: "not-evaluable",
      code: "METRICS_FILE_UNREADABLE",
      message: isMissing
        ? `${shown} does not exist (looked for ${absolute}).`
        : `${shown} cannot be read: ${messageOf(error)}.`,
      hint: isMissing
        ? "Give a result file of `mlops evaluate`, runs:/ID, models:/NAME/VERSION or models:/NAME@ALIAS."
        : "Give the path of a JSON file that may be read.",
      cause: error,
    });
  });
  const evaluation = readEvaluation(text, shown);
  const runId = evaluation.identity.runId;
  const results = ownResults(text);
  return {
    label,
    uri: file,
    description: runId === null ? shown : `${shown}, run ${runId}`,
    evaluation,
    results,
    params: undefined,
    fetchScores: () => scoresBeside(path.dirname(absolute), results),
    input: { role: "compared", uri: shown, ...(await digestOf(absolute)) },
  };
}

/** Where the result says, else where `evaluate` would have left them. */
async function scoresBeside(folder: string, results: Side["results"]): Promise<string | undefined> {
  for (const name of [results?.scores.file?.uri, scoresArtifact]) {
    const file = name === undefined ? undefined : path.resolve(folder, name);
    if (file !== undefined && (await stat(file).catch(() => undefined))?.isFile() === true) return file;
  }
  return undefined;
}

/** The document, where the file is one of ours; a flat file of numbers has no curves and intervals. */
function ownResults(text: string): Side["results"] {
  const json = parseStrictJson(text);
  const parsed = evaluationResults.safeParse("value" in json ? json.value : undefined);
  return parsed.success ? parsed.data : undefined;
}

async function versionOf(
  client: TrackingClient,
  { name, choice, uri }: Extract<Operand, { readonly kind: "version" }>,
): Promise<ModelVersion> {
  if ("version" in choice) return await client.getModelVersion(name, choice.version);
  const found = await client.getAlias(name, choice.alias);
  if (found !== undefined) return found;
  throw new MlopsError({
    kind: "not-evaluable",
    code: "MODEL_MISSING",
    message: `No version of ${name} has the alias ${choice.alias} (${uri}).`,
    hint: "Check the name and the alias, or give the version: models:/NAME/VERSION.",
  });
}

interface Remote {
  readonly label: string;
  readonly uri: string;
  readonly run: Run | undefined;
  readonly version: ModelVersion | undefined;
}

/** The result file that `evaluate` left with the run; else the run's own metrics, else the tags of the version. */
async function readRunSide(client: TrackingClient, remote: Remote): Promise<Side> {
  const { label, uri, run, version } = remote;
  const description = [
    ...(version === undefined
      ? []
      : [`${version.name} version ${version.version}${aliasesOf(version.aliases)}`]),
    ...(run === undefined ? [] : [`run ${run.name === "" ? "" : `${run.name} `}${run.runId}`]),
  ].join(", ");
  const common = {
    ...{ label, uri, description, params: run?.params },
    fetchScores: (folder: () => Promise<string>) => scoresOfRun(client, run, { folder, label }),
  };
  const stored = run === undefined ? undefined : await storedResult(client, run, uri);
  if (stored !== undefined) return { ...common, ...stored };
  const evaluation = evaluationOfNumbers(remote);
  if (evaluation === undefined)
    throw new MlopsError({
      kind: "not-evaluable",
      code: "NOT_EVALUATED",
      message: `${uri} was never evaluated: no ${evaluationArtifact} with its run, no metrics of the run and no tags metric.*.`,
      hint: "Evaluate it: mlops evaluate --model-path MODEL --eval-data-path FILE --run-id ID.",
    });
  return {
    ...common,
    evaluation,
    results: undefined,
    input: { role: "compared", uri, sha256: null, sizeBytes: null },
  };
}

function aliasesOf(aliases: readonly string[]): string {
  return aliases.length === 0 ? "" : ` (${aliases.join(", ")})`;
}

async function storedResult(
  client: TrackingClient,
  run: Run,
  uri: string,
): Promise<Pick<Side, "evaluation" | "results" | "input"> | undefined> {
  const entry = await client.artifacts.find(run.artifactUri, evaluationArtifact);
  if (entry === undefined) return undefined;
  const folder = await makeTemporaryFolder("mlops-compare-");
  try {
    const file = path.join(folder, evaluationArtifact);
    await client.artifacts.download(run.artifactUri, evaluationArtifact, file);
    const text = await readFile(file, "utf8");
    const address = `runs:/${run.runId}/${evaluationArtifact}`;
    return {
      evaluation: readEvaluation(text, `${uri}, ${address}`),
      results: ownResults(text),
      input: { role: "compared", uri: address, ...(await digestOf(file)) },
    };
  } finally {
    await removeFolder(folder);
  }
}

async function scoresOfRun(
  client: TrackingClient,
  run: Run | undefined,
  to: { folder(): Promise<string>; readonly label: string },
): Promise<string | undefined> {
  const entry = run === undefined ? undefined : await client.artifacts.find(run.artifactUri, scoresArtifact);
  if (run === undefined || entry === undefined) return undefined;
  const file = path.join(await to.folder(), `${to.label}.parquet`);
  await client.artifacts.download(run.artifactUri, scoresArtifact, file);
  return file;
}

function evaluationOfNumbers({ run, version, uri }: Remote): Evaluation | undefined {
  const own = [...(run?.metrics ?? [])];
  const logged = own.filter(([key]) => key.startsWith("eval.") && !key.slice(5).includes("."));
  const tags = [...(version?.tags ?? [])].flatMap(([key, value]): [string, number][] =>
    key.startsWith("metric.") && value.trim() !== "" && Number.isFinite(Number(value))
      ? [[key.slice("metric.".length), Number(value)]]
      : [],
  );
  const numbers = logged.length > 0 ? logged.map(([key, value]) => [key.slice(5), value]) : own;
  const metrics = numbers.length > 0 ? numbers : tags;
  if (metrics.length === 0) return undefined;
  return evaluationOf({ metrics: Object.fromEntries(metrics), runId: run?.runId ?? null }, uri);
}
