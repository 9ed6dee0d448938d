import * as z from "zod";

/**
 * The one word of a result, the same in text, JSON, JUnit and exit code.
 * pass 0 · fail 3 · inconclusive and error 4 (no verdict possible) · blocked 5.
 */
export const verdict = z.enum(["pass", "fail", "inconclusive", "error", "blocked"]);
export type Verdict = z.infer<typeof verdict>;

/** The word of one check. `warn` = failed with severity warn; `skipped` always carries its reason. */
export const checkVerdict = z.enum(["pass", "warn", "fail", "inconclusive", "skipped", "error"]);
export type CheckVerdict = z.infer<typeof checkVerdict>;

const resultInput = z.object({
  /** What it was read as: `data`, `predictions`, `model`, `baseline`, … */
  role: z.string(),
  uri: z.string(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  sizeBytes: z.number().int().nonnegative().nullable(),
});
export type ResultInput = z.infer<typeof resultInput>;

/** What every result file starts with. */
export const resultCore = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.literal("mlops"), version: z.string() }),
  command: z.string(),
  verdict,
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  inputs: z.array(resultInput),
});
export type ResultCore = z.infer<typeof resultCore>;

export const errorResult = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.literal("mlops"), version: z.string() }),
  verdict: z.literal("error"),
  exitCode: z.number().int(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() }),
});
export type ErrorResult = z.infer<typeof errorResult>;
