import { readFile } from "node:fs/promises";
import * as z from "zod";
import { MlopsError } from "../errors.ts";
import type { ChildReport } from "../process/child.ts";
import type { ScorerRequest } from "./scorer.ts";

const problemReport = z.object({
  problem: z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() }),
});
/** What shells and container runtimes make of signal 9. */
const killedCode = 137;

/** The error for a scorer that did not end well: the problem that it named itself, else how it ended and its last lines of stderr. */
export async function failureOf(
  child: ChildReport,
  reportFile: string,
  { model, redact }: Pick<ScorerRequest, "model" | "redact">,
): Promise<MlopsError> {
  const parsed = problemReport.safeParse(await readReport(reportFile));
  if (parsed.success && child.outcome.kind === "exited" && child.outcome.code === 3) {
    const { code, message, hint } = parsed.data.problem;
    const isTable = code.startsWith("FEATURES_");
    return new MlopsError({
      kind: isTable ? "not-evaluable" : "child-failed",
      code: isTable ? code : `SCORER_${code}`,
      message: `Scoring with ${model.uri} failed: ${redact(message)}.`,
      ...(hint === null ? {} : { hint: `${hint.charAt(0).toUpperCase()}${hint.slice(1)}.` }),
    });
  }
  const lines = child.lastStderrLines.map((line) => `  ${redact(line)}`);
  const isKilled = hasNoMemory(child);
  return new MlopsError({
    kind: "child-failed",
    code: "SCORER_FAILED",
    message: [`Scoring with ${model.uri} ${endOf(child)}${lines.length === 0 ? "." : ":"}`, ...lines].join(
      "\n",
    ),
    hint: isKilled
      ? "Give the job more memory, or a smaller model: the table itself is passed in batches."
      : "Does the model load and predict in this Python? Another one can be named with --python.",
  });
}

/** A scorer that said that all is well and whose files say otherwise. */
export function unusable(uri: string, reason: string, cause: unknown): MlopsError {
  return new MlopsError({
    kind: "child-failed",
    code: "SCORER_OUTPUT",
    message: `Scoring with ${uri} ended well but left no usable scores: ${reason}.`,
    hint: "Does the model fork or end the process while it predicts?",
    cause,
  });
}

async function readReport(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    // None was written, or only half of one: then the process did not end by itself.
    return undefined;
  }
}

function hasNoMemory({ outcome }: ChildReport): boolean {
  if (outcome.kind === "exited") return outcome.code === killedCode;
  return outcome.kind === "signalled" && outcome.signal === "SIGKILL";
}

function endOf(child: ChildReport): string {
  const { outcome } = child;
  const guess = hasNoMemory(child) ? " (out of memory?)" : "";
  switch (outcome.kind) {
    case "exited":
      return `failed (exit ${outcome.code})${guess}`;
    case "signalled":
      return `was ended by ${outcome.signal}${guess}`;
    case "not-started":
      return `could not start Python: ${outcome.message}`;
  }
}
