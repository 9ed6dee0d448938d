import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { run } from "../../src/main.ts";
import { testContext } from "../support/context.ts";
import { temporaryFolder } from "../support/folder.ts";
import { runPython } from "../support/python.ts";
import { openTestStore } from "./client.ts";

const scripts = path.join(import.meta.dirname, "python");

interface Dump {
  readonly experiments: readonly unknown[];
  readonly runs: readonly unknown[];
  readonly logged_models: readonly unknown[];
  readonly models: readonly unknown[];
  readonly versions: readonly unknown[];
}

async function python(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const result = await runPython({ args, cwd, env: { GIT_PYTHON_REFRESH: "quiet", ...env } });
  if (result.exitCode !== 0) throw new Error(`${args.join(" ")}:\n${result.stderr}`);
  return result.stdout;
}

/** Relative path -> bytes of everything below `artifacts` folders. */
function artifactsBelow(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.split(path.sep).includes("artifacts"))
    .filter((file) => statSync(path.join(folder, file)).isFile());
  return new Map(files.sort().map((file) => [file, readFileSync(path.join(folder, file), "base64")]));
}

it("filled by the Python client, exported and migrated by MLflow itself, shows the same as before", async () => {
  const cwd = temporaryFolder();
  const directory = path.join(cwd, ".mlops", "store");
  const store = await openTestStore(directory);
  const env = {
    MLFLOW_TRACKING_URI: store.server.url,
    MLFLOW_TRACKING_TOKEN: store.server.token,
  };
  await python(cwd, [path.join(scripts, "fill.py")], env);
  const before = JSON.parse(await python(cwd, [path.join(scripts, "dump.py"), store.server.url], env));
  expect(sizesOf(before)).toEqual({ experiments: 3, runs: 3, logged_models: 2, models: 2, versions: 2 });
  await store.close();

  const context = testContext({ cwd });
  expect(await run(["store", "export", "tree"], context), context.printed().stderr).toBe(0);
  expect(context.printed().stdout).toContain(
    "3 experiments, 3 runs, 2 logged models, 2 registered models, 2 versions",
  );
  const database = `sqlite:///${path.join(cwd, "new.db")}`;
  await python(cwd, [
    "-m",
    "mlflow",
    "migrate-filestore",
    "--source",
    "tree",
    "--target",
    database,
    "--no-progress",
  ]);
  const after = JSON.parse(await python(cwd, [path.join(scripts, "dump.py"), database]));
  expect(after).toEqual(before);
  expect(artifactsBelow(path.join(cwd, "tree"))).toEqual(artifactsBelow(path.join(directory, "experiments")));
}, 180_000);

function sizesOf(dump: Dump): Record<string, number> {
  return Object.fromEntries(Object.entries(dump).map(([name, list]) => [name, list.length]));
}
