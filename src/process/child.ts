import { type ChildProcess, spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { MlopsError, messageOf, systemCodeOf } from "../errors.ts";
import { feedChild } from "./child-input.ts";
import { LineTail } from "./line-tail.ts";
import { endEscaped, endGroup, findEscaped, signalGroup, signalProcesses } from "./process-group.ts";
import type { ProcessFacts } from "./process-table.ts";

export interface ChildRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment of the child. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted: the signal that we got (SIGINT or SIGTERM) goes to the child's process group, SIGKILL after `graceMs`. */
  readonly signal: AbortSignal;
  /** Default 4000: with clean-up we stay below the 5 s that design.md allows. */
  readonly graceMs?: number;
  /** Decoded text as it comes; lines are not completed. */
  readonly onStdout: TextTaker;
  readonly onStderr: TextTaker;
  /** True: the child reads our own stdin. Default: it reads nothing. */
  readonly inheritsStdin?: boolean;
  /**
   * Written to the child's file descriptor 3, each piece when the one before is gone, so that a producer may use its memory again.
   * A child that reads no further ends the iteration early. The producer must report its own failures: here they only end the pipe.
   */
  readonly input?: AsyncIterable<Uint8Array>;
}

/** A promise holds the child up: nothing more of that stream is read until it resolves. It must not reject. */
type TextTaker = (text: string) => Promise<void> | undefined | void;

export type ChildOutcome =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "signalled"; readonly signal: NodeJS.Signals }
  | { readonly kind: "not-started"; readonly systemCode: string; readonly message: string };

export interface ChildReport {
  readonly outcome: ChildOutcome;
  readonly durationMs: number;
  /** The last lines of stderr, for error messages. Not redacted. */
  readonly lastStderrLines: readonly string[];
}

const defaultGraceMs = 4000;
/** What is left of the group once the child itself has ended gets this long, then a signal, then as long again. */
const leftoverGraceMs = 750;
/** A process that left the group may hold our pipes open for ever: we stop reading then. */
const drainMs = 500;
const keptStderrLines = 20;

/**
 * Runs a program in its own process group to its end and ends what it left behind in that group. On abort, processes that left the group are ended as well (Linux only).
 * Never throws for what the program did; a `signal` that is aborted already starts nothing.
 *
 * Over node:child_process and not execa: execa's cancellation and its forced kill reach the child alone, and its
 * promise waits for every holder of the pipes, where we need the group and a bound.
 */
export async function runChild(request: ChildRequest): Promise<ChildReport> {
  const startedMs = performance.now();
  const tail = new LineTail(keptStderrLines);
  const outcome = request.signal.aborted
    ? ({ kind: "signalled", signal: signalOf(request.signal) } as const)
    : await runToEnd(request, tail);
  return { outcome, durationMs: Math.round(performance.now() - startedMs), lastStderrLines: tail.lines() };
}

async function runToEnd(request: ChildRequest, tail: LineTail): Promise<ChildOutcome> {
  const started = await startProcess(request, tail);
  if ("kind" in started) return started;
  const { pid, ended } = started;
  const interruption = forwardAbort(request, pid);
  const feeding = feedChild(started.child, request.input);
  try {
    const outcome = await ended;
    await feeding.stop();
    const escaped = await interruption.escaped();
    const firstSignal = request.signal.aborted ? "SIGKILL" : "SIGTERM";
    await Promise.all([
      endGroup(pid, { graceMs: leftoverGraceMs, firstSignal }),
      endEscaped(escaped, leftoverGraceMs),
    ]);
    await finishStreams(started, request.signal);
    return outcome;
  } finally {
    interruption.stop();
  }
}

/** On abort: the signal to the group and to what left it, SIGKILL to the group after the grace. */
function forwardAbort(
  request: ChildRequest,
  pid: number,
): { readonly escaped: () => Promise<readonly ProcessFacts[]>; readonly stop: () => void } {
  let killTimer: NodeJS.Timeout | undefined;
  let searches: readonly Promise<readonly ProcessFacts[]>[] = [];
  const forward = async () => {
    killTimer = setTimeout(() => void kill(), request.graceMs ?? defaultGraceMs);
    // Looked for before anybody is told to end: without their parents they cannot be found.
    const search = findEscaped(pid);
    searches = [...searches, search];
    const signal = signalOf(request.signal);
    signalProcesses(await search, signal);
    signalGroup(pid, signal);
  };
  const kill = async () => {
    const search = findEscaped(pid);
    searches = [...searches, search];
    await search;
    signalGroup(pid, "SIGKILL");
  };
  const onAbort = () => void forward();
  if (request.signal.aborted) onAbort();
  else request.signal.addEventListener("abort", onAbort, { once: true });
  return {
    escaped: async () => (await Promise.all(searches)).flat(),
    stop() {
      clearTimeout(killTimer);
      request.signal.removeEventListener("abort", onAbort);
    },
  };
}

interface StartedProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<ChildOutcome>;
  readonly drained: Promise<void>;
  readonly holds: Holds;
}

/** `open`: how many times `onStdout` and `onStderr` hold the child up at this moment; `changes`: begins and ends. */
interface Holds {
  changes: number;
  open: number;
}

async function startProcess(request: ChildRequest, tail: LineTail): Promise<StartedProcess | ChildOutcome> {
  let child: ChildProcess;
  try {
    child = spawn(request.command, [...request.args], {
      cwd: request.cwd,
      env: { ...request.env },
      // Its own process group. Also its own session: a background group that touches the terminal would be stopped.
      detached: true,
      stdio: [
        request.inheritsStdin === true ? "inherit" : "ignore",
        "pipe",
        "pipe",
        ...(request.input === undefined ? [] : (["pipe"] as const)),
      ],
    });
  } catch (error) {
    // Node throws for some system codes (E2BIG, invalid arguments) and emits an event for the others.
    return await notStarted(request, error);
  }
  const failed = new Promise<unknown>((resolve) => child.on("error", resolve));
  if (child.pid === undefined) return await notStarted(request, await failed);
  const { pid } = child;
  const holds: Holds = { changes: 0, open: 0 };
  passOn(child.stdout, request.onStdout, holds);
  passOn(
    child.stderr,
    (text) => {
      tail.push(text);
      return request.onStderr(text);
    },
    holds,
  );
  const ended = new Promise<ChildOutcome>((resolve) =>
    child.once("exit", (code, signal) => resolve(outcomeOf(code, signal))),
  );
  const drained = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return { child, pid, ended, drained, holds };
}

/** Decodes UTF-8 across chunks: a character that is split arrives whole. */
function passOn(stream: Readable | null, take: TextTaker, holds: Holds): void {
  stream?.setEncoding("utf8").on("data", (chunk) => {
    const taken = take(String(chunk));
    if (taken === undefined) return;
    stream.pause();
    holds.changes += 1;
    holds.open += 1;
    void taken.then(() => {
      holds.changes += 1;
      holds.open -= 1;
      stream.resume();
    });
  });
}

function outcomeOf(code: number | null, signal: NodeJS.Signals | null): ChildOutcome {
  if (signal !== null) return { kind: "signalled", signal };
  return { kind: "exited", code: code ?? 0 };
}

async function notStarted(request: ChildRequest, error: unknown): Promise<ChildOutcome> {
  const systemCode = systemCodeOf(error) ?? "UNKNOWN";
  // The system says ENOENT for a missing folder and for a missing program alike.
  if (systemCode === "ENOENT" && !(await isFolder(request.cwd))) {
    return { kind: "not-started", systemCode, message: `the working folder ${request.cwd} does not exist` };
  }
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: request.command.includes("/") ? "there is no such file" : "there is no such program in PATH",
    EACCES: "it is not executable, or a folder, or not ours to run",
    E2BIG: "its arguments and environment are larger than the system allows",
  };
  const message = `${request.command}: ${reasons[systemCode] ?? messageOf(error)}`;
  return { kind: "not-started", systemCode, message };
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch {
    // Whatever stands in the way, no program can be started in it.
    return false;
  }
}

/** A reader of ours that is slow gets all of it, unless we were interrupted. */
async function finishStreams({ child, drained, holds }: StartedProcess, signal: AbortSignal): Promise<void> {
  const waiting = new AbortController();
  // The timer must not outlive the wait: it would keep the whole program up for half a second.
  const closed = drained.then(() => waiting.abort());
  for (let seen = holds.changes; !waiting.signal.aborted; ) {
    // The timer's only failure is that it was called off because all is read.
    await Promise.race([
      closed,
      delay(drainMs, undefined, { signal: waiting.signal }).catch(() => undefined),
    ]);
    const isHeldUp = holds.open > 0 || holds.changes !== seen;
    seen = holds.changes;
    if (waiting.signal.aborted || (isHeldUp && !signal.aborted)) continue;
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
}

/** The signal to pass on: the one that we got, SIGTERM for any other reason such as a time limit. */
function signalOf(signal: AbortSignal): NodeJS.Signals {
  const reason: unknown = signal.reason;
  return reason instanceof MlopsError && reason.code === "SIGINT" ? "SIGINT" : "SIGTERM";
}
