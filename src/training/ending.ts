import { MlopsError } from "../errors.ts";
import type { ChildReport } from "../process/child.ts";
import type { RunStatus } from "../tracking/types.ts";

export interface EndingFacts {
  readonly report: ChildReport;
  readonly shown: string;
  /** Set where we were interrupted or terminated. */
  readonly abortReason: Error | undefined;
  /** Set where the time limit was reached. */
  readonly timedOutAfterMs: number | undefined;
  readonly missingOutputs: readonly string[];
  /** As the user wrote it. */
  readonly outputDirectory: string;
}

export interface Ending {
  readonly status: Extract<RunStatus, "FINISHED" | "FAILED" | "KILLED">;
  /** What to throw once the run is closed. */
  readonly error: Error | undefined;
}

/**
 * What really happened: KILLED where a signal ended the program, ours or another's; FAILED where it ended itself
 * with a code other than 0, never started, or left declared outputs out; FINISHED otherwise. An interruption of
 * ours is KILLED whatever the program made of the signal.
 */
export function judgeEnding(facts: EndingFacts): Ending {
  const { report, shown, abortReason, timedOutAfterMs, missingOutputs } = facts;
  if (abortReason !== undefined) return { status: "KILLED", error: abortReason };
  if (timedOutAfterMs !== undefined) {
    const what = `${shown} had not ended after ${timedOutAfterMs / 1000} s (--timeout) and was stopped`;
    return { status: "KILLED", error: failure("TRAINING_TIMEOUT", what, report) };
  }
  const { outcome } = report;
  if (outcome.kind === "not-started") {
    return { status: "FAILED", error: failure("TRAINING_NOT_STARTED", outcome.message, report) };
  }
  if (outcome.kind === "signalled") {
    const error = failure("TRAINING_KILLED", `${shown} was ended by ${outcome.signal}`, report);
    return { status: "KILLED", error };
  }
  if (outcome.code !== 0) {
    const error = failure("TRAINING_FAILED", `${shown} ended with exit code ${outcome.code}`, report);
    return { status: "FAILED", error };
  }
  if (missingOutputs.length === 0) return { status: "FINISHED", error: undefined };
  return {
    status: "FAILED",
    error: new MlopsError({
      kind: "child-failed",
      code: "OUTPUT_MISSING",
      message: `${shown} ended with exit code 0 but did not write ${missingOutputs.join(", ")} to ${facts.outputDirectory}.`,
      hint: "Check the path that the script writes to (MLOPS_OUTPUT_DIR names the folder), or the list of --output.",
    }),
  };
}

function failure(code: string, what: string, { outcome, lastStderrLines }: ChildReport): MlopsError {
  const lines = lastStderrLines.map((line) => `  ${line}`);
  const tail = lines.length === 0 ? [] : ["Its last lines on stderr:", ...lines];
  // 137 is how a shell and a container say SIGKILL.
  const wasKilled =
    (outcome.kind === "signalled" && outcome.signal === "SIGKILL") ||
    (outcome.kind === "exited" && outcome.code === 137);
  const hint = "SIGKILL without a reason in the log is mostly the memory limit of the job or machine.";
  return new MlopsError({
    kind: "child-failed",
    code,
    message: [`${what}.`, ...tail].join("\n"),
    ...(wasKilled && code !== "TRAINING_TIMEOUT" ? { hint } : {}),
  });
}
