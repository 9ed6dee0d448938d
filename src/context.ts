import { randomBytes } from "node:crypto";
import { type ErrorKind, MlopsError } from "./errors.ts";
import { Redactor } from "./redaction.ts";
import { Reporter, type TextOutput } from "./reporter.ts";

/** All that a command may know of the world around it; tests pass their own. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Results only: what a script reads. */
  readonly stdout: TextOutput;
  /** Bypasses redaction. Only for what the user asked to see, such as the token of `store serve`. */
  readonly plainStdout: TextOutput;
  /** Everything else, through `report`. */
  readonly stderr: TextOutput;
  readonly report: Reporter;
  readonly redactor: Redactor;
  /** Aborted by SIGINT or SIGTERM with an `MlopsError` of kind `interrupted` or `terminated` as its reason. */
  readonly signal: AbortSignal;
  now(): Date;
  /** `byteCount` random bytes as lower-case hex. */
  randomHex(byteCount: number): string;
}

const signalKinds: readonly [NodeJS.Signals, ErrorKind, string][] = [
  ["SIGINT", "interrupted", "Interrupted (SIGINT)."],
  ["SIGTERM", "terminated", "Terminated (SIGTERM)."],
  ["SIGHUP", "terminated", "The terminal went away (SIGHUP)."],
];

/** Within this time after the first signal the command is ending its children; another signal must not orphan them. */
const endingMs = 5000;
let abortedAtMs = 0;

/** A repeated signal meets the system's default and ends the process, but not while it is ending in good order. */
function endIfLate(name: NodeJS.Signals): void {
  if (performance.now() - abortedAtMs < endingMs) return;
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}

/** The context of the real process: the only code that touches `process.*`. */
export function processContext(): Context {
  const abort = new AbortController();
  for (const [name, kind, message] of signalKinds) {
    process.on(name, () => {
      if (abort.signal.aborted) return endIfLate(name);
      abortedAtMs = performance.now();
      abort.abort(new MlopsError({ kind, code: name, message }));
    });
  }
  const redactor = Redactor.fromEnvironment(process.env);
  const stderr = textOutput(process.stderr, redactor);
  return {
    env: process.env,
    cwd: process.cwd(),
    stdout: textOutput(process.stdout, redactor),
    plainStdout: textOutput(process.stdout, new Redactor()),
    stderr,
    report: new Reporter(stderr, { level: "normal", gitlabSections: process.env["GITLAB_CI"] === "true" }),
    redactor,
    signal: abort.signal,
    now: () => new Date(),
    randomHex: (byteCount) => randomBytes(byteCount).toString("hex"),
  };
}

function textOutput(stream: NodeJS.WriteStream, redactor: Redactor): TextOutput {
  let isClosed = false;
  let waiting: (() => void)[] = [];
  const release = () => {
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  stream.on("drain", release);
  stream.on("error", (error: NodeJS.ErrnoException) => {
    reportLost(stream, error);
    isClosed = true;
    release();
  });
  return {
    write(text) {
      if (!isClosed) stream.write(redactor.redact(text));
    },
    drained() {
      if (isClosed || !stream.writableNeedDrain) return undefined;
      return new Promise((resolve) => waiting.push(resolve));
    },
    isTerminal: stream.isTTY === true,
    useColor: wantsColor(process.env, stream.isTTY === true),
  };
}

const lost = new WeakSet<NodeJS.WriteStream>();

/** What was not written, to a full disk for example, nobody can read: then no verdict may look like a good one. */
function reportLost(stream: NodeJS.WriteStream, { code, message }: NodeJS.ErrnoException): void {
  // `mlops … | head` closes the pipe: there is nobody left to tell, and it is no error of ours.
  if (code === "EPIPE" || lost.has(stream)) return;
  lost.add(stream);
  process.once("exit", () => {
    process.exitCode = 2;
  });
  const name = stream === process.stderr ? "stderr" : "stdout";
  if (name === "stdout") process.stderr.write(`error: The output cannot be written to stdout: ${message}.\n`);
}

/** NO_COLOR and FORCE_COLOR as on no-color.org and force-color.org; GitLab's job log renders colour. */
function wantsColor(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (env["NO_COLOR"]) return false;
  if (env["FORCE_COLOR"]) return env["FORCE_COLOR"] !== "0";
  if (env["GITLAB_CI"] === "true") return true;
  return isTerminal && env["TERM"] !== "dumb";
}
