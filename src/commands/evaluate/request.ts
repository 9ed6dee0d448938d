import path from "node:path";
import type { Context } from "../../context.ts";
import type { RemoteFetch } from "../../data/sources/located.ts";
import type { EvaluationRequest } from "../../evaluation/evaluated-table.ts";
import type { ShownProgress } from "../progress.ts";
import type { EvaluateOptions } from "./flags.ts";
import { bytesOfJob } from "./limits.ts";
import type { EvaluationSource } from "./source.ts";

/** What the flags ask for. Throws `usage` for a memory limit that cannot be meant. */
export async function requestOf(
  options: EvaluateOptions,
  source: EvaluationSource,
  world: {
    readonly context: Context;
    readonly progress: ShownProgress;
    readonly fetchRemote: RemoteFetch;
    readonly limits: EvaluationRequest["limits"];
    readonly openDatabase: EvaluationRequest["openDatabase"];
    readonly helper: EvaluationRequest["helper"];
  },
): Promise<EvaluationRequest> {
  const { context, progress, fetchRemote, limits, openDatabase, helper } = world;
  const { threshold, positiveClass, maxGroups, python } = options;
  return {
    ...source,
    threshold,
    positiveClass,
    maxGroups,
    python,
    scoresFile: scoresFileOf(options, context.cwd),
    custom: {
      files: options.customMetrics,
      program: options.metricsProgram,
      timeoutMs: options.metricsTimeout,
    },
    isDryRun: options.dryRun,
    limits,
    openDatabase,
    helper,
    availableBytes: await bytesOfJob(options.memoryLimit),
    fetchRemote,
    watch: progress.watch,
    cwd: context.cwd,
    env: context.env,
    signal: context.signal,
    redact: (text) => context.redactor.redact(text),
    onOutput: (text) => context.report.debug(text.trimEnd()),
    onWarning: (text) => context.report.warn(text),
  };
}

/** As given, else beside the result where a model is scored: a table of predictions holds its scores itself. */
export function scoresFileOf(options: EvaluateOptions, cwd: string): string | undefined {
  const { scoresPath, outputPath, modelPath } = options;
  if (scoresPath !== undefined) return path.resolve(cwd, scoresPath);
  if (modelPath === undefined) return undefined;
  return path.resolve(cwd, path.dirname(outputPath), "scores.parquet");
}
