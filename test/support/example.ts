import { execFileSync, spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const venv = path.join(root, ".cache", "venv-demo");

export interface ExampleCopy {
  readonly project: string;
  /** As on a machine where mlops is installed and the example's Python environment is active; nothing else of ours. */
  readonly env: Readonly<Record<string, string>>;
}

/** A copy of examples/mortality in `folder`, as a git repository with one commit. */
export function copyExample(folder: string): ExampleCopy {
  const project = path.join(folder, "mortality");
  const bin = path.join(folder, "bin");
  const home = path.join(folder, "home");
  for (const one of [bin, home]) mkdirSync(one, { recursive: true });
  cpSync(path.join(root, "examples", "mortality"), project, { recursive: true });
  const program = path.join(root, "bin", "mlops.js");
  chmodSync(program, 0o755);
  symlinkSync(program, path.join(bin, "mlops"));
  const own = [path.join(venv, "bin"), bin, path.join(root, "node_modules", ".bin")];
  const env = {
    PATH: [...own, process.env["PATH"] ?? ""].join(path.delimiter),
    HOME: home,
    LANG: "C.UTF-8",
    VIRTUAL_ENV: venv,
    PYTHONDONTWRITEBYTECODE: "1",
    MLFLOW_DISABLE_TELEMETRY: "true",
    DO_NOT_TRACK: "true",
  };
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], {
      cwd: project,
      env,
      stdio: "pipe",
    });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message", "The mortality example");
  return { project, env };
}

/** The processes (Linux) whose working folder is in `folder`: what a pipeline left running. */
export function processesIn(folder: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
      } catch {
        // It ended meanwhile, or is not ours to look at.
        return false;
      }
    });
}

export interface Finished {
  readonly code: number | null;
  /** stdout and stderr in the order in which they came. */
  readonly output: string;
}

/** Runs a program to its end. */
export async function runToEnd(
  command: readonly [string, ...string[]],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Finished> {
  const [program, ...args] = command;
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, output };
}
