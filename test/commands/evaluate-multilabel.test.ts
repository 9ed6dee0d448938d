import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../../src/main.ts";
import { testContext } from "../support/context.ts";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, parquetIn, resultIn, tableIn } from "./evaluate-case.ts";

const weather = [
  "label_rain,label_wind,score_rain,score_wind,w,g",
  "1,0,0.9,0.2,1,a",
  "0,1,0.4,0.7,2,b",
  "1,1,0.6,0.3,1,a",
  "0,0,0.1,0.2,1,b",
  "",
].join("\n");

const multilabel = ["--predictions", "p.csv", "--task", "multilabel"];

describe("a task of several labels a row", () => {
  it("finds labels and scores by name, and measures each label, the rows and the subgroups", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, weather);
    const { code, stdout, stderr } = await evaluate(cwd, ...multilabel, "--subgroup", "g");
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(
      "labels rain (label_rain, score_rain), wind (label_wind, score_wind), subgroups g (labels and scores found by name)",
    );
    const result = resultIn(cwd);
    expect(result).toMatchObject({ task: "multilabel", count: 4, positives: null, threshold: 0.5 });
    expect(result.metrics).toMatchObject({ subset_accuracy: 0.75, hamming_loss: 0.125, roc_auc_macro: 1 });
    expect(result.undefined["f1_samples"]).toContain("1 of 4 rows have no label");
    expect(result.perClass?.map((one) => [one.class, one.support, one.metrics["recall"]])).toEqual([
      ["rain", 2, 1],
      ["wind", 2, 0.5],
    ]);
    expect(result.columns.labels).toEqual({
      rain: { label: "label_rain", score: "score_rain", prediction: null },
      wind: { label: "label_wind", score: "score_wind", prediction: null },
    });
    expect(Object.keys(result.subgroups["g"] ?? {})).toEqual(["a", "b"]);
    expect(stdout).toContain("f1_macro by g, worst first");
  });

  it("takes patterns, some labels only, a threshold and weights", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, weather.replaceAll("label_", "").replaceAll("score_", "p_of_"));
    const columns = ["--label", "*", "--score", "p_of_*", "--class", "wind", "--class", "rain"];
    const { code, stderr } = await evaluate(
      cwd,
      ...multilabel,
      ...columns,
      "--threshold",
      "0.3",
      "--weight",
      "w",
    );
    expect(code, stderr).toBe(0);
    const result = resultIn(cwd);
    expect(result).toMatchObject({ threshold: 0.3, weight: 5 });
    expect(result.perClass?.map((one) => one.class)).toEqual(["wind", "rain"]);
    expect(result.metrics["subset_accuracy"]).toBe(3 / 5);
  });

  it("takes predicted labels, and a score column for each label by flag", async () => {
    const cwd = temporaryFolder();
    await parquetIn(
      cwd,
      "p.parquet",
      "SELECT a = 1 AS label_x, b = 1 AS label_y, a AS prediction_x, 1 - b AS prediction_y FROM (VALUES (1, 0), (0, 1), (1, 1)) t(a, b)",
    );
    expect((await evaluate(cwd, "--predictions", "p.parquet", "--task", "multilabel")).code).toBe(0);
    const result = resultIn(cwd);
    expect(result).toMatchObject({ threshold: null, scores: { kind: "prediction" } });
    expect(result.metrics).toMatchObject({ hamming_loss: 0.5, subset_accuracy: 0 });
    expect(result.metrics).not.toHaveProperty("roc_auc_macro");
    tableIn(cwd, weather);
    const scores = [
      "--probability",
      "score_wind",
      "--class",
      "rain",
      "--probability",
      "score_rain",
      "--class",
      "wind",
    ];
    expect((await evaluate(cwd, ...multilabel, ...scores)).code).toBe(0);
    expect(resultIn(cwd).columns.labels?.["rain"]?.score).toBe("score_wind");
  });

  it("is measured again from the scores that it kept, to the same figures", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, weather);
    expect((await evaluate(cwd, ...multilabel, "--scores-path", "kept.parquet")).code).toBe(0);
    const first = resultIn(cwd);
    const again = await evaluate(cwd, "--predictions", "kept.parquet", "--task", "multilabel");
    expect(again.code, again.stderr).toBe(0);
    const { metrics, evalSet, scores } = resultIn(cwd);
    expect({ metrics, evalSet }).toEqual({ metrics: first.metrics, evalSet: first.evalSet });
    expect(scores.sha256).toBe(first.scores.sha256);
  });

  it("stands in the report, the metrics file and a comparison", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, weather);
    const places = ["--report", "report.html", "--metrics-file", "metrics.txt"];
    expect((await evaluate(cwd, ...multilabel, ...places)).code).toBe(0);
    const html = readFileSync(path.join(cwd, "report.html"), "utf8");
    for (const part of ["hamming_loss", "each label by itself", "rain", "ROC"]) expect(html).toContain(part);
    const text = readFileSync(path.join(cwd, "metrics.txt"), "utf8");
    expect(text).toContain('f1_samples{zero_division="0"}');
    expect(text).toContain('recall{class="wind"} 0.500000');
    renameSync(path.join(cwd, "evaluation_results.json"), path.join(cwd, "old.json"));
    tableIn(cwd, weather.replace("1,1,0.6,0.3", "1,1,0.6,0.8"));
    expect((await evaluate(cwd, ...multilabel)).code).toBe(0);
    const context = testContext({ cwd, env: {} });
    expect(await run(["compare", "old.json", "evaluation_results.json"], context)).toBe(0);
    expect(context.printed().stdout).toMatch(/subset_accuracy\s+0\.75\d*\s+1/);
  });

  it.each([
    [["--label", "label"], '--label is "label", expected a pattern with one *'],
    [["--label", "truth_*"], "has no labels by the names truth_*"],
    [
      ["--class", "wind", "--class", "rian"],
      'has no column "label_rian" (--label); did you mean "label_rain"',
    ],
    [["--score", "s_*"], 'has no column "s_rain", "s_wind" (--score)'],
    [["--class", "rain"], "one label alone is --task binary"],
  ])("says what is missing where the columns are not there: %j", async (args, message) => {
    const cwd = temporaryFolder();
    tableIn(cwd, weather);
    const { code, stderr } = await evaluate(cwd, ...multilabel, ...args);
    expect([code, stderr]).toEqual([4, expect.stringContaining(message)]);
  });

  it("refuses a label that is neither 0 nor 1, and a score that is none", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, weather.replace("0,1,0.4,0.7", "0,2,,0.7"));
    const { code, stderr } = await evaluate(cwd, ...multilabel);
    expect(code).toBe(4);
    expect(stderr).toContain(
      'the label column "label_wind" has 1 of 4 values that are not 0 or 1: row 2 is "2"',
    );
    expect(stderr).toContain(
      'the score column "score_rain" has 1 of 4 values that are no numbers: row 2 is missing',
    );
  });

  it("is set by mlops.yaml too", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, weather);
    const settings = [
      "evaluate:",
      "  predictions: [p.csv]",
      "  task: multilabel",
      "  class: [rain, wind]",
      "",
    ];
    writeFileSync(path.join(cwd, "mlops.yaml"), settings.join("\n"));
    expect((await evaluate(cwd)).code).toBe(0);
    expect(resultIn(cwd).task).toBe("multilabel");
  });
});
