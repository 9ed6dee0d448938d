import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openSession } from "../../src/commands/session.ts";
import { testContext } from "../support/context.ts";
import { folderWith, gate, limits, mlops, resultIn } from "./gate-case.ts";

describe("a dry run", () => {
  it("makes no store to look for a baseline in", async () => {
    const cwd = folderWith({ "new.json": { auc: 0.9 } });
    const baseline = [
      "--baseline-alias",
      "champion",
      "--model-name",
      "mortality",
      "--max-regression",
      "0.01",
    ];
    const { code, stdout } = await gate(cwd, ...limits, ...baseline, "--dry-run");
    expect([code, stdout]).toEqual([0, expect.stringContaining("has the alias champion: first model")]);
    expect(readdirSync(cwd)).toEqual(["new.json"]);
  });
});

describe("against the version behind an alias, on the embedded store", () => {
  /** Two runs of one experiment; `mlops evaluate` has measured the first, which is registered as champion. */
  async function storeWithChampion(evaluated: boolean) {
    const cwd = folderWith({
      "old.csv": "label,score\n0,0.1\n0,0.6\n1,0.5\n1,0.9\n",
      "new.csv": "label,score\n0,0.1\n0,0.2\n1,0.5\n1,0.9\n",
      "other.csv": "label,score\n0,0.1\n1,0.2\n1,0.5\n1,0.9\n",
    });
    const context = testContext({ cwd });
    const session = await openSession({ trackingUri: undefined, storeDir: ".mlops/store" }, context);
    const runIds: string[] = [];
    try {
      const experimentId = await session.client.ensureExperiment("demo");
      for (const name of ["first", "second"]) {
        const request = { experimentId, name, startTimeMs: Date.now(), tags: {}, idempotencyKey: name };
        const { runId, artifactUri } = await session.client.createRun(request);
        await session.client.artifacts.uploadFile(artifactUri, "old.csv", path.join(cwd, "old.csv"));
        runIds.push(runId);
      }
      const [runId = ""] = runIds;
      await session.client.ensureRegisteredModel("mortality");
      const { artifactUri } = await session.client.getRun(runId);
      const { version } = await session.client.createModelVersion({
        name: "mortality",
        source: `${artifactUri}/old.csv`,
        runId,
        tags: { "metric.roc_auc": "0.75" },
      });
      await session.client.setAlias("mortality", "champion", version);
    } finally {
      await session.close();
    }
    if (evaluated) {
      const args = ["evaluate", "--predictions", "old.csv", "--run-id", runIds[0] ?? ""];
      const measured = await mlops(cwd, args);
      expect(measured.code, measured.stderr).toBe(0);
    }
    return { cwd, runIds };
  }

  async function evaluateAndGate(cwd: string, table: string, runId: string) {
    const evaluated = await mlops(cwd, ["evaluate", "--predictions", table], { MLFLOW_RUN_ID: runId });
    expect(evaluated.code, evaluated.stderr).toBe(0);
    const args = [
      "--model-name",
      "mortality",
      "--baseline-alias",
      "champion",
      "--max-regression",
      "0.01",
      "--min-auc",
      "0.5",
    ];
    return await gate(cwd, ...args);
  }

  it("takes the evaluation that was kept with its run; the run has the metrics too", async () => {
    const { cwd, runIds } = await storeWithChampion(true);
    const { code, stdout, stderr } = await evaluateAndGate(cwd, "new.csv", runIds[1] ?? "");
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("mortality version 1 (champion)");
    const result = resultIn(cwd);
    expect(result.runId).toBe(runIds[1]);
    expect(result.baseline).toMatchObject({ runId: runIds[0], model: "mortality version 1 (champion)" });
    expect(result.checks[1]).toMatchObject({ observed: 1, baseline: 0.75, verdict: "pass" });
    const context = testContext({ cwd });
    const session = await openSession({ trackingUri: undefined, storeDir: ".mlops/store" }, context);
    try {
      expect((await session.client.getRun(runIds[1] ?? "")).metrics.get("eval.roc_auc")).toBe(1);
    } finally {
      await session.close();
    }
  });

  it("refuses to compare the champion with itself, or on other rows", async () => {
    const { cwd, runIds } = await storeWithChampion(true);
    const self = await evaluateAndGate(cwd, "old.csv", runIds[0] ?? "");
    expect([self.code, self.stdout]).toEqual([
      4,
      expect.stringContaining("the candidate is the baseline: both have run"),
    ]);
    const rows = await evaluateAndGate(cwd, "other.csv", runIds[1] ?? "");
    expect([rows.code, rows.stdout]).toEqual([4, expect.stringContaining("the evaluation sets differ")]);
  });

  it("falls back on the tags of the version, with a warning", async () => {
    const { cwd, runIds } = await storeWithChampion(false);
    const { code, stderr } = await evaluateAndGate(cwd, "new.csv", runIds[1] ?? "");
    expect(code).toBe(0);
    expect(stderr).toContain("compared by the tags of the version");
    expect(resultIn(cwd).checks[1]).toMatchObject({ baseline: 0.75 });
  });

  it("an alias that does not exist is a first model; --first-model block gives no verdict", async () => {
    const cwd = folderWith({ "new.json": { auc: 0.9 } });
    const args = [
      ...limits,
      "--model-name",
      "mortality",
      "--baseline-alias",
      "champion",
      "--max-regression",
      "0.01",
    ];
    const allowed = await gate(cwd, ...args);
    expect([allowed.code, allowed.stdout]).toEqual([
      0,
      expect.stringContaining("has the alias champion: first model"),
    ]);
    expect((await gate(cwd, ...args, "--first-model", "block")).code).toBe(4);
  });
});
