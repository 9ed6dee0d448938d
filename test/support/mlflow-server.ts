import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { pythonEnvironment, pythonOfTests } from "./python.ts";

/** The version whose behaviour the conformance table states. */
export const mlflowVersion = "3.17.2";

const startLimitMs = 60_000;
const stopLimitMs = 5_000;

export interface MlflowServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** What the server has written so far: for the message of a failing test. */
  log(): string;
  close(): Promise<void>;
}

/**
 * A real MLflow server of the pinned version on loopback, over SQLite and a local artifact folder, both in `directory`.
 * It is the application that `mlflow server --workers 1` starts, started without the wrapper: one process instead of three,
 * 2 s instead of 5 (12 s with the default workers), and the kernel chooses the port. Its settings are the variables that
 * the wrapper sets for its workers; the start fails where a version no longer reads them.
 */
export async function startMlflowServer(options: {
  /** Holds `mlflow.db` and `artifacts/`, unless they are named. Created if missing. */
  readonly directory: string;
  /** An SQLite file, e.g. one made by `mlflow migrate-filestore`. */
  readonly database?: string;
  readonly artifacts?: string;
}): Promise<MlflowServer> {
  await mkdir(options.directory, { recursive: true });
  const database = options.database ?? path.join(options.directory, "mlflow.db");
  const child = spawn(
    await pythonOfTests(),
    [..."-m uvicorn mlflow.server.fastapi_app:app --host 127.0.0.1 --port 0 --no-access-log".split(" ")],
    {
      cwd: options.directory,
      env: pythonEnvironment({
        _MLFLOW_SERVER_FILE_STORE: `sqlite:///${database}`,
        _MLFLOW_SERVER_ARTIFACT_ROOT: "mlflow-artifacts:/",
        _MLFLOW_SERVER_SERVE_ARTIFACTS: "true",
        _MLFLOW_SERVER_ARTIFACT_DESTINATION: options.artifacts ?? path.join(options.directory, "artifacts"),
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
      }),
      stdio: ["ignore", "pipe", "pipe"],
      // Its own process group, so that whatever it starts can be ended with it.
      detached: true,
    },
  );
  const endWithUs = () => signalGroup(child, "SIGKILL");
  process.once("exit", endWithUs);
  const lines: string[] = [];
  const server = {
    log: () => lines.join("\n"),
    close: async () => {
      process.removeListener("exit", endWithUs);
      await stop(child);
    },
  };
  try {
    const url = await addressOf(child, lines);
    await checkServer(url);
    return { url, ...server };
  } catch (error) {
    await server.close();
    throw new Error(`No MLflow server: ${String(error)}\n${server.log()}`, { cause: error });
  }
}

/** Waits for the line in which uvicorn names its address; it writes that once it listens. */
async function addressOf(child: ChildProcess, lines: string[]): Promise<string> {
  const found = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      const address = /Uvicorn running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (address !== undefined) found.resolve(address);
    });
  }
  child.once("error", found.reject);
  child.once("exit", (code, signal) => {
    found.reject(new Error(`it ended at its start (exit code ${code}, signal ${signal})`));
  });
  const waiting = new AbortController();
  const limit = delay(startLimitMs, undefined, { signal: waiting.signal }).then(
    () => found.reject(new Error(`it did not listen within ${startLimitMs} ms`)),
    () => undefined,
  );
  try {
    return await found.promise;
  } finally {
    waiting.abort();
    await limit;
  }
}

/** The first API call makes the database schema, and shows that the settings were read. */
async function checkServer(url: string): Promise<void> {
  const signal = AbortSignal.timeout(startLimitMs);
  const version = await (await fetch(`${url}/version`, { signal })).text();
  if (version !== mlflowVersion) throw new Error(`it is version ${version}, not ${mlflowVersion}`);
  const response = await fetch(`${url}/api/2.0/mlflow/experiments/get?experiment_id=0`, { signal });
  const body = await response.text();
  if (!/"artifact_location": "mlflow-artifacts:\/0"/.test(body)) {
    throw new Error(`its first experiment is not as expected: ${response.status} ${body}`);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  const stillRunning = child.exitCode === null && child.signalCode === null;
  if (stillRunning && child.pid !== undefined) {
    const ended = once(child, "exit");
    signalGroup(child, "SIGTERM");
    const late = new AbortController();
    const kill = delay(stopLimitMs, undefined, { signal: late.signal }).then(
      () => signalGroup(child, "SIGKILL"),
      () => undefined,
    );
    await ended;
    late.abort();
    await kill;
  }
  // What it may have started and left behind.
  signalGroup(child, "SIGKILL");
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    const gone = error instanceof Error && "code" in error && error.code === "ESRCH";
    if (!gone) throw error;
  }
}
