import type { CommandResult, CommonOptions } from "../../command.ts";
import type { Context } from "../../context.ts";
import { exitCodes } from "../../errors.ts";
import { evaluateTable } from "../../evaluation/evaluate-table.ts";
import type { EvaluatedTable } from "../../evaluation/evaluated-table.ts";
import { removeOldResult } from "../../fresh-output.ts";
import { showProgress } from "../progress.ts";
import { remoteFetch } from "../remote-data.ts";
import { openSession } from "../session.ts";
import type { BegunEvaluation } from "./begin.ts";
import type { EvaluateOptions } from "./flags.ts";
import { removeOldReports } from "./report-files.ts";
import { requestOf, scoresFileOf } from "./request.ts";
import type { EvaluationSource } from "./source.ts";

/** Measures, writes and logs. */
export async function runEvaluation(
  options: EvaluateOptions & CommonOptions,
  begun: BegunEvaluation & { readonly startedAt: Date },
  context: Context,
): Promise<CommandResult> {
  const { startedAt, source } = begun;
  await refuseUnknown(options);
  if (!options.dryRun) await removeOldFiles(options, source, context.cwd);
  const runId = await runIdOf(options, source, context);
  const session = needsSession(options, source, runId) ? await openSession(options, context) : undefined;
  const progress = showProgress(context);
  const remote = remoteFetch(context, progress);
  try {
    const world = { context, progress, fetchRemote: remote.fetch, ...begun };
    const request = await requestOf(options, source, world);
    const evaluated = await evaluateTable(request, session?.client);
    progress.stop();
    context.report.info(`columns of ${evaluated.uri}: ${evaluated.columnNote}`);
    if (evaluated.wayNote !== undefined) context.report.info(evaluated.wayNote);
    for (const note of evaluated.notes) context.report.warn(note);
    if (evaluated.measured === undefined) return dryRunResult(evaluated, options);
    const { finish } = await import("./finish.ts");
    return await finish({ options, context, evaluated, session, startedAt, runId });
  } finally {
    progress.stop();
    await remote.close();
    await session?.close();
  }
}

async function refuseUnknown({ metric, customMetrics, metricsProgram }: EvaluateOptions): Promise<void> {
  if (metric.length === 0) return;
  const { refuseUnknownMetrics } = await import("../../evaluation/chosen-metrics.ts");
  refuseUnknownMetrics(metric, customMetrics.length > 0 || metricsProgram !== undefined);
}

async function removeOldFiles(
  options: EvaluateOptions,
  source: EvaluationSource,
  cwd: string,
): Promise<void> {
  const scoresFile = scoresFileOf(options, cwd);
  const inputs = [...source.paths, source.modelUri, ...options.customMetrics, ...options.history];
  await removeOldResult({ flag: "--output-path", file: options.outputPath }, inputs, cwd);
  if (scoresFile !== undefined)
    await removeOldResult(
      { flag: "--scores-path", file: scoresFile, others: [options.outputPath] },
      inputs,
      cwd,
    );
  await removeOldReports(options, { inputs, outputs: [options.outputPath, scoresFile] }, cwd);
}

/** As given, else of `mlflow_run_id.txt` beside the model, where `mlops train` leaves it. */
async function runIdOf(
  options: EvaluateOptions,
  { modelUri }: EvaluationSource,
  context: Context,
): Promise<string | undefined> {
  if (options.runId !== undefined || modelUri === undefined || isRemote(modelUri)) return options.runId;
  const { runIdBeside } = await import("../../scoring/model-location.ts");
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
