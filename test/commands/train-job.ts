import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { onTestFinished } from "vitest";
import { run } from "../../src/main.ts";
import type { Run, TrackingSession } from "../../src/tracking/types.ts";
import { type TestContext, testContext } from "../support/context.ts";
import { temporaryFolder } from "../support/folder.ts";
import { pythonEnvironment, pythonOfTests } from "../support/python.ts";
import { openTestSession } from "../support/tracking-session.ts";

interface Job {
  readonly cwd: string;
  readonly context: TestContext;
  /** `mlops train` with the given words; the exit code. */
  train(...words: readonly string[]): Promise<number>;
  file(name: string): Promise<string>;
  /** A session over the job's store, once the command has ended. */
  session(): Promise<TrackingSession>;
  /** The run that the files of the output folder name. */
  run(): Promise<Run>;
}

/** A job in a folder of its own that holds the given files; its tests use the embedded store unless `env` names a server. */
export async function job(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<Job> {
  const cwd = temporaryFolder("mlops-train");
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(cwd, name), text);
  const context = testContext({
    cwd,
    env: { ...pythonEnvironment({}), MLOPS_PYTHON: await pythonOfTests(), ...env },
  });
  const file = (name: string) => readFile(path.join(cwd, name), "utf8");
  const session = async () => {
    const opened = await openTestSession({ trackingUri: undefined, cwd, storeDir: ".mlops/store" });
    onTestFinished(() => opened[Symbol.asyncDispose]());
    return opened.session;
  };
  return {
    cwd,
    context,
    file,
    session,
    train: (...words) => run(["train", ...words], context),
    run: async () => (await session()).client.getRun((await file("outputs/mlflow_run_id.txt")).trim()),
  };
}
