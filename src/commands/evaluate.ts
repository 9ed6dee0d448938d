import { type CommandResult, type CommonOptions, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../errors.ts";
import type { EvaluatedTable, EvaluationRequest } from "../evaluation/evaluated-table.ts";
import { type EvaluateInput, type EvaluateOptions, evaluateFlags } from "./evaluate/flags.ts";
import type { EvaluationSource } from "./evaluate/source.ts";
import { openSession } from "./session.ts";

export const evaluateCommand = defineCommand({
  name: "evaluate",
  summary: "measure a model, overall and by subgroup",
  description:
    "Measures a table of predictions, or scores a model on a table and measures that. Metrics are scikit-learn's, by " +
    "definition and name. With a run (--run-id, MLFLOW_RUN_ID) they are logged on it too.",
  examples: [
    "mlops evaluate --predictions predictions.csv --label death --score probability --subgroup sex --subgroup 'sex*region'",
    "mlops evaluate --predictions 'scored/*.parquet' --label species --probability p_cat --class cat --probability p_dog --class dog",
    "mlops evaluate --predictions s3://bucket/claims/ --task regression --label cost --prediction cost_hat --weight exposure",
    "mlops evaluate --predictions ranked.parquet --task ranking --label relevance --score score --query session",
    "mlops evaluate --predictions sales.parquet --label sold --quantile 0.5=p50 --quantile 0.9=p90 --interval 0.8=p10:p90",
    "mlops evaluate --predictions topics.parquet --task multilabel --label 'true_*' --score 'p_*' --threshold 0.4",
    "mlops evaluate --predictions forecasts.parquet --label sold --horizon week --series shop --history train.parquet --season 52",
    "mlops evaluate --predictions risks.csv --duration months --event died --score risk --tau 60 --survival-at 60=s60 --subgroup sex",
    "mlops evaluate --predictions predictions.csv --label death --score probability --metric roc_auc --metric log_loss",
    "mlops evaluate --model-path outputs/model.joblib --eval-data-path data/test.csv --label death",
    "mlops evaluate --model-path cox.joblib --eval-data-path patients.parquet --duration months --event died",
    "mlops evaluate --predictions predictions.parquet --report evaluation.html --charts charts --metrics-file metrics.txt",
    "mlops evaluate --model-path models:/mortality@champion --eval-data-path data/test.parquet --label death",
  ],
  flags: evaluateFlags,
  run,
});

async function run(input: EvaluateInput, context: Context): Promise<CommandResult> {
  const startedAt = context.now();
  const { options } = input;
  const { sourceOf } = await import("./evaluate/source.ts");
  const source = sourceOf(options);
  if (options.metric.length > 0) {
    const { refuseUnknownMetrics } = await import("../evaluation/chosen-metrics.ts");
    const hasCustom = options.customMetrics.length > 0 || options.metricsProgram !== undefined;
    refuseUnknownMetrics(options.metric, hasCustom);
  }
  if (!options.dryRun) {
    const { removeOldResult } = await import("../fresh-output.ts");
    const { scoresFileOf } = await import("./evaluate/request.ts");
    const scoresFile = scoresFileOf(options, context.cwd);
    const inputs = [...source.paths, source.modelUri, ...options.customMetrics, ...options.history];
    await removeOldResult({ flag: "--output-path", file: options.outputPath }, inputs, context.cwd);
    if (scoresFile !== undefined)
      await removeOldResult(
        { flag: "--scores-path", file: scoresFile, others: [options.outputPath] },
        inputs,
        context.cwd,
      );
    const { removeOldReports } = await import("./evaluate/report-files.ts");
    await removeOldReports(options, { inputs, outputs: [options.outputPath, scoresFile] }, context.cwd);
  }
  const [{ beginOpening }, { engineLimits }, { beginHelper }] = await Promise.all([
    import("./database.ts"),
    import("./evaluate/request.ts"),
    import("../evaluation/helper-thread.ts"),
  ]);
  const limits = await engineLimits(options);
  const database = beginOpening(limits, context);
  const helper = await beginHelper({ ...source, cwd: context.cwd, threads: limits.threads });
  try {
    const begun = { startedAt, source, limits, openDatabase: database.take, helper };
    return await evaluate(input, begun, context);
  } finally {
    await helper?.close();
    await database.discard();
  }
}

async function evaluate(
  { options }: EvaluateInput,
  begun: Pick<EvaluationRequest, "limits" | "openDatabase" | "helper"> & {
    readonly startedAt: Date;
    readonly source: EvaluationSource;
  },
  context: Context,
): Promise<CommandResult> {
  const { startedAt, source } = begun;
  const runId = await runIdOf(options, source, context);
  const session = needsSession(options, source, runId) ? await openSession(options, context) : undefined;
  const { showProgress } = await import("./progress.ts");
  const progress = showProgress(context);
  const { remoteFetch } = await import("./remote-data.ts");
  const remote = remoteFetch(context, progress);
  try {
    const { requestOf } = await import("./evaluate/request.ts");
    const world = { context, progress, fetchRemote: remote.fetch, ...begun };
    const request = await requestOf(options, source, world);
    const { evaluateTable } = await import("../evaluation/evaluate-table.ts");
    const evaluated = await evaluateTable(request, session?.client);
    progress.stop();
    context.report.info(`columns of ${evaluated.uri}: ${evaluated.columnNote}`);
    if (evaluated.wayNote !== undefined) context.report.info(evaluated.wayNote);
    for (const note of evaluated.notes) context.report.warn(note);
    if (evaluated.measured === undefined) return dryRunResult(evaluated, options);
    const { finish } = await import("./evaluate/finish.ts");
    return await finish({ options, context, evaluated, session, startedAt, runId });
  } finally {
    progress.stop();
    await remote.close();
    await session?.close();
  }
}

/** As given, else of `mlflow_run_id.txt` beside the model, where `mlops train` leaves it. */
async function runIdOf(
  options: EvaluateOptions,
  { modelUri }: EvaluationSource,
  context: Context,
): Promise<string | undefined> {
  if (options.runId !== undefined || modelUri === undefined || isRemote(modelUri)) return options.runId;
  const { runIdBeside } = await import("../scoring/model-location.ts");
  return await runIdBeside(modelUri, context.cwd);
}

function needsSession(
  options: EvaluateOptions & CommonOptions,
  { modelUri }: EvaluationSource,
  runId: string | undefined,
): boolean {
  return !options.dryRun && (isRemote(modelUri) || runId !== undefined);
}

function isRemote(modelUri: string | undefined): boolean {
  return modelUri !== undefined && /^(runs|models):\//.test(modelUri);
}

function dryRunResult({ columns, uri }: EvaluatedTable, { outputPath }: EvaluateOptions): CommandResult {
  return {
    exitCode: exitCodes.positive,
    json: { command: "evaluate", dryRun: true, table: uri, columns },
    text: `Dry run: ${uri} would be measured and ${outputPath} written; nothing was scored or changed.`,
  };
}
