import { setTimeout as delay } from "node:timers/promises";
import { MlopsError, messageOf } from "../errors.ts";
import type {
  DeployedModel,
  ReleaseOrigin,
  ReleaseRecord,
  RolloutFailure,
  ServingRelease,
  SmokeOutcome,
} from "../results/deploy.ts";
import { drain } from "./front.ts";
import { healthProblem, runSmokeTest, type SmokeTest, waitUntilHealthy } from "./probe.ts";
import { hurriedStopGraceMs } from "./processes.ts";
import {
  endRelease,
  keepServing,
  lookAt,
  type RunningRelease,
  type Stage,
  startRelease,
  stopGraceMs,
} from "./release.ts";

export interface RolloutPlan {
  readonly release: number;
  readonly model: DeployedModel;
  readonly command: readonly string[];
  readonly workingDirectory: string;
  readonly healthPath: string;
  readonly healthTimeoutMs: number;
  readonly smoke: SmokeTest | undefined;
  readonly origin: ReleaseOrigin;
  /** The release that serves now, if there is one. */
  readonly live: ReleaseRecord | undefined;
}

export interface RolloutOutcome {
  readonly record: ReleaseRecord;
  readonly failure: RolloutFailure | undefined;
  readonly serving: ServingRelease | undefined;
}

type Failed = Omit<RolloutFailure, "lastLogLines">;

/** How long requests that the old release has begun may take to end. */
const drainTimeoutMs = 10_000;

/**
 * Starts the new release beside the live one, proves it by health and smoke test, moves the traffic, then stops the old
 * one. Where the new one does not prove itself it is stopped and the old one goes on: an outcome with `failure`.
 * Throws what kept it from finding out (command not found, aborted); also then the new process is stopped first.
 */
export async function rollOut(stage: Stage, plan: RolloutPlan): Promise<RolloutOutcome> {
  const draft = draftRecord(stage, plan);
  await stage.folder.writeRecord(draft);
  let running: RunningRelease | undefined;
  try {
    running = await startRelease(stage, draft);
    const proof = await prove(stage, plan, running);
    const proven: ReleaseRecord = { ...running.record, smoke: proof.smoke };
    const failed = proof.failed ?? (await moveTraffic(stage, plan, proven));
    if (failed !== undefined) return await giveUp(stage, plan, { record: proven, failed });
    return await retire(stage, plan, proven);
  } catch (error) {
    await abandon(stage, plan, { record: running?.record ?? draft, error });
    throw error;
  }
}

function draftRecord(stage: Stage, plan: RolloutPlan): ReleaseRecord {
  return {
    schemaVersion: 1,
    release: plan.release,
    environment: stage.folder.environment,
    target: "process",
    model: plan.model,
    state: "pending",
    reason: null,
    command: [...plan.command],
    workingDirectory: plan.workingDirectory,
    healthPath: plan.healthPath,
    healthTimeoutMs: plan.healthTimeoutMs,
    process: null,
    smoke: null,
    createdAt: stage.now().toISOString(),
    liveAt: null,
    endedAt: null,
    origin: plan.origin,
  };
}

/** Health, then the smoke test, asked of the new process itself while the old one has the traffic. */
async function prove(
  stage: Stage,
  plan: RolloutPlan,
  running: RunningRelease,
): Promise<{ readonly failed: Failed | undefined; readonly smoke: SmokeOutcome | null }> {
  const port = portOf(running.record);
  stage.log("info", `release ${plan.release}: started on port ${port}, waiting for ${plan.healthPath}`);
  const health = await waitUntilHealthy({
    port,
    path: plan.healthPath,
    timeoutMs: plan.healthTimeoutMs,
    signal: stage.signal,
    ended: running.ended,
  });
  if (health.kind === "ended") {
    const message = `the serve command ended with ${health.how} after ${health.waitedMs / 1000} s, before ${plan.healthPath} answered`;
    return { failed: { stage: "start", message }, smoke: null };
  }
  if (health.kind === "timeout") {
    const message = `${plan.healthPath} did not answer 2xx within ${plan.healthTimeoutMs / 1000} s: ${health.lastProblem}`;
    return { failed: { stage: "health", message }, smoke: null };
  }
  stage.log("info", `release ${plan.release}: healthy after ${health.waitedMs / 1000} s`);
  if (plan.smoke === undefined) return { failed: undefined, smoke: null };
  const { outcome, problem } = await runSmokeTest(port, plan.smoke, stage.signal);
  const failed: Failed | undefined =
    problem === undefined ? undefined : { stage: "smoke", message: `POST ${plan.smoke.path}: ${problem}` };
  return { failed, smoke: outcome };
}

/** Points the endpoint to the new release and asks it there. Where that fails the pointer is already back. */
async function moveTraffic(
  stage: Stage,
  plan: RolloutPlan,
  record: ReleaseRecord,
): Promise<Failed | undefined> {
  stage.signal.throwIfAborted();
  await stage.folder.point(record);
  const question = { port: stage.front.port, path: plan.healthPath, timeoutMs: 5000, signal: stage.signal };
  const problem = await healthProblem(question, record.release);
  if (problem === undefined) return undefined;
  await stage.folder.point(plan.live);
  return { stage: "switch", message: `asked through the endpoint, ${plan.healthPath} failed: ${problem}` };
}

/** The new release is live: what is left is to let the old one finish and end. */
async function retire(stage: Stage, plan: RolloutPlan, proven: ReleaseRecord): Promise<RolloutOutcome> {
  const record: ReleaseRecord = { ...proven, state: "live", liveAt: stage.now().toISOString() };
  await stage.folder.writeRecord(record);
  const old = plan.live;
  if (old !== undefined) {
    if (!(await isDrained(stage, old))) {
      stage.log("warn", `Release ${old.release} still had requests under way and was stopped all the same.`);
    }
    await endRelease(stage.folder, old, {
      state: "superseded",
      reason: `replaced by release ${record.release}`,
      graceMs: stopGraceMs,
      hurry: stage.signal,
      now: stage.now(),
    });
  }
  stage.signal.throwIfAborted();
  return { record, failure: undefined, serving: await lookAt(stage, record) };
}

async function isDrained(stage: Stage, old: ReleaseRecord): Promise<boolean> {
  if (old.process === null) return true;
  const onWait = () => stage.log("info", `release ${old.release}: waiting for requests under way`);
  const limits = { timeoutMs: drainTimeoutMs, signal: stage.signal, onWait };
  try {
    return await drain(stage.front, old.process.port, limits);
  } catch (error) {
    stage.log("warn", `The relay could not say whether requests are under way: ${messageOf(error)}`);
    return true;
  }
}

async function giveUp(
  stage: Stage,
  plan: RolloutPlan,
  loss: { readonly record: ReleaseRecord; readonly failed: Failed },
): Promise<RolloutOutcome> {
  // What a dying server prints arrives a moment after its exit.
  await delay(loss.failed.stage === "start" ? 50 : 0);
  const lastLogLines = await stage.folder.lastLogLines(plan.release);
  const record = await endRelease(stage.folder, loss.record, {
    state: loss.failed.stage === "switch" ? "rolled-back" : "failed",
    reason: `${loss.failed.stage}: ${loss.failed.message}`,
    graceMs: stopGraceMs,
    now: stage.now(),
  });
  const serving = plan.live === undefined ? undefined : await keepServing(stage, plan.live);
  return { record, failure: { ...loss.failed, lastLogLines }, serving };
}

/** Something threw. A release that is live already stays; a pending one is stopped and the pointer set back. */
async function abandon(
  stage: Stage,
  plan: RolloutPlan,
  loss: { readonly record: ReleaseRecord; readonly error: unknown },
): Promise<void> {
  const stored = (await stage.folder.readRecords()).find((one) => one.release === plan.release);
  if (stored?.state !== "pending") return;
  await stage.folder.point(plan.live);
  const why = loss.error instanceof MlopsError ? loss.error.code : "an error";
  await endRelease(stage.folder, loss.record, {
    state: "failed",
    reason: `given up after ${why}: ${messageOf(loss.error)}`,
    graceMs: hurriedStopGraceMs,
    now: stage.now(),
  });
}

function portOf(record: ReleaseRecord): number {
  return record.process?.port ?? 0;
}
