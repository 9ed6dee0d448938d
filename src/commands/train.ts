import { type CommandInput, type CommandResult, defineCommand, type OptionsOf } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../errors.ts";
import type { ResultInput } from "../results/core.ts";
import type { Run } from "../tracking/types.ts";
import type { Program } from "../training/program.ts";
import type { TrainingRequest } from "../training/train.ts";
import { openSession } from "./session.ts";
import { experimentFlags, pythonFlags, trackingFlags } from "./shared-flags.ts";

const flags = {
  trainingScript: {
    kind: "path",
    value: "FILE",
    shared: true,
    summary: "script to run where no command stands behind --",
  },
  trainingArgs: { kind: "list", value: "ARG", shared: true, summary: "arguments of the training script" },
  runName: { kind: "string", value: "NAME", summary: "name of the run" },
  framework: {
    kind: "string",
    value: "NAME",
    shared: true,
    choices: ["sklearn", "xgboost", "lightgbm", "pytorch", "tensorflow", "auto", "none"],
    default: "none",
    summary: "switch MLflow's autologging on for this framework, without a change in the script",
  },
  dataPath: {
    kind: "path",
    value: "PATH",
    shared: true,
    summary: "training data, recorded with its digest; the script finds it in MLOPS_DATA_PATH",
  },
  outputDir: {
    kind: "path",
    value: "DIR",
    shared: true,
    default: "outputs",
    summary: "folder of the script's outputs; the script finds it in MLOPS_OUTPUT_DIR",
  },
  output: { kind: "list", value: "FILE", summary: "must exist in the output folder afterwards" },
  upload: {
    kind: "boolean",
    takesBoolean: true,
    default: true,
    summary: "keep new and changed files of the output folder with the run",
  },
  param: { kind: "list", value: "KEY=VALUE", summary: "parameter to log with the run" },
  timeout: { kind: "duration", value: "TIME", summary: "stop the training after this time, e.g. 30m" },
  ...experimentFlags,
  ...trackingFlags,
  ...pythonFlags,
} as const;

type Input = CommandInput<OptionsOf<typeof flags>, undefined>;

const runIdFile = "mlflow_run_id.txt";
const resultFile = "training_result.json";

export const trainCommand = defineCommand({
  name: "train",
  summary: "run a training program inside a tracked run",
  description:
    "Creates a run, starts the program inside it, keeps what it wrote, and closes the run by what really happened.\n" +
    "The program needs no change: any MLflow client in it finds the run, --framework logs without one.",
  examples: [
    "mlops train -- python train.py --epochs 10",
    "mlops train --framework sklearn --output model.joblib -- train.py --data data/train.csv",
    "mlops train --run-name baseline --param seed=1",
    "mlops train --timeout 30m --dotenv train.env -- ./train.sh",
  ],
  flags,
  operands: { name: "command", summary: "the training program and its arguments, behind --" },
  async run(input: Input, context) {
    const { resolveProgram } = await import("../training/program.ts");
    const { checkOutputNames, parseParams } = await import("../training/settings.ts");
    const { options } = input;
    const params = parseParams(options.param);
    checkOutputNames(options.output, options.outputDir);
    const program = await resolveProgram({
      operands: input.operands,
      script: options.trainingScript,
      scriptArgs: options.trainingArgs,
      python: options.python,
      framework: options.framework,
      env: context.env,
      cwd: context.cwd,
    });
    const experimentName = await experimentOf(options.experimentName, context);
    const plan = { input, context, program, params, experimentName };
    return options.dryRun ? describePlan(plan) : await execute(plan);
  },
});

interface Plan {
  readonly input: Input;
  readonly context: Context;
  readonly program: Program;
  readonly params: readonly { readonly key: string; readonly value: string }[];
  readonly experimentName: string;
}

/** The project's name on GitLab, the folder's elsewhere: MLflow's own "Default" would mix every project. */
async function experimentOf(given: string | undefined, context: Context): Promise<string> {
  const { default: path } = await import("node:path");
  if (given === undefined && context.env["MLFLOW_EXPERIMENT_ID"]) {
    context.report.warn(
      "MLFLOW_EXPERIMENT_ID is ignored; give the name: --experiment-name or MLFLOW_EXPERIMENT_NAME.",
    );
  }
  return given ?? (context.env["CI_PROJECT_NAME"] || path.basename(context.cwd) || "Default");
}

function describePlan({ input, context, program, experimentName }: Plan): CommandResult {
  const { options } = input;
  const tracking =
    options.trackingUri === undefined ? `the store in ${options.storeDir}` : "the tracking server";
  const shown = context.redactor.redact(program.shown);
  return {
    exitCode: exitCodes.positive,
    json: { dryRun: true, command: "train", program: shown, experimentName, outputDir: options.outputDir },
    text: [
      `would create a run in experiment ${experimentName} on ${tracking}`,
      `would start      ${shown}`,
      `autologging      ${program.isBootstrapped ? options.framework : "none (not a Python script)"}`,
      `outputs in       ${options.outputDir}${options.output.length === 0 ? "" : `, expected: ${options.output.join(", ")}`}`,
    ].join("\n"),
  };
}

async function execute(plan: Plan): Promise<CommandResult> {
  const { input, context } = plan;
  const { options } = input;
  const { makeFolder, writeJsonFile } = await import("../files.ts");
  const { train } = await import("../training/train.ts");
  const { describeTraining, trainingResult } = await import("../training/result.ts");
  const { programVersion } = await import("../version.ts");
  const paths = await pathsOf(plan);
  const inputs = await inputsOf(plan);
  await makeFolder(paths.outputs);
  const startedAt = context.now();
  const session = await openSession(options, context);
  try {
    const outcome = await train({ ...(await requestOf(plan, paths)), session });
    const facts = {
      ...{ outcome, inputs, startedAt },
      finishedAt: context.now(),
      version: await programVersion(),
      experimentName: plan.experimentName,
      tracking: session.description,
      program: context.redactor.redact(plan.program.shown),
    };
    const json = trainingResult(facts);
    await writeJsonFile(paths.result, json);
    if (outcome.error !== undefined) throw outcome.error;
    return {
      exitCode: exitCodes.positive,
      json,
      text: describeTraining(json, options.outputDir),
      dotenv: dotenvOf(outcome.run),
    };
  } finally {
    await session.close();
  }
}

interface Paths {
  readonly outputs: string;
  readonly runId: string;
  readonly result: string;
  readonly store: string;
  readonly dotenv: string | undefined;
}

async function pathsOf({ input: { options }, context }: Plan): Promise<Paths> {
  const { default: path } = await import("node:path");
  const outputs = path.resolve(context.cwd, options.outputDir);
  return {
    outputs,
    runId: path.join(outputs, runIdFile),
    result: path.join(outputs, resultFile),
    store: path.resolve(context.cwd, options.storeDir),
    dotenv: options.dotenv === undefined ? undefined : path.resolve(context.cwd, options.dotenv),
  };
}

async function inputsOf({ input: { options }, context, program }: Plan): Promise<ResultInput[]> {
  const { default: path } = await import("node:path");
  const { describeInput } = await import("../training/settings.ts");
  const { cwd } = context;
  const script = program.scriptFile;
  return [
    ...(options.dataPath === undefined ? [] : [await describeInput("data", options.dataPath, cwd)]),
    ...(script === undefined ? [] : [await describeInput("script", path.relative(cwd, script), cwd)]),
  ];
}

async function requestOf(plan: Plan, paths: Paths): Promise<Omit<TrainingRequest, "session">> {
  const { default: path } = await import("node:path");
  const { isUri } = await import("../training/settings.ts");
  const { input, context } = plan;
  const { options } = input;
  const { dataPath } = options;
  return {
    ...context,
    program: plan.program,
    experimentName: plan.experimentName,
    runName: options.runName,
    framework: options.framework,
    params: plan.params,
    outputDirectory: options.outputDir,
    declaredOutputs: options.output,
    skippedPaths: [
      paths.runId,
      paths.result,
      paths.store,
      ...(paths.dotenv === undefined ? [] : [paths.dotenv]),
    ],
    dataPath: dataPath === undefined || isUri(dataPath) ? dataPath : path.resolve(context.cwd, dataPath),
    timeoutMs: options.timeout,
    isUploading: options.upload !== false,
    writeStdout: (text) => (options.json ? context.stderr : context.stdout).write(text),
    writeStderr: (text) => context.stderr.write(text),
    outputDrained: () => context.stdout.drained() ?? context.stderr.drained(),
    warn: (line) => context.report.warn(line),
    onRunCreated: (run) => announce(plan, paths, run),
  };
}

/** Later jobs, also those that look at a failed training, learn of the run from files that stand from the start. */
async function announce(
  { input: { options }, context, experimentName }: Plan,
  paths: Paths,
  run: Run,
): Promise<void> {
  const { removeFile, writeFileAtomically } = await import("../files.ts");
  // An earlier training's result must not be taken for this one's, should this one be cut off.
  await removeFile(paths.result);
  await writeFileAtomically(paths.runId, `${run.runId}\n`);
  if (options.dotenv !== undefined) {
    const { writeDotenv } = await import("../gitlab/dotenv.ts");
    await writeDotenv(options.dotenv, dotenvOf(run), context);
  }
  context.report.info(`run ${run.runId} (${run.name}) in experiment ${experimentName}`);
}

function dotenvOf(run: Run): Readonly<Record<string, string>> {
  return { MLFLOW_RUN_ID: run.runId, MLFLOW_EXPERIMENT_ID: run.experimentId };
}
