import path from "node:path";
import { messageOf } from "../errors.ts";
import type { ChildReport } from "../process/child.ts";
import type { Redactor } from "../redaction.ts";
import type { KeyValue, Run, TrackingSession } from "../tracking/types.ts";
import { type Ending, judgeEnding } from "./ending.ts";
import { trainingEnvironment } from "./environment.ts";
import { changedOutputs, checkDeclared, listOutputs, type OutputFile } from "./outputs.ts";
import type { Program } from "./program.ts";
import { runProgram } from "./run-program.ts";
import { contextTags, runTags } from "./tags.ts";
import { uploadOutputs } from "./upload.ts";

export interface TrainingRequest {
  readonly session: TrackingSession;
  readonly program: Program;
  readonly experimentName: string;
  readonly runName: string | undefined;
  readonly framework: string;
  readonly params: readonly KeyValue[];
  /** As the user wrote it, for messages; relative to `cwd`. It exists. */
  readonly outputDirectory: string;
  readonly declaredOutputs: readonly string[];
  /** Absolute paths below the output directory that are no outputs: our own files, the store. */
  readonly skippedPaths: readonly string[];
  /** Absolute path or URI. */
  readonly dataPath: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly isUploading: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
  now(): Date;
  randomHex(byteCount: number): string;
  readonly redactor: Redactor;
  readonly writeStdout: (text: string) => void;
  readonly writeStderr: (text: string) => void;
  readonly outputDrained: () => Promise<void> | undefined;
  readonly warn: (line: string) => void;
  /** Called as soon as the run exists, before the program starts. */
  readonly onRunCreated: (run: Run) => Promise<void>;
}

export interface TrainingOutcome {
  /** As read back after its end. */
  readonly run: Run;
  readonly report: ChildReport;
  /** New or changed files, uploaded or not. */
  readonly outputs: readonly OutputFile[];
  readonly hasUploaded: boolean;
  /** Why the training counts as failed. */
  readonly error: Error | undefined;
}

/**
 * Runs a training program inside a run of its own. Whatever happens after the run was created, the run is closed:
 * FINISHED, FAILED or KILLED. A failed training is an outcome with `error`; what failed around it is thrown.
 */
export async function train(request: TrainingRequest): Promise<TrainingOutcome> {
  const { client } = request.session;
  const tags = await runTags({
    env: request.env,
    cwd: request.cwd,
    source: request.program.source,
    command: request.redactor.redact(request.program.shown),
  });
  const run = await client.createRun({
    experimentId: await client.ensureExperiment(request.experimentName),
    ...(request.runName === undefined ? {} : { name: request.runName }),
    startTimeMs: request.now().getTime(),
    tags,
    // Random beside the job's id: a job may train twice with the same command, and means two runs.
    idempotencyKey: `${request.env["CI_JOB_ID"] || "local"}-train-${request.randomHex(8)}`,
  });
  try {
    await request.onRunCreated(run);
    return await trainInside(request, run, tags);
  } catch (error) {
    // Something around the training failed: its error is what the reader must see.
    await finishOrWarn(request, run, request.signal.aborted ? "KILLED" : "FAILED");
    throw request.signal.aborted ? reasonOf(request.signal) : error;
  }
}

async function trainInside(
  request: TrainingRequest,
  run: Run,
  tags: Readonly<Record<string, string>>,
): Promise<TrainingOutcome> {
  const { client } = request.session;
  const directory = path.resolve(request.cwd, request.outputDirectory);
  if (request.params.length > 0) await client.logBatch(run.runId, { params: request.params });
  const before = await listOutputs(directory, request.skippedPaths);
  const { report, timedOutAfterMs } = await runProgram({
    ...request,
    env: trainingEnvironment({
      env: request.env,
      session: request.session,
      run: { runId: run.runId, experimentId: run.experimentId, experimentName: request.experimentName },
      contextTags: contextTags(tags),
      outputDirectory: directory,
      dataPath: request.dataPath,
    }),
  });
  const after = await listOutputs(directory, request.skippedPaths);
  const declared = checkDeclared(request.declaredOutputs, { directory, before, after });
  const outputs = changedOutputs(before, after);
  const ending = judgeEnding({
    report,
    shown: request.redactor.redact(request.program.shown),
    abortReason: request.signal.aborted ? reasonOf(request.signal) : undefined,
    timedOutAfterMs,
    missingOutputs: declared.missing,
    outputDirectory: request.outputDirectory,
  });
  for (const name of declared.stale)
    request.warn(`the output ${name} is there, but this training did not write it: it is older.`);
  // After an interruption there is time to close the run, and for nothing else.
  const hasUploaded = request.isUploading && !request.signal.aborted;
  if (!request.signal.aborted) await client.logBatch(run.runId, { tags: endTags(report) });
  if (hasUploaded) await uploadOutputs(request.session, run, outputs);
  const endTimeMs = request.now().getTime();
  if (ending.error === undefined) {
    const finished = await client.finishRun(run.runId, ending.status, endTimeMs);
    warnOfEmptyAutolog(request, finished);
    return { run: finished, report, outputs, hasUploaded, error: undefined };
  }
  const finished = await finishOrWarn(request, run, ending.status);
  return { run: finished, report, outputs, hasUploaded, error: ending.error };
}

function endTags({ outcome, durationMs }: ChildReport): readonly KeyValue[] {
  const duration = { key: "mlops.duration_s", value: (durationMs / 1000).toFixed(3) };
  switch (outcome.kind) {
    case "exited":
      return [duration, { key: "mlops.exit_code", value: String(outcome.code) }];
    case "signalled":
      return [duration, { key: "mlops.exit_signal", value: outcome.signal }];
    case "not-started":
      return [];
  }
}

/** Only warns: the reader must see why the training ended, not that it could not be written down. */
async function finishOrWarn(request: TrainingRequest, run: Run, status: Ending["status"]): Promise<Run> {
  try {
    return await request.session.client.finishRun(run.runId, status, request.now().getTime());
  } catch (error) {
    request.warn(`run ${run.runId} could not be set to ${status}: ${messageOf(error)}`);
    return run;
  }
}

/** MLflow says why autologging does nothing on stderr, if at all, and the program ends with 0. */
function warnOfEmptyAutolog(request: TrainingRequest, run: Run): void {
  const { framework, program } = request;
  if (framework === "none") return;
  if (!program.isBootstrapped) {
    request.warn(
      `autologging (--framework ${framework}) needs a Python script; ${program.source} is not one.`,
    );
    return;
  }
  const own = new Set(request.params.map((param) => param.key));
  const logged = [...run.params.keys()].filter((key) => !own.has(key)).length + run.metrics.size;
  if (logged > 0 || run.outputModelIds.length > 0) return;
  request.warn(
    `autologging (--framework ${framework}) logged nothing to run ${run.runId}: no metric, parameter or model. ` +
      "Look above for a line of MLflow; scikit-learn autologging needs pandas beside mlflow-skinny.",
  );
}

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new Error(String(reason));
}
