import path from "node:path";
import { type CommandInput, type CommandResult, defineCommand, type OptionsOf } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes, MlopsError } from "../errors.ts";
import type { ModelRecord } from "../tracking/model-record.ts";
import type { Registration, RegistrationOutcome } from "../tracking/register-version.ts";
import type { TrackingSession } from "../tracking/types.ts";
import { openSession } from "./session.ts";
import { modelFlags, requireModelName, runFlags, trackingFlags } from "./shared-flags.ts";

const flags = {
  ...runFlags,
  runIdFile: {
    kind: "path",
    value: "FILE",
    summary: "file that holds the run id (default: mlflow_run_id.txt in the output folder)",
  },
  outputDir: {
    kind: "path",
    value: "DIR",
    shared: true,
    default: "outputs",
    summary: "output folder of the training job, where its mlflow_run_id.txt is",
  },
  ...modelFlags,
  artifactPath: {
    kind: "string",
    value: "NAME",
    summary: "logged model (name or m-… id) or path in the run's artifacts (default: the run's only model)",
  },
  alias: { kind: "list", value: "ALIAS", summary: "alias that is to point to the new version" },
  stage: { kind: "string", value: "STAGE", summary: "synonym for --alias: the stage's name in lower case" },
  description: { kind: "string", value: "TEXT", summary: "description of the version" },
  tag: { kind: "list", value: "KEY=VALUE", summary: "tag of the version" },
  evaluation: {
    kind: "path",
    value: "FILE",
    summary: "evaluation_results.json; its metrics become tags metric.NAME",
  },
  gate: { kind: "path", value: "FILE", summary: "gate.json; its verdict becomes the tag mlops.gate_verdict" },
  allowFailedGate: { kind: "boolean", summary: "register also if the gate's verdict is not pass" },
  outputPath: {
    kind: "path",
    value: "FILE",
    default: "registration.json",
    summary: "where the result is written",
  },
  ...trackingFlags,
} as const;

type Options = OptionsOf<typeof flags>;
type Input = CommandInput<Options, undefined>;

export const registerCommand = defineCommand({
  name: "register",
  summary: "register a run's model as a version",
  description:
    "Makes a version of a registered model from a training run, once: a second start of the same job finds the version " +
    "of the first. Writes MODEL_NAME, MODEL_VERSION and MODEL_URI for later jobs.",
  examples: [
    "mlops register --model-name mortality --run-id $MLFLOW_RUN_ID --alias challenger",
    "mlops register --model-name mortality --evaluation evaluation_results.json --gate gate.json --dotenv register.env",
    "mlops register --model-name mortality --artifact-path model.joblib --tag team=risk",
  ],
  flags,
  async run(input, context) {
    const startedAt = context.now();
    const { readModelRecord } = await import("../tracking/model-record.ts");
    const { options } = input;
    const request = await registrationOf(input, context);
    const record = await readModelRecord({
      evaluation: options.evaluation,
      gate: options.gate,
      cwd: context.cwd,
      runId: request.runId,
    });
    checkGate(record, input, context);
    const session = await openSession(options, context, { mustExist: true });
    try {
      const { registerVersion } = await import("../tracking/register-version.ts");
      const tags = { ...record.tags, ...request.tags };
      const outcome = await registerVersion(session.client, { ...request, tags });
      report(outcome, context);
      return await resultOf({ outcome, session, record, input, startedAt, tags }, context);
    } finally {
      await session.close();
    }
  },
});

async function registrationOf({ options }: Input, context: Context): Promise<Registration> {
  const modelName = requireModelName(options.modelName, "The name of the registered model is missing.");
  const { parseTags } = await import("../tracking/model-record.ts");
  const { jobFacts } = await import("../gitlab/variables.ts");
  const { findRunId } = await import("../tracking/run-id.ts");
  const facts = jobFacts(context.env);
  const aliases = new Set(options.alias);
  if (options.stage !== undefined) aliases.add(aliasOfStage(options.stage, context));
  const jobTags = {
    "mlops.git_commit": facts.commit,
    "mlops.pipeline_id": facts.pipelineId,
    "mlops.pipeline_url": facts.pipelineUrl,
    "mlops.job_id": facts.jobId,
  };
  const known = Object.entries(jobTags).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value]],
  );
  const { runId, runIdFile, outputDir } = options;
  return {
    runId: await findRunId({ runId, runIdFile, outputDir, cwd: context.cwd }),
    modelName,
    artifactPath: options.artifactPath,
    aliases: [...aliases],
    description: options.description,
    tags: { ...Object.fromEntries(known), ...parseTags(options.tag) },
    // Not the job's id: GitLab gives a retried job a new one, and a retry must not make a second version.
    scope: [facts.pipelineId ?? "", facts.jobName ?? ""],
    dryRun: options.dryRun,
  };
}

function aliasOfStage(stage: string, context: Context): string {
  const alias = stage.toLowerCase();
  context.report.warn(
    `--stage ${stage} is taken as --alias ${alias}: MLflow has replaced stages by aliases.`,
  );
  return alias;
}

function checkGate(record: ModelRecord, { options }: Input, context: Context): void {
  const verdict = record.gateVerdict;
  if (verdict === undefined || verdict === "pass") return;
  const said = `The gate's verdict in ${options.gate ?? "gate.json"} is ${JSON.stringify(verdict)}, not "pass"`;
  if (!options.allowFailedGate) {
    throw new MlopsError({
      kind: "blocked",
      code: "GATE_NOT_PASSED",
      message: `${said}; nothing was registered.`,
      hint: "Look at the failed checks in that file. --allow-failed-gate registers the version all the same and tags it with the verdict.",
    });
  }
  context.report.warn(`${said}; registered all the same (--allow-failed-gate).`);
}

function report({ run, source, aliasesLeft }: RegistrationOutcome, context: Context): void {
  if (run.status !== "FINISHED")
    context.report.warn(
      `Run ${run.runId} is ${run.status}, not FINISHED: its model may not be the last one.`,
    );
  if (source.kind === "file" || source.kind === "folder")
    context.report.info(
      `${source.name} has no MLmodel file: MLflow's own load_model cannot load this version.`,
    );
  for (const { alias, version } of aliasesLeft) {
    context.report.warn(`The alias ${alias} belongs to the later version ${version} and was left there.`);
  }
}

async function resultOf(
  parts: {
    readonly outcome: RegistrationOutcome;
    readonly session: TrackingSession;
    readonly record: ModelRecord;
    readonly input: Input;
    readonly startedAt: Date;
    readonly tags: Readonly<Record<string, string>>;
  },
  context: Context,
): Promise<CommandResult> {
  const { outcome, session, record, startedAt, tags } = parts;
  const { options } = parts.input;
  const { resultHead } = await import("../results/head.ts");
  const { programVersion } = await import("../version.ts");
  const name = options.modelName ?? "";
  const version = outcome.version?.version;
  const uri = version === undefined ? undefined : `models:/${name}/${version}`;
  const json = {
    ...resultHead({
      version: await programVersion(),
      command: "register",
      verdict: "pass",
      startedAt,
      finishedAt: context.now(),
      inputs: record.inputs,
    }),
    dryRun: options.dryRun,
    created: outcome.isNew && !options.dryRun,
    model: {
      name,
      version: version ?? null,
      uri: uri ?? null,
      source: outcome.source.source,
      sourceKind: outcome.source.kind,
      modelId: outcome.source.modelId ?? null,
      aliases: [...outcome.aliases],
      tags,
    },
    runId: outcome.run.runId,
    tracking: session.description,
    gateVerdict: record.gateVerdict ?? null,
  };
  if (!options.dryRun) {
    const { writeJsonFile } = await import("../files.ts");
    await writeJsonFile(path.resolve(context.cwd, options.outputPath), json);
  }
  const aliases = outcome.aliases.length === 0 ? {} : { MODEL_ALIAS: outcome.aliases[0] ?? "" };
  return {
    exitCode: exitCodes.positive,
    json,
    text: textOf(outcome, { name, uri, tracking: session.description, isDryRun: options.dryRun }),
    ...(version === undefined || uri === undefined
      ? {}
      : { dotenv: { MODEL_NAME: name, MODEL_VERSION: version, MODEL_URI: uri, ...aliases } }),
  };
}

function textOf(
  { run, source, version, isNew, aliases }: RegistrationOutcome,
  shown: {
    readonly name: string;
    readonly uri: string | undefined;
    readonly tracking: string;
    readonly isDryRun: boolean;
  },
): string {
  const { name, uri, tracking, isDryRun } = shown;
  const number = version?.version;
  const lines = [headline(), `  source    ${source.kind} ${source.name} of run ${run.runId}`];
  if (uri !== undefined) lines.push(`  uri       ${uri}`);
  if (aliases.length > 0) lines.push(`  aliases   ${aliases.join(", ")}`);
  lines.push(`  registry  ${tracking}`);
  if (!isDryRun) lines.push(`next: mlops deploy --model-name ${name} --model-version ${number}`);
  return lines.join("\n");

  function headline(): string {
    if (!isNew) return `${name} version ${number} is registered already; nothing new was created.`;
    if (isDryRun) return `Dry run: a new version of ${name} would be registered; nothing was changed.`;
    return `${name} version ${number} registered.`;
  }
}
