import { messageOf } from "../errors.ts";
import type { ReleaseRecord, ReleaseState, ServingRelease } from "../results/deploy.ts";
import { servingVariables } from "./child-environment.ts";
import { endpointUrl } from "./front.ts";
import { freePort, healthProblem, waitUntilHealthy } from "./probe.ts";
import { hurriedStopGraceMs, isAlive, startDetached, stopGroup } from "./processes.ts";
import type { EnvironmentFolder, FrontRecord } from "./records.ts";

/** What every step of a deployment needs. */
export interface Stage {
  readonly folder: EnvironmentFolder;
  readonly front: FrontRecord;
  /** What the serving processes get, without the variables of `servingVariables`. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  now(): Date;
  readonly log: (level: "info" | "warn", line: string) => void;
}

/** A release's process, in service or about to be. */
export interface RunningRelease {
  readonly record: ReleaseRecord;
  /** Resolves, in words, when the process ends. */
  readonly ended: Promise<string>;
}

/** How long a server may take to finish after SIGTERM. */
export const stopGraceMs = 5000;

/** Starts a release's serve command on a free port and writes its process into the record at once. */
export async function startRelease(stage: Stage, record: ReleaseRecord): Promise<RunningRelease> {
  const port = await freePort();
  const modelDirectory = stage.folder.modelDirectory(record.release);
  const { pid, start, ended } = await startDetached({
    command: record.command,
    cwd: record.workingDirectory,
    env: { ...stage.env, ...servingVariables(record.model, { modelDirectory, port }) },
    logFile: stage.folder.logFile(record.release),
  });
  const started: ReleaseRecord = { ...record, process: { pid, start, port } };
  try {
    await stage.folder.writeRecord(started);
  } catch (error) {
    // Without its record nobody would ever find the process again.
    await stopGroup({ pid, start }, hurriedStopGraceMs);
    throw error;
  }
  return { record: started, ended };
}

export interface Ending {
  readonly state: Exclude<ReleaseState, "pending" | "live">;
  readonly reason: string | null;
  readonly graceMs: number;
  /** Once it is aborted, the process gets less time than `graceMs`. */
  readonly hurry?: AbortSignal;
  readonly now: Date;
}

/** Stops a release's process, removes its model files and closes its record. */
export async function endRelease(
  folder: EnvironmentFolder,
  record: ReleaseRecord,
  ending: Ending,
): Promise<ReleaseRecord> {
  if (record.process !== null) await stopGroup(record.process, ending.graceMs, ending.hurry);
  const ended: ReleaseRecord = {
    ...record,
    state: ending.state,
    reason: ending.reason,
    endedAt: ending.now.toISOString(),
  };
  await folder.writeRecord(ended);
  await folder.removeModel(record.release);
  return ended;
}

/** Who answers at the endpoint now, found out by asking it. */
export async function lookAt(
  stage: Pick<Stage, "front" | "signal">,
  record: ReleaseRecord,
  wasRestarted = false,
): Promise<ServingRelease> {
  const problem = await healthProblem(
    { port: stage.front.port, path: record.healthPath, timeoutMs: 5000, signal: stage.signal },
    record.release,
  );
  return {
    release: record.release,
    modelName: record.model.name,
    version: record.model.version,
    endpointUrl: endpointUrl(stage.front),
    healthy: problem === undefined,
    restarted: wasRestarted,
  };
}

/**
 * Makes sure that the release which is to go on serving does so: asks it, and starts it again from its record where its
 * process is gone. Returns undefined where it cannot be brought back; `log` says why.
 */
export async function keepServing(stage: Stage, live: ReleaseRecord): Promise<ServingRelease | undefined> {
  if (live.process !== null && (await isAlive(live.process))) return await lookAt(stage, live);
  stage.log(
    "warn",
    `Release ${live.release} (version ${live.model.version}) is not running: starting it again.`,
  );
  let why: string;
  let record = live;
  try {
    const again = await startRelease(stage, live);
    record = again.record;
    const health = await waitUntilHealthy({
      port: record.process?.port ?? 0,
      path: record.healthPath,
      timeoutMs: record.healthTimeoutMs,
      signal: stage.signal,
      ended: again.ended,
    });
    if (health.kind === "healthy") {
      await stage.folder.point(record);
      return await lookAt(stage, record, true);
    }
    why =
      health.kind === "ended" ? `it ended with ${health.how}` : `it never answered: ${health.lastProblem}`;
  } catch (error) {
    stage.signal.throwIfAborted();
    why = messageOf(error);
  }
  stage.log("warn", `Release ${live.release} could not be started again: ${why}`);
  await stage.folder.point(undefined);
  await endRelease(stage.folder, record, {
    state: "failed",
    reason: `died while in service and could not be started again: ${why}`,
    graceMs: stopGraceMs,
    now: stage.now(),
  });
  return undefined;
}
