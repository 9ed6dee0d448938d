import { runChild } from "../../process/child.ts";
import type { ValidationCheck, ValidationDataset } from "../../results/validation-report.ts";
import type { ScriptCheck } from "../contract/programs.ts";
import { reportChecks } from "../report-checks.ts";
import type { ValidateRequest } from "../request.ts";
import type { SourceFile } from "../sources/table-source.ts";
import { type ScriptRun, scriptResult } from "./script-verdict.ts";

export interface ScriptsInput {
  readonly dataset: ValidationDataset;
  readonly files: readonly SourceFile[];
  readonly request: ValidateRequest;
}

export interface ScriptsOutcome {
  readonly checks: readonly ValidationCheck[];
  /** One of them did not do its work. */
  readonly hasFault: boolean;
}

/** What a program needs to run at all; nothing of it is secret. */
const plainVariables = [
  "PATH",
  "HOME",
  "LANG",
  "LC_ALL",
  "TMPDIR",
  "TZ",
  "VIRTUAL_ENV",
  "CONDA_PREFIX",
  "LD_LIBRARY_PATH",
];
const mostOutput = 1 << 20;
/** A timer of more ends at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Runs the check scripts of a contract one after the other, each with the environment that its check names and no more. */
export async function runScripts(
  scripts: readonly ScriptCheck[],
  input: ScriptsInput,
): Promise<ScriptsOutcome> {
  const results = [];
  for (const script of scripts) results.push(scriptResult(script.head, await runScript(script, input)));
  return {
    checks: await reportChecks(results, [], { examples: () => Promise.resolve([]) }),
    hasFault: results.some((result) => result.verdict === "error"),
  };
}

async function runScript(script: ScriptCheck, { dataset, files, request }: ScriptsInput): Promise<ScriptRun> {
  const limit = AbortSignal.timeout(Math.min(script.timeoutMs, longestTimerMs));
  const [command = "", ...args] = script.command;
  let stdout = "";
  const report = await runChild({
    command,
    args,
    cwd: request.cwd,
    env: environmentOf(script, { dataset, files, request }),
    signal: AbortSignal.any([request.signal, limit]),
    onStdout: (text) => {
      if (stdout.length < mostOutput) stdout += text;
    },
    onStderr: () => {},
  });
  request.signal.throwIfAborted();
  const outcome = limit.aborted
    ? ({ kind: "timed-out", timeoutMs: script.timeoutMs } as const)
    : report.outcome;
  const { redact } = request;
  return { outcome, stdout: redact(stdout), lastStderrLines: report.lastStderrLines.map(redact) };
}

/** MLOPS_CHECK_FILES is a JSON list: names of files may hold anything. */
function environmentOf({ env: named }: ScriptCheck, { dataset, files, request }: ScriptsInput) {
  const given = [...plainVariables, ...named].map((name) => [name, request.env[name]] as const);
  return {
    ...Object.fromEntries(given),
    MLOPS_CHECK_FILES: JSON.stringify(files.map((file) => file.absolutePath)),
    MLOPS_CHECK_FORMAT: dataset.format ?? "",
    MLOPS_CHECK_ROWS: String(dataset.rows ?? ""),
  };
}
