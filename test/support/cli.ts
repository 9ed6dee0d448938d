import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";

const bin = path.resolve(import.meta.dirname, "..", "..", "bin", "mlops.js");

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly process: ChildProcess;
  readonly finished: Promise<CliResult>;
  /** Resolves as soon as stdout and stderr together match; rejects if the program ends before. */
  printed(pattern: RegExp): Promise<void>;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What stdin holds; default: nothing. */
  readonly input?: string;
}

/** Starts the built program as a user would: `npm run build` must have been run (npm test does). */
export function startCli(args: readonly string[], options: CliOptions): RunningCli {
  // Nothing of a surrounding CI job or of the developer's own settings may leak in.
  const env = {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    MLFLOW_DISABLE_TELEMETRY: "true",
    ...options.env,
  };
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd,
    env,
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => undefined).end(options.input ?? "");
  let stdout = "";
  let stderr = "";
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const check of waiting) check();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    wake();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    wake();
  });
  const finished = new Promise<CliResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return {
    process: child,
    finished,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (!pattern.test(`${stdout}\n${stderr}`)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
        void finished.then(() => {
          if (waiting.has(check))
            reject(new Error(`ended before it printed ${pattern}:\n${stdout}\n${stderr}`));
        });
      }),
  };
}

/** Runs the built program to its end. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return await startCli(args, options).finished;
}
