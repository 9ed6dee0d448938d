import path from "node:path";
import type { CommandResult } from "../../command.ts";
import type { Context } from "../../context.ts";
import { exitCodes } from "../../errors.ts";
import { withMetrics } from "../../evaluation/chosen-metrics.ts";
import type { EvaluatedTable } from "../../evaluation/evaluated-table.ts";
import { evaluationDocument } from "../../evaluation/evaluation-document.ts";
import { evaluationDotenv, evaluationText } from "../../evaluation/evaluation-text.ts";
import { writeJsonFile } from "../../files.ts";
import type { TrackingSession } from "../../tracking/types.ts";
import { programVersion } from "../../version.ts";
import type { EvaluateOptions } from "./flags.ts";
import { reportNote, writeReports } from "./report-files.ts";

/** Writes the result, logs it on the run if there is one, and says it. */
export async function finish(parts: {
  readonly options: EvaluateOptions;
  readonly context: Context;
  readonly evaluated: EvaluatedTable;
  readonly session: TrackingSession | undefined;
  readonly startedAt: Date;
  readonly runId: string | undefined;
}): Promise<CommandResult> {
  const { context, evaluated, session, startedAt, options } = parts;
  const { measured } = evaluated;
  if (measured === undefined) throw new RangeError("nothing was measured");
  const shown = withMetrics(measured, options.metric);
  const shownNames = options.metric.length === 0 ? undefined : Object.keys(shown.overall.metrics);
  const file = path.resolve(context.cwd, options.outputPath);
  const json = evaluationDocument(evaluated, measured, {
    version: await programVersion(),
    startedAt,
    finishedAt: context.now(),
    runId: evaluated.model?.runId ?? parts.runId,
    directory: path.dirname(file),
  });
  await writeJsonFile(file, json);
  const reports = await writeReports(json, { ...options, shown: shownNames }, context.cwd);
  if (session !== undefined && parts.runId !== undefined) {
    const { logEvaluation } = await import("../../evaluation/log-evaluation.ts");
    const { notices, warnings } = await logEvaluation(session, {
      runId: parts.runId,
      modelRunId: evaluated.model?.runId ?? undefined,
      measured: shown,
      isChosen: shownNames !== undefined,
      resultFile: file,
      scoresFile: evaluated.scores?.file?.file,
      reports,
      timestampMs: context.now().getTime(),
    });
    for (const notice of notices) context.report.info(notice);
    for (const warning of warnings) context.report.warn(warning);
  }
  return {
    exitCode: exitCodes.positive,
    json,
    text: [evaluationText(shown, options.outputPath), ...reportNote(options, reports)].join("\n"),
    dotenv: evaluationDotenv(shown, options.outputPath),
  };
}
