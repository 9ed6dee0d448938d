import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, resultIn, tableIn } from "./evaluate-case.ts";

describe("flags that cannot be meant are exit 2", () => {
  it.each([
    [["--quantile", "p90"], '--quantile is "p90", expected a level between 0 and 1'],
    [["--quantile", "1.5=p90"], "expected a level between 0 and 1"],
    [["--interval", "0.8=low"], "such as 0.8=low:high"],
    [["--k", "0"], '--k is "0", expected a whole number from 1 on'],
    [["--k", "3", "--task", "binary"], "--k and --task binary exclude each other"],
    [["--min-precision", "90"], "expected a share such as 0.9 or 90%"],
    [["--cost", "1"], "such as 1:5"],
    [["--cost", "1:5", "--task", "regression"], "--cost and --task regression exclude each other"],
    [["--probability", "a"], "is given once, expected once for each class"],
    [
      ["--probability", "a", "--probability", "b", "--class", "x"],
      "--class is given 1 times and --probability 2 times",
    ],
    [["--class", "x", "--class", "x"], "--class names a class twice"],
    [
      ["--probability", "a", "--probability", "b", "--task", "binary"],
      "--score names the probability of class 1",
    ],
    [["--query", "q", "--task", "binary"], "--query and --task binary exclude each other"],
    [["--threshold", "0.5", "--task", "multiclass"], "only scores of two classes have one"],
    [["--threads", "0"], "--threads is 0"],
    [["--memory-limit", "much"], "expected a size such as 400MB"],
    [["--scores-path", "p.csv"], "--scores-path is"],
    [["--task", "ranking", "--query", "score", "--weight", "score"], "a ranking is measured by query"],
  ])("%j", async (args, message) => {
    const cwd = temporaryFolder();
    tableIn(cwd, "label,score\n0,0.1\n1,0.9\n");
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it.each([
    [["--prediction", "label"], 'the column "label" is the label and the prediction at once'],
    [["--label", "score"], 'the column "score" is the label and the score at once'],
    [["--quantile", "0.9=label"], 'the column "label" is the label and the quantile at once'],
  ])("a truth that would be its own prediction: %j", async (args, message) => {
    const cwd = temporaryFolder();
    tableIn(cwd, "label,score\n0,0.1\n1,0.9\n");
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it("the task quantile, which needs a table of predictions, with a model", async () => {
    const model = ["--model-path", "m.joblib", "--eval-data-path", "p.csv", "--task", "quantile"];
    const { code, stderr } = await evaluate(temporaryFolder(), ...model);
    expect([code, stderr]).toEqual([2, expect.stringContaining("--task quantile needs --predictions")]);
  });
});

describe("settings", () => {
  it("of mlops.yaml hold, and a flag wins over them", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "y,p,exposure,area\n0,0.1,1,a\n1,0.9,2,b\n1,0.3,1,a\n");
    const settings = [
      "evaluate:",
      "  predictions: [p.csv]",
      "  score: p",
      "  subgroup: area",
      "  min_recall: [0.5, 1]",
    ];
    writeFileSync(path.join(cwd, "mlops.yaml"), ["label: y", "weight: exposure", ...settings, ""].join("\n"));
    const { code, stderr } = await evaluate(cwd, "--threshold", "0.2");
    expect(code, stderr).toBe(0);
    const result = resultIn(cwd);
    expect(result).toMatchObject({ weight: 4, threshold: 0.2, columns: { weight: "exposure", label: "y" } });
    const rules = result.thresholdChoices?.map((choice) => choice.rule) ?? [];
    expect(rules).toEqual(expect.arrayContaining(["precision@recall>=0.5", "precision@recall>=1"]));
  });
});

describe("what is odd and was measured all the same is a warning", () => {
  it.each([
    [
      ["--threshold", "0.5"],
      "label,prediction\n1.5,2\n3,4\n",
      "--threshold is not used: the task is regression",
    ],
    [
      ["--k", "3"],
      "label,score\n0,0.1\n1,0.9\n",
      "--k is not used: the task is binary, and only a ranking one has it",
    ],
    [
      ["--cost", "1:5", "--quantile", "0.5=p50"],
      "label,p50\n1,2\n3,4\n",
      "--cost is not used: the task is quantile",
    ],
    [
      ["--interval", "0.8=high:low"],
      "label,low,high\n1,0,2\n3,4,4\n",
      "the interval 0.8 is the wrong way round in 1 of 2 rows (the first is row 1)",
    ],
  ])("%j", async (args, table, message) => {
    const cwd = temporaryFolder();
    tableIn(cwd, table);
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", ...args);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`warning: `);
    expect(stderr).toContain(message);
  });
});

it("a Node without WebAssembly is exit 2, before anything is read", async () => {
  const cwd = temporaryFolder();
  const { code, stderr } = await runCli(["evaluate", "--predictions", "no-such.csv"], {
    cwd,
    env: { NODE_OPTIONS: "--jitless" },
  });
  expect([code, stderr]).toEqual([2, expect.stringContaining("Start Node without --jitless")]);
});
