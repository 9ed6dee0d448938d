import { access } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";

const virtualEnvironment = path.resolve(import.meta.dirname, "../../.cache/venv");

/** The Python of the test environment: the whole mlflow, scikit-learn, pandas. Throws where `npm test` has not made it yet. */
export async function pythonOfTests(): Promise<string> {
  const python = path.join(virtualEnvironment, "bin", "python");
  try {
    await access(python);
  } catch (error) {
    throw new Error(`${python} is missing: \`npm test\` makes it.`, { cause: error });
  }
  return python;
}

export interface PythonResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a script to its end and reports; never throws for what the script did.
 * Of the caller's environment only PATH and HOME go along, so that no MLFLOW_* or CI_* variable of the machine decides a test.
 */
export async function runPython(request: {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Default 120 s. */
  readonly timeoutMs?: number;
}): Promise<PythonResult> {
  const result = await execa(await pythonOfTests(), [...request.args], {
    cwd: request.cwd,
    env: pythonEnvironment(request.env ?? {}),
    extendEnv: false,
    reject: false,
    timeout: request.timeoutMs ?? 120_000,
    stdin: "ignore",
  });
  return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr };
}

/** The environment for a Python child: nothing phones home, a wrong address fails in a second instead of four minutes. */
export function pythonEnvironment(extra: Readonly<Record<string, string>>): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: process.env["HOME"] ?? "/",
    LANG: "C.UTF-8",
    PYTHONDONTWRITEBYTECODE: "1",
    MPLBACKEND: "Agg",
    MLFLOW_DISABLE_TELEMETRY: "true",
    DO_NOT_TRACK: "true",
    GIT_PYTHON_REFRESH: "quiet",
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: "1",
    MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: "0",
    ...extra,
  };
}
