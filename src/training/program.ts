import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import path from "node:path";
import { MlopsError } from "../errors.ts";
import { packageFile } from "../package-files.ts";
import { findProgram, findPython } from "../process/python.ts";

export interface ProgramRequest {
  /** What stands behind `--`; further arguments of `script` where the first one begins with `-`. */
  readonly operands: readonly string[];
  readonly script: string | undefined;
  readonly scriptArgs: readonly string[];
  /** `--python`. */
  readonly python: string | undefined;
  /** `none`, `auto`, or a framework that MLflow can log by itself. */
  readonly framework: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** What is started. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** The command line as the user thinks of it, without the bootstrap. */
  readonly shown: string;
  /** The script file or module: MLflow's `mlflow.source.name`. */
  readonly source: string;
  /** The script as a file, where there is one. */
  readonly scriptFile: string | undefined;
  /** False for programs that are not Python: autologging cannot be switched on for them. */
  readonly isBootstrapped: boolean;
}

const bootstrapFile = packageFile("python/bootstrap.py");
/** Options of the Python interpreter that take the next word as their value. */
const pythonOptionsWithValue = ["-W", "-X", "--check-hash-based-pycs"];

/** Decides what to start. Throws `usage` where there is nothing to start, or where it does not exist. */
export async function resolveProgram(request: ProgramRequest): Promise<Program> {
  const [first, ...rest] = commandLine(request);
  if (first.endsWith(".py")) return await pythonScript(request, { script: first, args: rest });
  if (/^(.*\/)?(python|pypy)[0-9.]*$/.test(first)) return await pythonCommand(request, first, rest);
  return plain(request, await requireProgram(request, first), [first, ...rest]);
}

function commandLine(request: ProgramRequest): readonly [string, ...string[]] {
  const { script, scriptArgs, operands } = request;
  const [first, ...rest] = operands;
  if (first !== undefined && (script === undefined || !first.startsWith("-"))) return [first, ...rest];
  if (script === undefined) {
    throw new MlopsError({
      kind: "usage",
      code: "TRAINING_COMMAND_MISSING",
      message: "There is nothing to train with: no command behind -- and no training_script in mlops.yaml.",
      hint: "Say for example: mlops train -- python train.py --epochs 10",
    });
  }
  // A script of the settings is a file, never the name of a program in PATH.
  const isPlain = path.isAbsolute(script) || script.endsWith(".py");
  const file = isPlain ? script : `./${path.normalize(script)}`;
  return [file, ...scriptArgs, ...operands];
}

async function pythonScript(
  request: ProgramRequest,
  start: { readonly script: string; readonly args: readonly string[] },
): Promise<Program> {
  await requireFile(request, start.script);
  const { env, cwd } = request;
  const python = await findPython({ explicit: request.python, env, cwd });
  return bootstrapped(request, { python, options: [], target: [start.script, ...start.args] });
}

/** `python [options] script.py …` or `python [options] -m module …`; `-c`, `-` and no script at all go unchanged. */
async function pythonCommand(
  request: ProgramRequest,
  command: string,
  words: readonly string[],
): Promise<Program> {
  let index = 0;
  for (let word = words[0]; word?.startsWith("-"); word = words[index]) {
    if (["-m", "-c", "-"].includes(word)) break;
    index += pythonOptionsWithValue.includes(word) ? 2 : 1;
  }
  const target = words.slice(index);
  const [first] = target;
  const isModule = first === "-m" && target.length > 1;
  const hasNoTarget = first === undefined || (first.startsWith("-") && !isModule);
  if (!hasNoTarget && !isModule) await requireFile(request, first);
  const python = await interpreter(request, command);
  if (hasNoTarget) return plain(request, python, [command, ...words]);
  return bootstrapped(request, { python, options: words.slice(0, index), target });
}

/** A bare `python` is the configured one; without that, and for any path, what the user typed. */
async function interpreter(request: ProgramRequest, command: string): Promise<string> {
  const { env, cwd } = request;
  const isBare = command === "python" || command === "python3";
  if (isBare && request.python !== undefined) return await findPython({ explicit: request.python, env, cwd });
  return await requireProgram(request, command);
}

function plain(request: ProgramRequest, command: string, words: readonly string[]): Program {
  const [source = command, ...args] = words;
  return {
    command,
    args,
    shown: showWords(words),
    source: source.replace(/^\.\//, ""),
    scriptFile: source.includes("/") ? path.resolve(request.cwd, command) : undefined,
    isBootstrapped: false,
  };
}

function bootstrapped(
  request: ProgramRequest,
  start: { readonly python: string; readonly options: readonly string[]; readonly target: readonly string[] },
): Program {
  const { python, options, target } = start;
  const [first = "", second = ""] = target;
  const isModule = first === "-m";
  const autolog = request.framework === "none" ? [] : ["--autolog", request.framework];
  return {
    command: python,
    args: [...options, bootstrapFile, ...autolog, "--", ...target],
    shown: showWords([path.basename(python), ...options, ...target]),
    source: isModule ? second : first.replace(/^\.\//, ""),
    scriptFile: isModule ? undefined : path.resolve(request.cwd, first),
    isBootstrapped: true,
  };
}

async function requireFile({ cwd }: ProgramRequest, script: string): Promise<void> {
  const shown = script.replace(/^\.\//, "");
  let isFile: boolean;
  try {
    const file = path.resolve(cwd, script);
    await access(file, constants.R_OK);
    isFile = (await stat(file)).isFile();
  } catch (error) {
    throw missing(`The training script ${shown} does not exist in ${cwd}, or cannot be read`, error);
  }
  if (!isFile) throw missing(`The training script ${shown} is not a file`, undefined);
}

async function requireProgram({ env, cwd }: ProgramRequest, command: string): Promise<string> {
  const found = await findProgram(command, env, cwd);
  if (found !== undefined) return found;
  const what = command.includes("/")
    ? `${command.replace(/^\.\//, "")} does not exist in ${cwd}, or is not executable`
    : `${command} was not found in PATH`;
  throw missing(`The training program ${what}`, undefined);
}

function missing(message: string, cause: unknown): MlopsError {
  return new MlopsError({
    kind: "usage",
    code: "TRAINING_PROGRAM_MISSING",
    message: `${message}. No run was created.`,
    hint: "Check the command behind --, or training_script in mlops.yaml; a shell script needs chmod +x.",
    cause,
  });
}

/** Long enough for every command line but `-c` with a program. */
const maximumShownLength = 500;

function showWords(words: readonly string[]): string {
  const text = words.map(quoteWord).join(" ");
  return text.length > maximumShownLength ? `${text.slice(0, maximumShownLength)}…` : text;
}

function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
