import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openSession } from "../../src/commands/session.ts";
import { testContext } from "../support/context.ts";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, resultIn, tableIn } from "./evaluate-case.ts";

const table = "label,score,g\n0,0.1,a\n1,0.9,b\n1,0.3,a\n0,0.2,b\n";

describe("--metric", () => {
  it("shows these metrics only, under any of their names; the result file has all", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, table);
    const names = ["--metric", "AUC", "--metric", "ece", "--metric", "recall"];
    const args = [...names, "--subgroup", "g", "--metrics-file", "metrics.txt"];
    const { code, stdout, stderr } = await evaluate(cwd, "--predictions", "p.csv", ...args);
    expect(code, stderr).toBe(0);
    const shown = stdout.split("\n").filter((line) => /^ {2}[a-z]/.test(line) && !line.includes("rows"));
    expect(shown.map((line) => line.trim().split(" ")[0])).toEqual([
      "roc_auc",
      "ece{bins=15,strategy=uniform}",
      "ece{bins=15,strategy=quantile}",
      "recall",
    ]);
    expect(stdout).toContain("roc_auc by g, worst first");
    expect(Object.keys(resultIn(cwd).metrics)).toContain("log_loss");
    const families = readFileSync(path.join(cwd, "metrics.txt"), "utf8").match(/(?<=# TYPE )\w+/g);
    expect(families).toEqual(["rows", "positives", "negatives", "roc_auc", "ece", "recall"]);
  });

  it("orders the subgroups by the first one that is named where the usual one is not", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, table);
    const args = ["--metric", "brier", "--subgroup", "g"];
    expect((await evaluate(cwd, "--predictions", "p.csv", ...args)).stdout).toContain(
      "brier by g, worst first",
    );
  });

  it("logs these metrics only on the run, of the subgroups too", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, table);
    const session = await openSession(
      { trackingUri: undefined, storeDir: ".mlops/store" },
      testContext({ cwd }),
    );
    try {
      const experimentId = await session.client.ensureExperiment("demo");
      const run = { experimentId, name: "run", startTimeMs: 0, tags: {}, idempotencyKey: "run" };
      const { runId } = await session.client.createRun(run);
      const args = ["--metric", "auc", "--metric", "ks", "--subgroup", "g", "--run-id", runId];
      const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", ...args);
      expect(code, stderr).toBe(0);
      expect([...(await session.client.getRun(runId)).metrics.keys()].sort()).toEqual([
        ...["eval.example_count", "eval.ks", "eval.ks.g.a", "eval.ks.g.b"],
        ...["eval.roc_auc", "eval.roc_auc.g.a", "eval.roc_auc.g.b"],
      ]);
    } finally {
      await session.close();
    }
  });

  it("takes custom metrics too", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, table);
    writeFileSync(path.join(cwd, "c.json"), '[{"name": "Profit", "value": 3, "higherIsBetter": true}]');
    const args = ["--custom-metrics", "c.json", "--metric", "profit"];
    const { code, stdout } = await evaluate(cwd, "--predictions", "p.csv", ...args);
    expect([code, stdout]).toEqual([0, expect.stringContaining("Profit  3.0000")]);
  });

  it.each([
    ["rocauk", '--metric "rocauk" is no metric; did you mean "rocauc"'],
    ["rmse", '--metric "rmse" is no metric of this evaluation (binary)'],
    ["ece{bins=10}", '--metric "ece{bins=10}" is no metric of this evaluation'],
  ])("refuses %s, and leaves no result", async (name, message) => {
    const cwd = temporaryFolder();
    tableIn(cwd, table);
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", "--metric", name);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(existsSync(path.join(cwd, "evaluation_results.json"))).toBe(false);
  });
});
