import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const root = path.resolve(import.meta.dirname, "..");
const keptDemos = 3;

/** Where the demo runs. */
export interface Stage {
  /** The copy of the example. */
  readonly project: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where demo-clock.mjs writes how long Python ran. */
  readonly clockFile: string;
}

/** Copies the example to a folder of its own, and makes the environment of somebody who has installed mlops and activated a venv. */
export function prepareStage(now: Date): Stage {
  const all = path.join(root, ".cache", "demo");
  const folder = path.join(all, now.toISOString().slice(0, 19).replaceAll(":", "-"));
  const project = path.join(folder, "mortality");
  const bin = path.join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  cpSync(path.join(root, "examples", "mortality"), project, {
    recursive: true,
    filter: (name) => !/(__pycache__|\.mlops|\/model)$/.test(name),
  });
  const program = path.join(root, "bin", "mlops.js");
  chmodSync(program, 0o755);
  symlinkSync(program, path.join(bin, "mlops"));
  const clockFile = path.join(folder, "python-times");
  const env = { ...environmentOf(bin), MLOPS_DEMO_CLOCK: clockFile };
  makeRepository(project, env);
  for (const old of readdirSync(all).toSorted().slice(0, -keptDemos))
    rmSync(path.join(all, old), { recursive: true, force: true });
  return { project, env, clockFile };
}

function environmentOf(bin: string): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    // Neither a tracking server of the user's nor a surrounding CI job may take part.
    if (value !== undefined && !/^(MLFLOW|MLOPS|CI|GITLAB|SLACK|npm|GIT)(_|$)|^(MODEL_|KUBE)/.test(name))
      env[name] = value;
  }
  const venv = path.join(root, ".cache", "venv-demo");
  const own = [path.join(venv, "bin"), bin, path.join(root, "node_modules", ".bin")];
  return {
    ...env,
    PATH: [...own, process.env["PATH"] ?? ""].join(path.delimiter),
    VIRTUAL_ENV: venv,
    // The compile cache would otherwise stand in the system's temporary folder.
    NODE_COMPILE_CACHE: path.join(root, ".cache", "compile"),
    NODE_OPTIONS: `--import=${pathToFileURL(path.join(root, "scripts", "demo-clock.mjs")).href}`,
    PYTHONDONTWRITEBYTECODE: "1",
    MLFLOW_DISABLE_TELEMETRY: "true",
    DO_NOT_TRACK: "true",
    // Autologging warns of scikit-learn's and its own internals, a dozen lines a training.
    MLFLOW_LOGGING_LEVEL: "ERROR",
    PYTHONWARNINGS: "ignore",
  };
}

/** A project is a git repository, and a run records its commit. */
function makeRepository(project: string, env: Readonly<Record<string, string>>): void {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=demo", "-c", "user.email=demo@localhost", ...args], {
      cwd: project,
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--no-gpg-sign", "--message", "The mortality example");
}
