import { readFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { splitCommand } from "../data/contract/command-line.ts";
import { MlopsError, messageOf } from "../errors.ts";
import { isCount, isKnownMetric, metricFacts } from "../metrics/catalog.ts";
import { metricSet } from "../metrics/metric-set.ts";
import { runChild } from "../process/child.ts";
import type { Measurement } from "./measure.ts";

/** A metric that is not ours, with the direction that its author declared. */
export interface CustomMetric {
  readonly name: string;
  /** Null: it has no value here. */
  readonly value: number | null;
  readonly higherIsBetter: boolean;
  /** Rows that it was computed on, where it says so. */
  readonly count: number | null;
  /** The file or the command. */
  readonly source: string;
}

const entry = z.strictObject({
  name: z.string().regex(/^[\p{L}_][\p{L}\p{N}_@%{}=.,:/ -]{0,199}$/u, "is no name of a metric"),
  value: z.number().nullable(),
  higherIsBetter: z.boolean().optional(),
  direction: z.enum(["higher", "lower"]).optional(),
  n: z.number().int().nonnegative().optional(),
});
const entries = z.array(entry);

export interface CustomMetricsRequest {
  readonly files: readonly string[];
  /** As written, for no shell. */
  readonly program: string | undefined;
  readonly timeoutMs: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly redact: (text: string) => string;
}

/** What the program is told in its environment. */
export interface ProgramInput {
  /** Absolute paths. */
  readonly files: readonly string[];
  /** The kept scores, where there are any. */
  readonly scoresFile: string | undefined;
  readonly columns: Readonly<Record<string, unknown>>;
  readonly task: string;
  readonly rows: number;
}

/**
 * The metrics of files and of a program that prints them: `[{"name", "value", "higherIsBetter" or "direction", "n"}]`. Throws
 * `not-evaluable` for a file that cannot be read or is no such list, `child-failed` for the program's, and `usage` for a metric
 * without a direction, or whose name is one of ours (in any spelling) or stands there twice.
 */
export async function customMetrics(
  request: CustomMetricsRequest,
  input: ProgramInput,
  ours: readonly string[],
): Promise<CustomMetric[]> {
  const lists: (readonly CustomMetric[])[] = [];
  for (const file of request.files) lists.push(await ofFile(file, request.cwd));
  if (request.program !== undefined) lists.push(await ofProgram(request.program, request, input));
  const found = lists.flat();
  const problems = found.flatMap((metric, index) => {
    const isTwice = found.findIndex((one) => sameName(one.name, metric.name)) < index;
    const isOurs =
      isKnownMetric(metric.name) || isCount(metric.name) || ours.some((name) => sameName(name, metric.name));
    if (isOurs) return [`${metric.source}: ${JSON.stringify(metric.name)} is a built-in metric's name`];
    return isTwice ? [`${metric.source}: ${JSON.stringify(metric.name)} stands there twice`] : [];
  });
  if (problems.length > 0) throw refused(problems, "Give it another name.");
  return found;
}

function sameName(one: string, other: string): boolean {
  return metricFacts(one).name.toLowerCase() === metricFacts(other).name.toLowerCase();
}

async function ofFile(file: string, cwd: string): Promise<CustomMetric[]> {
  const text = await readFile(path.resolve(cwd, file), "utf8").catch((error: unknown) => {
    throw unusable("not-evaluable", `${file} cannot be read: ${messageOf(error)}`);
  });
  return parsed(text, file, "not-evaluable");
}

const plainVariables =
  "PATH HOME LANG LC_ALL TMPDIR TZ VIRTUAL_ENV CONDA_PREFIX LD_LIBRARY_PATH PYTHONPATH".split(" ");
const mostOutput = 1 << 20;

async function ofProgram(
  program: string,
  request: CustomMetricsRequest,
  input: ProgramInput,
): Promise<CustomMetric[]> {
  const [command = "", ...args] = splitCommand(program);
  const limit = AbortSignal.timeout(request.timeoutMs);
  let stdout = "";
  const { outcome, lastStderrLines } = await runChild({
    command,
    args,
    cwd: request.cwd,
    env: {
      ...Object.fromEntries(plainVariables.map((name) => [name, request.env[name]])),
      MLOPS_EVALUATION_FILES: JSON.stringify(input.files),
      MLOPS_EVALUATION_SCORES: input.scoresFile ?? "",
      MLOPS_EVALUATION_COLUMNS: JSON.stringify(input.columns),
      MLOPS_EVALUATION_TASK: input.task,
      MLOPS_EVALUATION_ROWS: String(input.rows),
    },
    signal: AbortSignal.any([request.signal, limit]),
    onStdout: (text) => {
      if (stdout.length < mostOutput) stdout += text;
    },
    onStderr: () => {},
  });
  request.signal.throwIfAborted();
  if (outcome.kind === "exited" && outcome.code === 0) return parsed(stdout, program, "child-failed");
  const how = {
    exited: `ended with exit code ${outcome.kind === "exited" ? outcome.code : ""}`,
    signalled: limit.aborted
      ? `was ended after its time limit of ${request.timeoutMs / 1000} s`
      : `was ended by ${outcome.kind === "signalled" ? outcome.signal : ""}`,
    "not-started": `could not be started: ${outcome.kind === "not-started" ? outcome.message : ""}`,
  }[outcome.kind];
  const lines = lastStderrLines.map((line) => `  ${request.redact(line)}`);
  throw unusable("child-failed", [`the program ${program} ${how}`, ...lines].join("\n"));
}

function parsed(text: string, source: string, kind: "not-evaluable" | "child-failed"): CustomMetric[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unusable(kind, `${source} gives no JSON: ${messageOf(error)}`);
  }
  const found = entries.safeParse(value);
  if (!found.success) {
    const issues = found.error.issues.map((one) => `${source}: [${one.path.join(".")}] ${one.message}`);
    throw unusable(kind, issues.join("\n"));
  }
  const problems = found.data.flatMap(directionProblem).map((problem) => `${source}: ${problem}`);
  if (problems.length > 0)
    throw refused(problems, 'Write "higherIsBetter": true or false (or "direction": "higher" or "lower").');
  return found.data.map(({ name, value: number, higherIsBetter, direction, n }) => ({
    name,
    value: number,
    higherIsBetter: higherIsBetter ?? direction === "higher",
    count: n ?? null,
    source,
  }));
}

function directionProblem({ name, higherIsBetter, direction }: z.infer<typeof entry>): string[] {
  if (higherIsBetter === undefined && direction === undefined)
    return [`${JSON.stringify(name)} does not say whether higher is better`];
  const differs =
    higherIsBetter !== undefined && direction !== undefined && higherIsBetter !== (direction === "higher");
  return differs ? [`${JSON.stringify(name)} has a higherIsBetter and a direction that differ`] : [];
}

function refused(problems: readonly string[], hint: string): MlopsError {
  return new MlopsError({
    kind: "usage",
    code: "CUSTOM_METRICS",
    message: problems.map((problem) => `${problem}.`).join("\n"),
    hint,
  });
}

function unusable(kind: "not-evaluable" | "child-failed", message: string): MlopsError {
  return new MlopsError({
    kind,
    code: "CUSTOM_METRICS",
    message: `${message}.`,
    hint: 'Expected a JSON list of {"name", "value", "higherIsBetter", "n"}.',
  });
}

/** The measurement with the custom metrics among its own. */
export function withCustom(measured: Measurement, custom: readonly CustomMetric[]): Measurement {
  if (custom.length === 0) return measured;
  const more = metricSet(
    Object.fromEntries(
      custom.map(({ name, value, source }) => [name, value ?? { undefined: `${source} gives no value` }]),
    ),
  );
  const { overall } = measured;
  return {
    ...measured,
    overall: {
      ...overall,
      metrics: { ...overall.metrics, ...more.metrics },
      undefined: { ...overall.undefined, ...more.undefined },
    },
  };
}
