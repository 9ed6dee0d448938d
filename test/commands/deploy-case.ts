import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished } from "vitest";
import { run } from "../../src/main.ts";
import { deploymentResult } from "../../src/results/deploy.ts";
import { processesOf } from "../deploy/environment.ts";
import { testContext } from "../support/context.ts";
import { temporaryFolder } from "../support/folder.ts";
import { openTestSession } from "../support/tracking-session.ts";

export const server = path.resolve(import.meta.dirname, "..", "deploy", "servers", "serve.mjs");
export const serve = ["--", "node", server];
export const smoke = ["--smoke-request", '{"age": 54}', "--smoke-expect", "risk"];

/**
 * A project whose embedded store holds versions of the model `mortality`; `behaviours` of the test server by version.
 * `source` is what a version is made of: the folder, or the file in it.
 */
export async function project(
  behaviours: readonly Readonly<Record<string, unknown>>[],
  source = "model",
): Promise<string> {
  const cwd = temporaryFolder("mlops-deploy-command");
  await using opened = await openTestSession({ trackingUri: undefined, cwd, storeDir: ".mlops/store" });
  const { client } = opened.session;
  const experimentId = await client.ensureExperiment("e");
  await client.ensureRegisteredModel("mortality");
  for (const [index, behaviour] of behaviours.entries()) {
    const created = { experimentId, startTimeMs: index + 1, tags: {}, idempotencyKey: `k${index}` };
    const { runId, artifactUri } = await client.createRun(created);
    const file = path.join(cwd, "behaviour.json");
    await writeFile(file, JSON.stringify(behaviour));
    await client.artifacts.uploadFile(artifactUri, "model/behaviour.json", file);
    await client.createModelVersion({
      name: "mortality",
      source: `${artifactUri}/${source}`,
      runId,
      tags: {},
    });
  }
  await client.setAlias("mortality", "champion", "1");
  onTestFinished(async () => {
    await mlops(cwd, ["deploy", "--stop"]);
    expect(await processesOf(cwd), "processes left running").toEqual([]);
  });
  return cwd;
}

/** A command line in a project: the exit code and what was printed. */
export async function mlops(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const context = testContext({ cwd, env: { PATH: process.env["PATH"] ?? "", ...env } });
  const code = await run(args, context);
  return { code, ...context.printed() };
}

/** `mlops deploy` of a version with the test server and a smoke request; more flags come before the server. */
export const deploy = (cwd: string, version: string, ...more: readonly string[]) =>
  mlops(cwd, [
    "deploy",
    "--model-name",
    "mortality",
    "--model-version",
    version,
    ...smoke,
    ...more,
    ...serve,
  ]);

/** The result that a deployment has written, read by its schema. */
export const resultOf = (cwd: string) =>
  deploymentResult.parse(JSON.parse(readFileSync(path.join(cwd, "deployment.json"), "utf8")));
