import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { MlopsError, messageOf } from "../errors.ts";
import { packageFile } from "../package-files.ts";
import { type ChildReport, runChild } from "../process/child.ts";
import { readFloats } from "./arrow.ts";

export interface ScoreRequest {
  readonly python: string;
  readonly modelFile: string;
  /** Arrow IPC file. */
  readonly table: string;
  readonly rows: number;
  /** Columns that are no features, where the model did not record its own. */
  readonly exclude: readonly string[];
  readonly task: "binary" | "regression" | undefined;
  readonly positiveClass: string | undefined;
  /** Exists; removed by the caller. */
  readonly folder: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Redacts a text that a person will read. */
  readonly redact: (text: string) => string;
  readonly onOutput: (text: string) => void;
}

export interface ModelScores {
  readonly values: Float64Array;
  readonly dtype: "float32" | "float64";
  /** A probability of the positive class, or what `predict` gives. */
  readonly kind: "score" | "prediction";
  readonly features: readonly string[];
  readonly modelType: string;
}

const scorerFile = packageFile("python/score.py");

const problemReport = z.object({
  problem: z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() }),
});
const scoreReport = z.object({
  kind: z.enum(["score", "prediction"]),
  rows: z.number(),
  features: z.array(z.string()),
  modelType: z.string(),
});

/**
 * Runs the bundled scorer in the user's Python. What the model prints reaches `onOutput` only. Throws `child-failed` with the
 * last lines of stderr where scoring fails, `not-evaluable` where the table is not the model's.
 */
export async function scoreModel(request: ScoreRequest): Promise<ModelScores> {
  const files = {
    request: path.join(request.folder, "request.json"),
    scores: path.join(request.folder, "scores.arrow"),
    report: path.join(request.folder, "report.json"),
  };
  const { task = null, positiveClass = null } = request;
  await writeFile(
    files.request,
    JSON.stringify({
      model: request.modelFile,
      table: request.table,
      scores: files.scores,
      report: files.report,
      exclude: request.exclude,
      task,
      positiveClass,
    }),
  );
  const child = await runChild({
    command: request.python,
    args: [scorerFile, files.request],
    cwd: request.cwd,
    env: { PYTHONDONTWRITEBYTECODE: "1", ...request.env },
    signal: request.signal,
    onStdout: request.onOutput,
    onStderr: request.onOutput,
  });
  request.signal.throwIfAborted();
  const isDone = child.outcome.kind === "exited" && child.outcome.code === 0;
  if (!isDone) throw await failureOf(child, files.report, request);
  return await readScores(files, request);
}

async function readScores(
  files: { readonly report: string; readonly scores: string },
  request: ScoreRequest,
): Promise<ModelScores> {
  try {
    const report = scoreReport.parse(JSON.parse(await readFile(files.report, "utf8")));
    const { values, dtype } = await readFloats(files.scores);
    if (values.length !== request.rows || report.rows !== request.rows)
      throw new RangeError(`${values.length} scores for ${request.rows} rows`);
    if (!values.every((value) => Number.isFinite(value))) throw new RangeError("scores that are not finite");
    return { values, dtype, kind: report.kind, features: report.features, modelType: report.modelType };
  } catch (error) {
    throw new MlopsError({
      kind: "child-failed",
      code: "SCORER_OUTPUT",
      message: `Scoring with ${request.modelFile} ended well but left no usable scores: ${messageOf(error)}.`,
      hint: "Does the model fork or end the process while it predicts?",
      cause: error,
    });
  }
}

async function failureOf(child: ChildReport, reportFile: string, request: ScoreRequest): Promise<MlopsError> {
  const parsed = problemReport.safeParse(
    await readFile(reportFile, "utf8").then(
      (text): unknown => JSON.parse(text),
      () => undefined,
    ),
  );
  if (parsed.success && child.outcome.kind === "exited" && child.outcome.code === 3) {
    const { code, message, hint } = parsed.data.problem;
    const isTable = code.startsWith("FEATURES_");
    return new MlopsError({
      kind: isTable ? "not-evaluable" : "child-failed",
      code: isTable ? code : `SCORER_${code}`,
      message: `Scoring with ${request.modelFile} failed: ${request.redact(message)}.`,
      ...(hint === null ? {} : { hint: `${hint.charAt(0).toUpperCase()}${hint.slice(1)}.` }),
    });
  }
  const lines = child.lastStderrLines.map((line) => `  ${request.redact(line)}`);
  return new MlopsError({
    kind: "child-failed",
    code: "SCORER_FAILED",
    message: [
      `Scoring with ${request.modelFile} ${endOf(child)}${lines.length === 0 ? "." : ":"}`,
      ...lines,
    ].join("\n"),
    hint: "Does the model load and predict in this Python? Another one can be named with --python.",
  });
}

function endOf({ outcome }: ChildReport): string {
  switch (outcome.kind) {
    case "exited":
      return `failed (exit ${outcome.code})`;
    case "signalled":
      return `was ended by ${outcome.signal}${outcome.signal === "SIGKILL" ? " (out of memory?)" : ""}`;
    case "not-started":
      return `could not start Python: ${outcome.message}`;
  }
}
