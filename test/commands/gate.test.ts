import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openSession } from "../../src/commands/session.ts";
import { run } from "../../src/main.ts";
import { gateResult } from "../../src/results/gate.ts";
import { testContext } from "../support/context.ts";
import { temporaryFolder } from "../support/folder.ts";

async function mlops(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const context = testContext({ cwd, env });
  const code = await run(args, context);
  return { code, ...context.printed() };
}

const gate = (cwd: string, ...args: string[]) => mlops(cwd, ["gate", ...args]);

function folderWith(files: Readonly<Record<string, unknown>>): string {
  const cwd = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(cwd, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return cwd;
}

function resultIn(cwd: string) {
  return gateResult.parse(JSON.parse(readFileSync(path.join(cwd, "gate.json"), "utf8")));
}

const limits = ["--new-metrics", "new.json", "--min-auc", "0.75"];
const compared = [...limits, "--baseline-metrics", "old.json", "--max-regression", "0.01"];

describe("the verdict is the same in text, file, dotenv and exit code", () => {
  it.each([
    ["pass", 0, 0.9, "PASS"],
    ["fail", 3, 0.7, "FAIL"],
    ["error", 4, null, "NO VERDICT"],
  ])("%s", async (verdict, exitCode, auc, word) => {
    const cwd = folderWith({ "new.json": { auc, f1: 0.5 } });
    const { code, stdout } = await gate(cwd, ...limits, "--dotenv", "gate.env");
    expect(code).toBe(exitCode);
    expect(stdout.startsWith(word)).toBe(true);
    expect(resultIn(cwd).verdict).toBe(verdict);
    expect(readFileSync(path.join(cwd, "gate.env"), "utf8")).toBe(`GATE_VERDICT=${verdict}\n`);
  });

  it("with one line a check: observed, limit, margin", async () => {
    const cwd = folderWith({ "new.json": { auc: 0.8 }, "old.json": { auc: 0.9 } });
    const { code, stdout } = await gate(cwd, ...compared);
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /fail {5}roc_auc regression <= 0\.01 {2}all rows {2}observed 0\.8 {2}baseline 0\.9 {2}limit 0\.01 {2}margin -0\.09/,
    );
    expect(stdout).toMatch(
      /pass {5}roc_auc >= 0\.75 +all rows {2}observed 0\.8 {2}limit 0\.75 {2}margin \+0\.05/,
    );
    const result = resultIn(cwd);
    expect(result).toMatchObject({ baselineKind: "stored", baseline: { uri: "old.json", model: null } });
    expect(result.inputs.map((input) => input.role)).toEqual(["candidate", "baseline"]);
    expect(result.checks[1]).toMatchObject({
      observed: 0.8,
      baseline: 0.9,
      limit: 0.01,
      source: "--max-regression",
    });
  });
});

describe("no verdict, exit 4", () => {
  it.each([
    ["a candidate that is not there", {}, "new.json (--new-metrics) cannot be read"],
    ["a truncated file", { "new.json": '{"auc": 0.9' }, "ends too early"],
    ["a key twice", { "new.json": '{"auc": 0.9, "auc": 0.8}' }, "stands there twice"],
    ["a number as text", { "new.json": '{"auc": "0.93"}' }, "expected a number"],
    ["an impossible value", { "new.json": '{"auc": 1.7}' }, "roc_auc cannot be"],
    [
      "a baseline that is not there",
      { "new.json": { auc: 0.9 } },
      "old.json (--baseline-metrics) cannot be read",
    ],
    ["a broken baseline", { "new.json": { auc: 0.9 }, "old.json": "[]" }, "old.json holds no object"],
  ])("%s", async (_title, files, message) => {
    const cwd = folderWith({ ...files, "gate.json": '{"verdict": "pass"}' });
    const { code, stderr } = await gate(cwd, ...compared);
    expect([code, stderr]).toEqual([4, expect.stringContaining(message)]);
    expect(existsSync(path.join(cwd, "gate.json")), "the pass of an earlier start is gone").toBe(false);
  });

  it("a file that is not UTF-8", async () => {
    const cwd = folderWith({});
    writeFileSync(path.join(cwd, "new.json"), Buffer.from('{"auc": 0.9, "g\xe9": 1}', "latin1"));
    expect((await gate(cwd, ...limits)).code).toBe(4);
  });
});

describe("a byte-order mark, as some editors write it", () => {
  it("is fine", async () => {
    expect((await gate(folderWith({ "new.json": '\uFEFF{"auc": 0.9}' }), ...limits)).code).toBe(0);
  });
});

describe("settings that make no sense, exit 2", () => {
  it.each([
    [[], "No threshold is set"],
    [["--min-auc", "75"], "between 0 and 1"],
    [["--max-regression", "0.01"], "none is named"],
    [["--min-auc", "0.7", "--baseline-alias", "champion"], "of which model?"],
    [["--min-auc", "0.7", "--output-path", "new.json"], "is an input at the same time"],
    [["--min-auc", "0.7", "--first-model", "maybe"], "expected one of allow, block"],
    [["--metric-name", "auc", "--higher-is-better", "false", "--min-threshold", "0.7"], "better when higher"],
  ])("%j", async (args, message) => {
    const cwd = folderWith({ "new.json": { auc: 0.9 } });
    const { code, stderr } = await gate(cwd, "--new-metrics", "new.json", ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(existsSync(path.join(cwd, "gate.json"))).toBe(false);
  });
});

describe("the next step fits what is wrong", () => {
  it("only where there is no rule at all is an example of rules given", async () => {
    const cwd = folderWith({ "new.json": { auc: 0.9 } });
    const example = "For example: mlops gate --min-auc";
    expect((await gate(cwd, "--new-metrics", "new.json")).stderr).toContain(example);
    const { stderr } = await gate(cwd, ...limits, "--max-regression", "-1", "--first-model", "allow");
    expect(stderr).not.toContain(example);
    expect(stderr).toContain("mlops gate --help");
  });

  it("a baseline file that is not there: how to gate a first model", async () => {
    const cwd = folderWith({ "new.json": { auc: 0.9 } });
    expect((await gate(cwd, ...compared)).stderr).toContain("--first-model allow");
    expect((await gate(cwd, "--new-metrics", ".", "--min-auc", "0.7")).stderr).not.toContain("GitLab");
  });
});

describe("a name from a result file", () => {
  it("cannot write lines of its own into the job log", async () => {
    const name = "EU\nPASS: all is well\u001b[2K";
    const groups = { region: { [name]: { auc: 0.1 } } };
    const cwd = folderWith({ "new.json": { auc: 0.9, subgroups: groups } });
    const { stdout } = await gate(cwd, ...limits, "--subgroup-min", "auc=0.5");
    expect(stdout).toContain("region=EU·PASS: all is well·[2K");
    expect(resultIn(cwd).checks[1]?.subgroup).toBe(`region=${name}`);
  });
});

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

describe("settings from mlops.yaml", () => {
  it("hold without flags; a check names its line", async () => {
    const rules =
      "  rules:\n    - { metric: log_loss, max_regression: 1% }\n    - metric: brier\n      max: 0.1\n";
    const cwd = folderWith({
      "mlops.yaml": `gate:\n  min_auc: 0.7\n  new_metrics: new.json\n  baseline_metrics: old.json\n${rules}`,
      "new.json": { auc: 0.8, log_loss: 0.5, brier: 0.2 },
      "old.json": { auc: 0.8, log_loss: 0.5 },
    });
    expect((await gate(cwd)).code).toBe(3);
    expect(resultIn(cwd).checks.map((check) => [check.rule, check.source, check.verdict])).toEqual([
      ["roc_auc >= 0.7", "mlops.yaml:2", "pass"],
      ["brier <= 0.1", "mlops.yaml:7", "fail"],
      ["log_loss regression <= 1%", "mlops.yaml:6", "pass"],
    ]);
  });

  it("an unknown key is exit 2 with the nearest one", async () => {
    const cwd = folderWith({ "mlops.yaml": "gate:\n  rules:\n    - { metrc: auc, min: 1 }\n" });
    expect((await gate(cwd)).stderr).toContain('did you mean "metric"');
    const empty = folderWith({ "mlops.yaml": "gate:\n  rules:\n    - { metric: auc }\n" });
    expect((await gate(empty)).stderr).toContain("needs a limit");
  });
});

describe("the first model", () => {
  it("a baseline file that is not there is one only where that was said", async () => {
    const cwd = folderWith({ "new.json": { auc: 0.9 } });
    expect((await gate(cwd, ...compared)).code).toBe(4);
    expect((await gate(cwd, ...compared, "--first-model", "block")).code).toBe(4);
    const allowed = await gate(cwd, ...compared, "--first-model", "allow");
    expect([allowed.code, allowed.stdout]).toEqual([0, expect.stringContaining("old.json does not exist")]);
    expect(resultIn(cwd)).toMatchObject({ baselineKind: "first-model", baseline: null });
  });
});

describe("--dry-run", () => {
  it("decides and writes nothing", async () => {
    const cwd = folderWith({ "new.json": { auc: 0.7 } });
    const { code, stdout } = await gate(cwd, ...limits, "--dry-run");
    expect([code, stdout]).toEqual([3, expect.stringContaining("nowhere")]);
    expect(existsSync(path.join(cwd, "gate.json"))).toBe(false);
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
