import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import path from "node:path";
import { MlopsError } from "../errors.ts";

export interface PythonRequest {
  /** `--python`: a path, or the name of a program in PATH. */
  readonly explicit: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/**
 * The path of the Python to use: `--python`, `$MLOPS_PYTHON`, `$VIRTUAL_ENV/bin/python`, `./.venv`, `./venv`,
 * `python3`, `python`. Links are not followed: a virtual environment is known by the path of its interpreter.
 * Throws `usage` PYTHON_MISSING, which lists what was looked at; a Python that was named and is missing is an error.
 */
export async function findPython({ explicit, env, cwd }: PythonRequest): Promise<string> {
  const named: readonly [string, string | undefined][] = [
    ["--python", explicit],
    ["MLOPS_PYTHON", env["MLOPS_PYTHON"]],
  ];
  for (const [origin, value] of named) {
    if (value === undefined || value === "") continue;
    const found = await findProgram(value, env, cwd);
    if (found !== undefined) return found;
    throw new MlopsError({
      kind: "usage",
      code: "PYTHON_MISSING",
      message: `${origin} is ${value}, and there is no program that can be run.`,
      hint: "Give the path of a Python interpreter, for example .venv/bin/python.",
    });
  }
  const virtualEnv = env["VIRTUAL_ENV"];
  const looked = [
    ...(virtualEnv ? [path.join(virtualEnv, "bin", "python")] : []),
    path.join(".venv", "bin", "python"),
    path.join("venv", "bin", "python"),
    "python3",
    "python",
  ];
  for (const candidate of looked) {
    const found = await findProgram(candidate, env, cwd);
    if (found !== undefined) return found;
  }
  throw new MlopsError({
    kind: "usage",
    code: "PYTHON_MISSING",
    message: `No Python was found. Looked at ${looked.join(", ")} (in ${cwd} and PATH).`,
    hint: "Install Python 3.9 or newer, or say where it is with --python or MLOPS_PYTHON.",
  });
}

/** The absolute path of a program: a path relative to `cwd`, or a name that is looked up in PATH. */
export async function findProgram(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<string | undefined> {
  const local = path.resolve(cwd, name);
  if (name.includes("/")) return (await isProgram(local)) ? local : undefined;
  for (const folder of (env["PATH"] ?? "").split(path.delimiter)) {
    const file = path.resolve(cwd, folder, name);
    if (folder !== "" && (await isProgram(file))) return file;
  }
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    // Missing, unreadable, or not executable: the next candidate is asked.
    return false;
  }
}
