import * as z from "zod";
import type { ChildOutcome } from "../../process/child.ts";
import type { CheckHead, CheckResult, Limit } from "../plan/check.ts";

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What a check script prints: one JSON object on stdout. */
const scriptOutput = z.strictObject({
  /** Default: by the exit code, 0 pass, 1 fail. */
  verdict: z.enum(["pass", "fail"]).optional(),
  observed: scalar.optional(),
  limit: scalar.optional(),
  failingRows: z.number().int().nonnegative().optional(),
  /** One sentence for the report. */
  message: z.string().optional(),
});

export interface ScriptRun {
  readonly outcome: ChildOutcome | { readonly kind: "timed-out"; readonly timeoutMs: number };
  readonly stdout: string;
  readonly lastStderrLines: readonly string[];
}

/**
 * What a script says of the table: exit 0 pass, exit 1 fail, with a JSON object on stdout that may say more, or nothing there.
 * Everything else (another exit code, a signal, the time limit, output that is no such object, an object and an exit code that
 * contradict) is no verdict: `error`, with the last lines of stderr.
 */
export function scriptResult(head: CheckHead, run: ScriptRun): CheckResult {
  const nothing = { observed: null, failingRows: null, judgedRows: null };
  const fault = (reason: string): CheckResult => ({
    ...head,
    ...nothing,
    verdict: "error",
    reason: [reason, ...run.lastStderrLines.slice(-5)].join("\n"),
  });
  const { outcome } = run;
  if (outcome.kind === "not-started") return fault(`the script could not be started: ${outcome.message}`);
  if (outcome.kind === "timed-out")
    return fault(`the script was ended after its time limit of ${outcome.timeoutMs / 1000} s`);
  if (outcome.kind === "signalled") return fault(`the script was ended by ${outcome.signal}`);
  if (outcome.code > 1)
    return fault(`the script ended with exit code ${outcome.code} (0 is pass, 1 is fail)`);
  const output = readOutput(run.stdout);
  if (typeof output === "string") return fault(output);
  const byCode = outcome.code === 0 ? "pass" : "fail";
  const verdict = output.verdict ?? byCode;
  if (verdict === "pass" && byCode === "fail")
    return fault('the script says {"verdict": "pass"} but ended with exit code 1');
  const limit: Limit = output.limit ?? head.limit;
  return {
    ...head,
    limit,
    verdict: verdict === "pass" ? "pass" : brokenVerdict(head),
    observed: output.observed ?? null,
    failingRows: output.failingRows ?? null,
    judgedRows: null,
    reason: output.message ?? null,
  };
}

function brokenVerdict({ severity }: CheckHead): "fail" | "warn" {
  return severity === "fail" ? "fail" : "warn";
}

function readOutput(stdout: string): z.infer<typeof scriptOutput> | string {
  if (stdout.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(stdout);
  } catch {
    return "the script's stdout is not one JSON object; print everything else to stderr";
  }
  const parsed = scriptOutput.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return `the script's JSON is not as expected: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`;
}
