import { describe, expect, it } from "vitest";
import { MlopsError } from "../../src/errors.ts";
import type { ChildOutcome } from "../../src/process/child.ts";
import { type EndingFacts, judgeEnding } from "../../src/training/ending.ts";

function facts(outcome: ChildOutcome, more: Partial<EndingFacts> = {}): EndingFacts {
  return {
    report: { outcome, durationMs: 1200, lastStderrLines: ["Traceback", "ValueError: no"] },
    shown: "python train.py",
    abortReason: undefined,
    timedOutAfterMs: undefined,
    missingOutputs: [],
    outputDirectory: "outputs",
    ...more,
  };
}

const terminated = new MlopsError({ kind: "terminated", code: "SIGTERM", message: "Terminated (SIGTERM)." });
const success: ChildOutcome = { kind: "exited", code: 0 };

describe("judgeEnding", () => {
  it("is FINISHED for exit code 0 with everything declared", () => {
    expect(judgeEnding(facts(success))).toEqual({ status: "FINISHED", error: undefined });
  });

  it("is FAILED for another exit code, with the last lines of stderr", () => {
    const { status, error } = judgeEnding(facts({ kind: "exited", code: 3 }));
    expect(status).toBe("FAILED");
    expect(error).toMatchObject({ kind: "child-failed", code: "TRAINING_FAILED", exitCode: 8 });
    expect(error?.message).toBe(
      "python train.py ended with exit code 3.\nIts last lines on stderr:\n  Traceback\n  ValueError: no",
    );
  });

  it("is KILLED where a signal ended the program, and names the usual reason of SIGKILL", () => {
    const { status, error } = judgeEnding(facts({ kind: "signalled", signal: "SIGKILL" }));
    expect(status).toBe("KILLED");
    expect(error?.message).toContain("python train.py was ended by SIGKILL.");
    expect(error).toMatchObject({ exitCode: 8, hint: expect.stringContaining("memory limit") });
    expect(judgeEnding(facts({ kind: "signalled", signal: "SIGSEGV" })).error).toMatchObject({
      hint: undefined,
    });
  });

  it("is KILLED where we were terminated, whatever the program made of it", () => {
    expect(judgeEnding(facts(success, { abortReason: terminated }))).toEqual({
      status: "KILLED",
      error: terminated,
    });
  });

  it("is KILLED at the time limit", () => {
    const { status, error } = judgeEnding(
      facts({ kind: "signalled", signal: "SIGTERM" }, { timedOutAfterMs: 1500 }),
    );
    expect(status).toBe("KILLED");
    expect(error).toMatchObject({ code: "TRAINING_TIMEOUT", exitCode: 8 });
    expect(error?.message).toContain("had not ended after 1.5 s (--timeout)");
  });

  it("is FAILED where the program ends well without its declared outputs", () => {
    const { status, error } = judgeEnding(facts(success, { missingOutputs: ["model.joblib", "card.md"] }));
    expect(status).toBe("FAILED");
    expect(error).toMatchObject({ code: "OUTPUT_MISSING", exitCode: 8 });
    expect(error?.message).toContain("did not write model.joblib, card.md to outputs");
  });

  it("is FAILED where the program never started", () => {
    const { status, error } = judgeEnding(
      facts({ kind: "not-started", systemCode: "EACCES", message: "./a: it is not executable" }),
    );
    expect(status).toBe("FAILED");
    expect(error).toMatchObject({ code: "TRAINING_NOT_STARTED" });
  });
});
