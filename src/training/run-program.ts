import { type ChildReport, runChild } from "../process/child.ts";
import { redactedStream } from "../process/redacted-stream.ts";
import type { Redactor } from "../redaction.ts";
import type { Program } from "./program.ts";

export interface ProgramRun {
  readonly program: Program;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number | undefined;
  readonly redactor: Redactor;
  readonly writeStdout: (text: string) => void;
  readonly writeStderr: (text: string) => void;
  /** Resolves when a reader that is behind has taken what was written. */
  readonly outputDrained: () => Promise<void> | undefined;
}

export interface ProgramEnd {
  readonly report: ChildReport;
  readonly timedOutAfterMs: number | undefined;
}

/** What the program gets to end by itself after a signal; closing the run must still fit into 5 s. */
const graceMs = 3000;

/** Runs the program to its end, or to the time limit, and passes its output on with secrets redacted. */
export async function runProgram(request: ProgramRun): Promise<ProgramEnd> {
  const { program, signal, timeoutMs, redactor } = request;
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const stdout = redactedStream({ redactor, write: request.writeStdout });
  const stderr = redactedStream({ redactor, write: request.writeStderr });
  const report = await runChild({
    command: program.command,
    args: program.args,
    cwd: request.cwd,
    env: request.env,
    signal: timeout === undefined ? signal : AbortSignal.any([signal, timeout]),
    graceMs,
    onStdout: (text) => {
      stdout.push(text);
      return request.outputDrained();
    },
    onStderr: (text) => {
      stderr.push(text);
      return request.outputDrained();
    },
  });
  stdout.end();
  stderr.end();
  return {
    report: { ...report, lastStderrLines: report.lastStderrLines.map((line) => redactor.redact(line)) },
    // The limit counts only where it came before an interruption and stopped a program that still ran.
    timedOutAfterMs: timeout?.aborted === true && !signal.aborted ? timeoutMs : undefined,
  };
}
