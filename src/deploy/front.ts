import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { MlopsError, messageOf } from "../errors.ts";
import { ask } from "./probe.ts";
import { identityOfPid, isAlive, stopGroup } from "./processes.ts";
import type { EnvironmentFolder, FrontRecord } from "./records.ts";
import { keepRunning, relayPath } from "./relay.ts";

/** How long a relay may take to listen: the start of a Node process, on a busy machine. */
const startLimitMs = 20_000;

export interface Front extends FrontRecord {
  /** It was started by this call, not found running. */
  readonly isNew: boolean;
}

/** The address that stays the same from release to release. */
export function endpointUrl(front: FrontRecord): string {
  return `http://127.0.0.1:${front.port}`;
}

/** The relay of the environment, if it runs. */
export async function runningFront(folder: EnvironmentFolder): Promise<FrontRecord | undefined> {
  const front = await folder.readFront();
  return front !== undefined && (await isAlive(front)) ? front : undefined;
}

/**
 * Finds the environment's relay or starts it. A relay that died comes back on the port that it had.
 * Throws `usage` where the port is taken, or where `wantedPort` is not the one that the environment is served on.
 */
export async function ensureFront(folder: EnvironmentFolder, wantedPort: number | undefined): Promise<Front> {
  const running = await runningFront(folder);
  if (running !== undefined) {
    if (wantedPort === undefined || wantedPort === running.port) return { ...running, isNew: false };
    throw new MlopsError({
      kind: "usage",
      code: "ENDPOINT_PORT_FIXED",
      message: `Environment ${JSON.stringify(folder.environment)} is served on port ${running.port}, --port asks for ${wantedPort}.`,
      hint: `Leave --port out, or give the old address up first: mlops deploy --stop --environment ${folder.environment}`,
    });
  }
  const port = wantedPort ?? (await folder.readFront())?.port ?? 0;
  return { ...(await startFront(folder, port)), isNew: true };
}

/** Ends the relay. Returns false where it did not run; throws `unavailable` where it does not end. */
export async function stopFront(folder: EnvironmentFolder, hurry?: AbortSignal): Promise<boolean> {
  const front = await folder.readFront();
  const stopped = front !== undefined && (await stopGroup(front, 2000, hurry));
  await folder.writeFront(undefined);
  return stopped;
}

/** Waits until no request to `port` is under way. False where some still are after `timeoutMs`. */
export async function drain(
  front: FrontRecord,
  port: number,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal; readonly onWait: () => void },
): Promise<boolean> {
  const deadline = performance.now() + limits.timeoutMs;
  for (let looks = 0; ; looks++) {
    const { body } = await ask({ port: front.port, path: relayPath, timeoutMs: 2000, signal: limits.signal });
    if (!(String(port) in inFlightOf(body))) return true;
    if (looks === 0) limits.onWait();
    if (performance.now() > deadline) return false;
    await delay(50);
    limits.signal.throwIfAborted();
  }
}

function inFlightOf(body: string): object {
  const parsed: unknown = JSON.parse(body);
  const found = typeof parsed === "object" && parsed !== null && "inFlight" in parsed ? parsed.inFlight : {};
  return typeof found === "object" && found !== null ? found : {};
}

async function startFront(folder: EnvironmentFolder, port: number): Promise<FrontRecord> {
  // The sources run as they are under Node 24, in tests; the package has the compiled file.
  const file = import.meta.url.endsWith(".ts") ? "./relay-main.ts" : "./relay-main.js";
  const log = await open(folder.frontLogFile, "a");
  try {
    // `fork` starts the Node that runs this program, whatever PATH says. The relay needs nothing of the environment.
    const child = fork(fileURLToPath(new URL(file, import.meta.url)), [folder.pointerFile, String(port)], {
      cwd: folder.directory,
      env: {},
      execArgv: [],
      detached: true,
      stdio: ["ignore", log.fd, log.fd, "ipc"],
    });
    const answer = await answerOf(child);
    const bound = typeof answer === "object" && answer !== null && "port" in answer ? answer.port : undefined;
    if (typeof bound !== "number" || child.pid === undefined) {
      // It ends by itself; the command must not be gone before it.
      if (child.exitCode === null && child.kill("SIGKILL")) await once(child, "exit");
      throw frontError(folder, port, answer);
    }
    const started = { ...(await identityOfPid(child.pid)), port: bound };
    await folder.writeFront(started);
    await letGo(child).catch((error: unknown) => {
      throw frontError(folder, port, { error: messageOf(error) });
    });
    return started;
  } finally {
    await log.close();
  }
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const answer = Promise.withResolvers<unknown>();
  const noAnswer = { error: `no answer within ${startLimitMs / 1000} s` };
  const timer = setTimeout(() => answer.resolve(noAnswer), startLimitMs);
  child.once("message", answer.resolve);
  child.once("error", answer.reject);
  child.once("exit", (code) => answer.resolve({ error: `exit code ${code}` }));
  try {
    return await answer.promise;
  } finally {
    clearTimeout(timer);
  }
}

/** From here on the relay outlives us. Had we been killed before its record was written, nobody would ever find it: then it ends too. */
async function letGo(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.send(keepRunning, (error) => (error === null ? resolve() : reject(error)));
  });
  child.disconnect();
  child.unref();
}

function frontError(folder: EnvironmentFolder, port: number, answer: unknown): MlopsError {
  const error =
    typeof answer === "object" && answer !== null && "error" in answer ? String(answer.error) : "no answer";
  const isTaken = error === "EADDRINUSE";
  return new MlopsError({
    kind: "usage",
    code: isTaken ? "ENDPOINT_PORT_TAKEN" : "ENDPOINT_NOT_STARTED",
    message: isTaken
      ? `Port ${port} of 127.0.0.1 is taken by another program; environment ${JSON.stringify(folder.environment)} cannot be served there.`
      : `The relay of environment ${JSON.stringify(folder.environment)} did not start on port ${port}: ${error}.`,
    hint: isTaken ? "Choose another --port." : `See ${folder.frontLogFile}.`,
  });
}
