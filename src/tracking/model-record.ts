import { readFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { MlopsError, messageOf } from "../errors.ts";
import { digestOf } from "../files.ts";
import type { ResultInput } from "../results/core.ts";
import { keyProblems } from "./batches.ts";

/** What earlier stages say of a model, as it is written on its version. */
export interface ModelRecord {
  readonly tags: Readonly<Record<string, string>>;
  readonly gateVerdict: string | undefined;
  readonly inputs: readonly ResultInput[];
}

/** The parts that are read; files of older and newer versions may hold more. */
const evaluationFile = z.looseObject({
  runId: z.string().nullish(),
  metrics: z.record(z.string(), z.unknown()).nullish(),
});
const gateFile = z.looseObject({ runId: z.string().nullish(), verdict: z.string() });

/**
 * Reads the result files of `evaluate` and `gate`. Metrics become tags `metric.<name>`, the verdict becomes
 * `mlops.gate_verdict`. Throws `usage` for a file that is missing, no JSON, of another shape, or of another run.
 */
export async function readModelRecord(request: {
  readonly evaluation: string | undefined;
  readonly gate: string | undefined;
  readonly cwd: string;
  readonly runId: string;
}): Promise<ModelRecord> {
  const tags: Record<string, string> = {};
  const inputs: ResultInput[] = [];
  let gateVerdict: string | undefined;
  if (request.evaluation !== undefined) {
    const { content, input } = await readResult(request.evaluation, "evaluation", request.cwd);
    const read = parse(evaluationFile, content, request.evaluation);
    checkRun(read.runId, request.evaluation, request.runId);
    // The widely copied form has the metrics at the top.
    const metrics = Object.entries(read.metrics ?? read).filter(([, value]) => typeof value === "number");
    for (const [name, value] of metrics) {
      const tag = `metric.${name}`;
      if (keyProblems("tag", tag).length === 0) tags[tag] = String(value);
    }
    inputs.push(input);
  }
  if (request.gate !== undefined) {
    const { content, input } = await readResult(request.gate, "gate", request.cwd);
    const read = parse(gateFile, content, request.gate);
    checkRun(read.runId, request.gate, request.runId);
    gateVerdict = read.verdict;
    tags["mlops.gate_verdict"] = read.verdict;
    inputs.push(input);
  }
  return { tags, gateVerdict, inputs };
}

/** `key=value` texts as a record; a value may hold `=`. Throws `usage` naming every text that is no tag. */
export function parseTags(texts: readonly string[]): Record<string, string> {
  const tags: Record<string, string> = {};
  const problems: string[] = [];
  for (const text of texts) {
    const at = text.indexOf("=");
    const key = text.slice(0, at).trim();
    if (at < 1) problems.push(`--tag ${JSON.stringify(text)} is not KEY=VALUE`);
    else problems.push(...keyProblems("--tag", key));
    tags[key] = text.slice(at + 1);
  }
  if (problems.length === 0) return tags;
  throw new MlopsError({ kind: "usage", code: "TAG_INVALID", message: `${problems.join("\n")}.` });
}

async function readResult(
  file: string,
  role: string,
  cwd: string,
): Promise<{ readonly content: unknown; readonly input: ResultInput }> {
  const absolute = path.resolve(cwd, file);
  let text: string;
  try {
    text = await readFile(absolute, "utf8");
  } catch (error) {
    throw new MlopsError({
      kind: "usage",
      code: "RESULT_FILE_UNREADABLE",
      message: `${file} (--${role}) cannot be read: ${messageOf(error)}.`,
      hint: "In GitLab the file comes from the earlier job's artifacts:paths; check `needs`.",
      cause: error,
    });
  }
  const input = { role, uri: file, ...(await digestOf(absolute)) };
  try {
    const content: unknown = JSON.parse(text);
    return { content, input };
  } catch (error) {
    throw new MlopsError({
      kind: "usage",
      code: "RESULT_FILE_INVALID",
      message: `${file} (--${role}) is not JSON: ${messageOf(error)}.`,
      cause: error,
    });
  }
}

function parse<T>(schema: z.ZodType<T>, content: unknown, file: string): T {
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(
    ({ path: place, message }) => `${place.join(".") || "it"}: ${message}`,
  );
  throw new MlopsError({
    kind: "usage",
    code: "RESULT_FILE_INVALID",
    message: `${file} is not what this command reads: ${issues.join("; ")}.`,
  });
}

function checkRun(found: string | null | undefined, file: string, runId: string): void {
  if (found === undefined || found === null || found === runId) return;
  throw new MlopsError({
    kind: "usage",
    code: "RESULT_OF_OTHER_RUN",
    message: `${file} is about run ${found}, not about run ${runId}, which is to be registered.`,
    hint: "Evaluate and gate the run that you register; old files may be left in the working folder.",
  });
}
