import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import type { Contender } from "./process.ts";

const root = path.resolve(import.meta.dirname, "..");
const setupScript = path.join(root, "scripts", "setup.mjs");
const folder = path.join(root, ".cache", "venv-bench");
const python = path.join(folder, "bin", "python");

/** The peers, by the module that must be importable and the script that runs them. */
const scripts = [
  { name: "pandera (polars)", module: "pandera.polars", script: "pandera_polars.py" },
  { name: "pointblank (polars)", module: "pointblank", script: "pointblank_polars.py" },
  {
    name: "Great Expectations (pandas)",
    module: "great_expectations",
    script: "great_expectations_pandas.py",
  },
] as const;

export interface Peers {
  of(file: string): Contender[];
  /** One line for each peer that is not here, with the reason. */
  readonly missing: readonly string[];
}

/** The Python peers in an environment of their own, made from requirements/bench.txt where it is missing. */
export function findPeers(): Peers {
  const missing: string[] = [];
  const code = `await (await import(${JSON.stringify(setupScript)})).installPython("venv-bench", "bench");`;
  const made = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
    encoding: "utf8",
    stdio: ["ignore", "inherit", "pipe"],
  });
  if (made.status !== 0)
    missing.push(`the Python environment could not be made: ${made.stderr.trim().slice(-500)}`);
  const installed = scripts.filter(({ name, module }) => {
    const problem = importProblem(module);
    if (problem !== undefined) missing.push(`${name}: not installed: ${problem}`);
    return problem === undefined;
  });
  return {
    missing,
    of: (file) =>
      installed.map(({ name, script }) => ({
        name,
        command: [python, path.join(import.meta.dirname, "peers", script), file],
      })),
  };
}

function importProblem(module: string): string | undefined {
  if (!existsSync(python)) return "there is no Python environment";
  const { status, stderr } = spawnSync(python, ["-c", `import ${module}`], { encoding: "utf8" });
  return status === 0 ? undefined : (stderr.trim().split("\n").at(-1) ?? "it cannot be imported");
}

/** The hand-written DuckDB script as a process of its own. */
export function handWrittenProcess(name: string, statementsFile: string): Contender {
  const script = path.join(import.meta.dirname, "peers", "duckdb.mjs");
  return { name, command: [process.execPath, script, statementsFile] };
}
