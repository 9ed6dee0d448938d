import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { compared, folderWith, gate, limits, resultIn } from "./gate-case.ts";

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
