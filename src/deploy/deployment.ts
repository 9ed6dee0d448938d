import type { DeployedModel, ReleaseOrigin, ReleaseRecord, ServingRelease } from "../results/deploy.ts";
import { endpointUrl, ensureFront, type Front, runningFront, stopFront } from "./front.ts";
import { takeLock } from "./lock.ts";
import type { SmokeTest } from "./probe.ts";
import { isAlive } from "./processes.ts";
import type { EnvironmentFolder } from "./records.ts";
import { settle } from "./recover.ts";
import { lookAt, type Stage } from "./release.ts";
import { type RolloutOutcome, rollOut } from "./rollout.ts";

/** What the commands of an environment share. */
export interface Desk {
  readonly folder: EnvironmentFolder;
  readonly signal: AbortSignal;
  now(): Date;
  randomHex(byteCount: number): string;
  readonly log: (level: "info" | "warn", line: string) => void;
}

export interface DeploymentRequest {
  /** Public port; undefined: the one that the environment has, or a free one. */
  readonly port: number | undefined;
  readonly command: readonly string[];
  readonly workingDirectory: string;
  /** The environment of the serving process, secrets taken out. */
  readonly env: Readonly<Record<string, string>>;
  readonly healthPath: string;
  readonly healthTimeoutMs: number;
  readonly smoke: SmokeTest | undefined;
  readonly origin: ReleaseOrigin;
  /** Downloads the version's files to the folder and says what they are. */
  readonly fetchModel: (directory: string) => Promise<DeployedModel>;
}

export interface Deployment extends RolloutOutcome {
  readonly previous: ReleaseRecord | undefined;
}

/** Deploys one version to one environment. Nothing is left running that does not serve. */
export async function deployVersion(desk: Desk, request: DeploymentRequest): Promise<Deployment> {
  return await underLock(desk, async () => {
    const live = await settle(desk.folder, desk.now(), (line) => desk.log("warn", line));
    const front = await ensureFront(desk.folder, request.port);
    try {
      const outcome = await rollOutOn(desk, request, { front, live });
      if (outcome.serving === undefined) await stopFront(desk.folder);
      return { ...outcome, previous: live };
    } catch (error) {
      // A relay without a release would be left running by a command that failed.
      if (front.isNew && (await desk.folder.readPointer()) === undefined) await stopFront(desk.folder);
      throw error;
    }
  });
}

async function rollOutOn(
  desk: Desk,
  request: DeploymentRequest,
  now: { readonly front: Front; readonly live: ReleaseRecord | undefined },
): Promise<RolloutOutcome> {
  const records = await desk.folder.readRecords();
  const release = Math.max(0, ...records.map((record) => record.release)) + 1;
  let model: DeployedModel;
  try {
    // A number that a killed command had begun with has no record, but may have files.
    await desk.folder.removeModel(release);
    model = await request.fetchModel(desk.folder.modelDirectory(release));
    desk.signal.throwIfAborted();
  } catch (error) {
    await desk.folder.removeModel(release);
    throw error;
  }
  const stage: Stage = { ...stageOf(desk), front: now.front, env: request.env };
  return await rollOut(stage, { ...request, release, model, live: now.live });
}

function stageOf(desk: Desk): Omit<Stage, "front" | "env"> {
  return { folder: desk.folder, signal: desk.signal, now: () => desk.now(), log: desk.log };
}

export interface EnvironmentStatus {
  readonly record: ReleaseRecord | undefined;
  readonly serving: ServingRelease | undefined;
  /** What is wrong, in words; undefined where the environment serves. */
  readonly problem: string | undefined;
}

/** Which release is live, and whether it answers at the endpoint. Changes nothing. */
export async function statusOf(desk: Desk): Promise<EnvironmentStatus> {
  const pointer = await desk.folder.readPointer();
  const record = (await desk.folder.readRecords()).find((one) => one.release === pointer?.release);
  if (record === undefined) return { record, serving: undefined, problem: "nothing is deployed" };
  if (record.process === null || !(await isAlive(record.process))) {
    return { record, serving: undefined, problem: `the process of release ${record.release} is gone` };
  }
  const front = await runningFront(desk.folder);
  if (front === undefined) return { record, serving: undefined, problem: "the relay is gone" };
  const serving = await lookAt({ front, signal: desk.signal }, record);
  const problem = serving.healthy
    ? undefined
    : `${endpointUrl(front)}${record.healthPath} does not answer 2xx`;
  return { record, serving, problem };
}

/** Does `work` while no other command can change the environment. Throws `blocked` where one is at it. */
export async function underLock<T>(desk: Desk, work: () => Promise<T>): Promise<T> {
  await desk.folder.create();
  const release = await takeLock({
    file: desk.folder.lockFile,
    what: `environment ${JSON.stringify(desk.folder.environment)}`,
    now: desk.now().toISOString(),
    randomHex: (byteCount) => desk.randomHex(byteCount),
  });
  try {
    return await work();
  } finally {
    await release();
  }
}
