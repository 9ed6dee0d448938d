import path from "node:path";
import { describe, expect, it } from "vitest";
import { openSession } from "../../src/commands/session.ts";
import { runCli } from "../support/cli.ts";
import { testContext } from "../support/context.ts";
import { folderWith } from "./gate-case.ts";

const table = "id,label,score\n1,0,0.1\n2,0,0.6\n3,1,0.5\n4,1,0.9\n";
const evaluated = { metrics: { roc_auc: 0.8 }, evalSet: { rows: 4 } };

/** The commands that make files for the time of their run only. */
const cases: readonly (readonly [string, readonly string[]])[] = [
  ["evaluate", ["evaluate", "--predictions", "p.csv"]],
  ["validate", ["validate", "--data-path", "p.csv"]],
  ["compare with a run", ["compare", "a.json", "models:/m@champion"]],
  [
    "gate against a version",
    [
      "gate",
      "--new-metrics",
      "a.json",
      "--min-auc",
      "0.5",
      "--model-name",
      "m",
      "--baseline-alias",
      "champion",
      "--max-regression",
      "0.1",
    ],
  ],
  ["a server that stands in for a store", ["compare", "a.json", "models:/m/1", "--store-dir", "none"]],
];

/** A version m@champion whose run has an evaluation. */
async function folderWithVersion(): Promise<string> {
  const cwd = folderWith({ "p.csv": table, "a.json": evaluated });
  const session = await openSession(
    { trackingUri: undefined, storeDir: ".mlops/store" },
    testContext({ cwd }),
  );
  const { client } = session;
  try {
    const experimentId = await client.ensureExperiment("demo");
    const request = { experimentId, name: "one", startTimeMs: 1, tags: {}, idempotencyKey: "one" };
    const { runId, artifactUri } = await client.createRun(request);
    await client.artifacts.uploadFile(artifactUri, "evaluation_results.json", path.join(cwd, "a.json"));
    await client.ensureRegisteredModel("m");
    const made = { name: "m", source: `${artifactUri}/evaluation_results.json`, runId, tags: {} };
    await client.setAlias("m", "champion", (await client.createModelVersion(made)).version);
  } finally {
    await session.close();
  }
  return cwd;
}

describe("a temporary folder that cannot be written to", () => {
  it.each(cases)("is an error that names it: %s", async (_, args) => {
    const cwd = await folderWithVersion();
    const env = { TMPDIR: path.join(cwd, "a.json") };
    const { code, stderr } = await runCli(args, { cwd, env });
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(`No folder can be made in the temporary folder ${env.TMPDIR}`);
    expect(stderr).toContain("Set TMPDIR to a folder that exists and may be written to.");
  });

  it("is no hindrance to a comparison of files, which then is not paired", async () => {
    const cwd = folderWith({ "p.csv": table });
    for (const name of ["a", "b"]) {
      const kept = ["--output-path", `${name}.json`, "--scores-path", `${name}.parquet`, "--row-id", "id"];
      expect((await runCli(["evaluate", "--predictions", "p.csv", ...kept], { cwd })).code).toBe(0);
    }
    const env = { TMPDIR: path.join(cwd, "a.json") };
    const { code, stdout } = await runCli(["compare", "a.json", "b.json"], { cwd, env });
    expect(code).toBe(0);
    expect(stdout).toContain("not paired row by row: No folder can be made in the temporary folder");
  });
});
