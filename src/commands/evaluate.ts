import {
  type CommandInput,
  type CommandResult,
  type CommonOptions,
  defineCommand,
  type OptionsOf,
} from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes, MlopsError } from "../errors.ts";
import type { EvaluatedTable, EvaluationRequest } from "../evaluation/evaluate-table.ts";
import type { TrackingSession } from "../tracking/types.ts";
import { openSession } from "./session.ts";
import { pythonFlags, runFlags, trackingFlags } from "./shared-flags.ts";

const flags = {
  predictions: {
    kind: "path",
    value: "FILE",
    summary: "table of truths and predictions (CSV or Parquet)",
  },
  predictionsPath: { kind: "path", value: "FILE", summary: "synonym of --predictions" },
  modelPath: {
    kind: "path",
    value: "MODEL",
    summary:
      "model to score: joblib, pickle or skops file, runs:/ID/PATH, models:/NAME/VERSION, models:/NAME@ALIAS",
  },
  evalDataPath: { kind: "path", value: "FILE", summary: "table to score the model on (CSV or Parquet)" },
  label: {
    kind: "string",
    value: "COLUMN",
    shared: true,
    summary: "the truth (default: label, target or y_true)",
  },
  score: {
    kind: "string",
    value: "COLUMN",
    summary: "probability of class 1 (default: score or probability)",
  },
  prediction: { kind: "string", value: "COLUMN", summary: "predicted value or class (default: prediction)" },
  rowId: {
    kind: "string",
    value: "COLUMN",
    shared: true,
    summary: "what names a row, for comparing models on the same rows",
  },
  subgroup: { kind: "list", value: "COLUMN", shared: true, summary: "measure each value of this column too" },
  task: {
    kind: "string",
    value: "TASK",
    choices: ["binary", "regression"],
    summary: "default: binary where the labels are 0 and 1, else regression",
  },
  threshold: {
    kind: "number",
    value: "NUMBER",
    summary: "class 1 is predicted from this score on (default: 0.5)",
  },
  positiveClass: { kind: "string", value: "LABEL", summary: "the label that counts as 1" },
  outputPath: {
    kind: "path",
    value: "FILE",
    default: "evaluation_results.json",
    summary: "where the result is written",
  },
  ...runFlags,
  ...trackingFlags,
  ...pythonFlags,
} as const;

type Options = OptionsOf<typeof flags>;
type Input = CommandInput<Options, undefined>;

export const evaluateCommand = defineCommand({
  name: "evaluate",
  summary: "measure a model, overall and by subgroup",
  description:
    "Measures a table of predictions, or scores a model on a table and measures that. Metrics are scikit-learn's, by " +
    "definition and name. With a run (--run-id, MLFLOW_RUN_ID) they are logged on it too.",
  examples: [
    "mlops evaluate --predictions predictions.csv --label death --score probability --subgroup sex",
    "mlops evaluate --model-path outputs/model.joblib --eval-data-path data/test.csv --label death",
    "mlops evaluate --model-path models:/mortality@champion --eval-data-path data/test.parquet --label death",
  ],
  flags,
  async run(input, context) {
    const startedAt = context.now();
    const { options } = input;
    const source = sourceOf(options);
    if (!options.dryRun) {
      const { removeOldResult } = await import("../fresh-output.ts");
      await removeOldResult(
        { flag: "--output-path", file: options.outputPath },
        [source.table, source.modelUri],
        context.cwd,
      );
    }
    const runId = await runIdOf(input, source, context);
    const session = needsSession(options, source, runId) ? await openSession(options, context) : undefined;
    try {
      const { evaluateTable } = await import("../evaluation/evaluate-table.ts");
      const evaluated = await evaluateTable(requestOf(input, source, context), session?.client);
      context.report.info(`columns of ${evaluated.uri}: ${evaluated.columnNote}`);
      if (evaluated.modelNote !== undefined) context.report.info(evaluated.modelNote);
      if (evaluated.measured === undefined) return dryRunResult(evaluated, input);
      return await finish({ input, context, evaluated, session, startedAt, runId });
    } finally {
      await session?.close();
    }
  },
});

type Source = Pick<EvaluationRequest, "table" | "modelUri">;

function sourceOf(options: Options): Source {
  const predictions = options.predictions ?? options.predictionsPath;
  const { modelPath, evalDataPath } = options;
  const problems: string[] = [];
  if (predictions !== undefined && modelPath !== undefined)
    problems.push(
      "--predictions and --model-path exclude each other: give the predictions or the model that makes them.",
    );
  if (options.score !== undefined && options.prediction !== undefined)
    problems.push("--score and --prediction exclude each other.");
  if (predictions === undefined && modelPath === undefined)
    problems.push(
      "There is nothing to evaluate: give --predictions FILE, or --model-path MODEL with --eval-data-path FILE.",
    );
  if (modelPath !== undefined && evalDataPath === undefined)
    problems.push("--model-path needs --eval-data-path, the table to score the model on.");
  if (modelPath !== undefined && (options.score ?? options.prediction) !== undefined)
    problems.push(
      "--score and --prediction name columns of a predictions table; with --model-path the model makes the scores.",
    );
  if (options.positiveClass !== undefined && options.task === "regression")
    problems.push("--positive-class and --task regression exclude each other: a regression has no classes.");
  const table = predictions ?? evalDataPath;
  if (problems.length > 0 || table === undefined)
    throw new MlopsError({ kind: "usage", code: "OPTION_INVALID", message: problems.join("\n") });
  return { table, modelUri: modelPath };
}

/** As given, else of `mlflow_run_id.txt` beside the model, where `mlops train` leaves it. */
async function runIdOf(
  { options }: Input,
  { modelUri }: Source,
  context: Context,
): Promise<string | undefined> {
  if (options.runId !== undefined || modelUri === undefined || isRemote(modelUri)) return options.runId;
  const { runIdBeside } = await import("../scoring/model-location.ts");
  return await runIdBeside(modelUri, context.cwd);
}

function needsSession(
  options: Options & CommonOptions,
  { modelUri }: Source,
  runId: string | undefined,
): boolean {
  return !options.dryRun && (isRemote(modelUri) || runId !== undefined);
}

function isRemote(modelUri: string | undefined): boolean {
  return modelUri !== undefined && /^(runs|models):\//.test(modelUri);
}

function requestOf({ options }: Input, source: Source, context: Context): EvaluationRequest {
  const { label, score, prediction, rowId, task, threshold, positiveClass } = options;
  return {
    ...source,
    columns: { label, score, prediction, rowId, subgroups: options.subgroup },
    task: task === "binary" || task === "regression" ? task : undefined,
    threshold,
    positiveClass,
    python: options.python,
    isDryRun: options.dryRun,
    cwd: context.cwd,
    env: context.env,
    signal: context.signal,
    redact: (text) => context.redactor.redact(text),
    onOutput: (text) => context.report.debug(text.trimEnd()),
    onWarning: (text) => context.report.warn(text),
  };
}

function dryRunResult({ columns, uri }: EvaluatedTable, { options }: Input): CommandResult {
  return {
    exitCode: exitCodes.positive,
    json: { command: "evaluate", dryRun: true, table: uri, columns },
    text: `Dry run: ${uri} would be measured and ${options.outputPath} written; nothing was scored or changed.`,
  };
}

async function finish(parts: {
  readonly input: Input;
  readonly context: Context;
  readonly evaluated: EvaluatedTable;
  readonly session: TrackingSession | undefined;
  readonly startedAt: Date;
  readonly runId: string | undefined;
}): Promise<CommandResult> {
  const { context, evaluated, session, startedAt } = parts;
  const { options } = parts.input;
  const { default: path } = await import("node:path");
  const { writeJsonFile } = await import("../files.ts");
  const { programVersion } = await import("../version.ts");
  const { evaluationDocument } = await import("../evaluation/evaluation-document.ts");
  const { evaluationDotenv, evaluationText } = await import("../evaluation/evaluation-text.ts");
  const { measured } = evaluated;
  if (measured === undefined) throw new RangeError("nothing was measured");
  const json = evaluationDocument(evaluated, measured, {
    version: await programVersion(),
    startedAt,
    finishedAt: context.now(),
    runId: evaluated.model?.runId ?? parts.runId,
  });
  const file = path.resolve(context.cwd, options.outputPath);
  await writeJsonFile(file, json);
  if (session !== undefined && parts.runId !== undefined) {
    const { logEvaluation } = await import("../evaluation/log-evaluation.ts");
    const { notices, warnings } = await logEvaluation(session, {
      runId: parts.runId,
      modelRunId: evaluated.model?.runId ?? undefined,
      measured,
      resultFile: file,
      timestampMs: context.now().getTime(),
    });
    for (const notice of notices) context.report.info(notice);
    for (const warning of warnings) context.report.warn(warning);
  }
  return {
    exitCode: exitCodes.positive,
    json,
    text: evaluationText(measured, options.outputPath),
    dotenv: evaluationDotenv(measured, options.outputPath),
  };
}
