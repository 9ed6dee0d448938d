import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openSession } from "../../src/commands/session.ts";
import { comparisonResult } from "../../src/results/comparison.ts";
import { testContext } from "../support/context.ts";
import { folderWith, mlops } from "./gate-case.ts";

describe("mlops compare", () => {
  it("compares result files of mlops evaluate, and a folder that holds one", async () => {
    const cwd = folderWith({
      "old.csv": "label,score\n0,0.1\n0,0.6\n1,0.5\n1,0.9\n",
      "new.csv": "label,score\n0,0.1\n0,0.2\n1,0.5\n1,0.9\n",
    });
    for (const name of ["old", "new"]) {
      const evaluated = await mlops(cwd, [
        "evaluate",
        "--predictions",
        `${name}.csv`,
        "--output-path",
        `${name}.json`,
      ]);
      expect(evaluated.code, evaluated.stderr).toBe(0);
    }
    const { code, stdout } = await mlops(cwd, [
      "compare",
      "old.json",
      "new.json",
      "--output-path",
      "both.json",
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain("the same evaluation set");
    expect(stdout).toMatch(/roc_auc +0\.7500 +1\.0000 +\+0\.2500/);
    const written = comparisonResult.parse(JSON.parse(readFileSync(path.join(cwd, "both.json"), "utf8")));
    expect(written.metrics.find((row) => row.metric === "roc_auc")?.values).toEqual([0.75, 1]);
  });

  it("shows one metric only where one is named, by any of its names", async () => {
    const cwd = folderWith({ "a.json": { auc: 0.8, brier: 0.2 }, "b.json": { roc_auc: 0.9, brier: 0.1 } });
    const { code, stdout } = await mlops(cwd, ["compare", "a.json", "b.json", "--metric", "AUC", "--json"]);
    expect(code).toBe(0);
    expect(comparisonResult.parse(JSON.parse(stdout)).metrics.map((row) => row.metric)).toEqual(["roc_auc"]);
  });

  it("takes runs and versions of the store, with the parameters that differ", async () => {
    const cwd = folderWith({ "p.csv": "label,score\n0,0.1\n0,0.6\n1,0.5\n1,0.9\n" });
    const context = testContext({ cwd });
    const session = await openSession({ trackingUri: undefined, storeDir: ".mlops/store" }, context);
    const runIds: string[] = [];
    try {
      const experimentId = await session.client.ensureExperiment("demo");
      for (const [name, depth] of [
        ["first", "3"],
        ["second", "5"],
      ] as const) {
        const request = { experimentId, name, startTimeMs: 1, tags: {}, idempotencyKey: name };
        const { runId } = await session.client.createRun(request);
        await session.client.logBatch(runId, {
          params: [{ key: "depth", value: depth }],
          metrics: [{ key: "auc", value: Number(depth) / 10, timestampMs: 1, step: 0 }],
        });
        runIds.push(runId);
      }
      const [first = ""] = runIds;
      const { artifactUri } = await session.client.getRun(first);
      await session.client.artifacts.uploadFile(artifactUri, "p.csv", path.join(cwd, "p.csv"));
      await session.client.ensureRegisteredModel("mortality");
      const request = { name: "mortality", source: `${artifactUri}/p.csv`, runId: first, tags: {} };
      const { version } = await session.client.createModelVersion(request);
      await session.client.setAlias("mortality", "champion", version);
    } finally {
      await session.close();
    }
    const [, second = ""] = runIds;
    const { code, stdout, stderr } = await mlops(cwd, [
      "compare",
      "models:/mortality@champion",
      `runs:/${second}`,
    ]);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("A  mortality version 1 (champion), run first");
    expect(stdout).toMatch(/roc_auc +0\.3000 +0\.5000 +\+0\.2000 +better/);
    expect(stdout).toMatch(/parameters that differ\n +A +B\ndepth +3 +5/);
  });

  it("says what is wrong, and with which exit code", async () => {
    const cwd = folderWith({ "a.json": { auc: 0.8 }, "c.json": { rmse: 2 } });
    const outcome = async (...args: string[]) => {
      const { code, stderr } = await mlops(cwd, ["compare", ...args]);
      return [code, stderr] as const;
    };
    expect(await outcome("a.json")).toEqual([
      2,
      expect.stringContaining("two or more things, and one was given"),
    ]);
    expect(await outcome("", "a.json")).toEqual([2, expect.stringContaining("is an empty text")]);
    expect(await outcome("a.json", "models:/x/latest")).toEqual([
      2,
      expect.stringMatching(/the version is "latest", expected a whole number[\s\S]*models:\/x@latest/),
    ]);
    expect(await outcome("a.json", "a.json", "--metric", "nonsense")).toEqual([
      4,
      expect.stringContaining("no metric that two sides have, of those named: nonsense (--metric)"),
    ]);
    expect(await outcome("a.json", "a.json", "--output-path", "x", "--report", "x")).toEqual([
      2,
      expect.stringContaining("--report is x, which is another result at the same time"),
    ]);
    expect(await outcome("a.json", "models:/x")).toEqual([2, expect.stringContaining("models:/NAME@ALIAS")]);
    expect(await outcome("a.json", "none.json")).toEqual([
      4,
      expect.stringContaining("none.json does not exist (looked for "),
    ]);
    expect(await outcome("a.json", "c.json")).toEqual([
      4,
      expect.stringContaining("no metric that two sides have"),
    ]);
    expect(await outcome("a.json", "models:/mortality@champion")).toEqual([
      4,
      expect.stringContaining("mortality"),
    ]);
    expect(await outcome("a.json", "a.json", "--output-path", "a.json")).toEqual([
      2,
      expect.stringContaining("is an input at the same time"),
    ]);
    // It only reads: no store was made to look for the alias in.
    expect(existsSync(path.join(cwd, ".mlops"))).toBe(false);
  });

  it("takes a file with Python's NaN, as the gate does", async () => {
    const cwd = folderWith({ "a.json": '{"auc": 0.8, "mcc": NaN}', "b.json": { auc: 0.9 } });
    const { code, stdout, stderr } = await mlops(cwd, ["compare", "a.json", "b.json"]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/roc_auc +0\.8000 +0\.9000/);
  });

  it("refuses results of different tasks: metrics of one name are not the same in them", async () => {
    const cwd = folderWith({
      "binary.csv": "label,score\n0,0.1\n0,0.6\n1,0.5\n1,0.9\n",
      "regression.csv": "label,prediction\n1,2\n3,4\n5,4\n",
    });
    for (const name of ["binary", "regression"])
      await mlops(cwd, [
        "evaluate",
        "--predictions",
        `${name}.csv`,
        "--task",
        name,
        "--output-path",
        `${name}.json`,
      ]);
    const { code, stderr } = await mlops(cwd, ["compare", "binary.json", "regression.json"]);
    expect(code).toBe(4);
    expect(stderr).toContain(
      "A (binary.json) is of the task binary, B (regression.json) is of the task regression",
    );
  });
});
