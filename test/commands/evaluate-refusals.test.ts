import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, tableIn } from "./evaluate-case.ts";

describe("what cannot be measured is exit 4 and never a number", () => {
  it.each([
    ["a column that is not there", "label,scor\n0,0.1\n", ["--score", "score"], 'did you mean "scor"'],
    ["no column known by name", "a,b\n0,0.1\n", [], "no column called label, target, y_true"],
    [
      "a label outside {0,1}",
      "label,score\n0,0.1\n2,0.4\n",
      [],
      'has 1 of 2 values that are not 0 or 1: row 2 is "2"',
    ],
    ["a text as label", "label,score\n0,0.1\nmaybe,0.4\n", [], 'row 2 is "maybe"'],
    ["a missing label", "label,score\n0,0.1\n,0.4\n", [], "row 2 is missing"],
    ["a NaN score", "label,score\n0,0.1\n1,nan\n", [], 'row 2 is "nan"'],
    ["an infinite score", "label,score\n0,0.1\n1,inf\n", [], 'row 2 is "inf"'],
    ["no rows", "label,score\n", [], "has no rows"],
    [
      "a row id twice",
      "label,score,id\n0,0.1,a\n1,0.4,a\n",
      ["--row-id", "id"],
      "row id stands more than once: a***(1)",
    ],
    ["three classes", "label,score\na,0.1\nb,0.4\nc,0.2\n", ["--positive-class", "a"], "has 3 classes"],
    [
      "a positive class that is not there",
      "label,score\na,0.1\nb,0.4\n",
      ["--positive-class", "A"],
      'is "A"',
    ],
    [
      "amounts as labels of a score",
      "label,score\n3.5,0.1\n2.5,0.4\n1,0.2\n",
      [],
      "Name a column of predicted values with --prediction",
    ],
    ["predictions that are no classes", "label,prediction\n0,0.3\n", ["--task", "binary"], 'row 1 is "0.3"'],
  ])("%s", async (_title, text, args, message) => {
    const cwd = temporaryFolder();
    tableIn(cwd, text);
    writeFileSync(path.join(cwd, "evaluation_results.json"), '{"auc": 0.99}');
    const { code, stdout, stderr } = await evaluate(cwd, "--predictions", "p.csv", ...args);
    expect([code, stdout]).toEqual([4, ""]);
    expect(stderr).toContain(message);
    expect(existsSync(path.join(cwd, "evaluation_results.json"))).toBe(false);
  });

  it("a file that is not there", async () => {
    const { code, stderr } = await evaluate(temporaryFolder(), "--predictions", "p.csv");
    expect([code, stderr.includes("p.csv does not exist")]).toEqual([4, true]);
  });
});

describe("flags that do not fit together are exit 2", () => {
  it.each([
    [[], "nothing to evaluate"],
    [["--model-path", "m"], "needs --eval-data-path"],
    [["--predictions", "p.csv", "--model-path", "m", "--eval-data-path", "d"], "exclude each other"],
    [["--predictions", "p.csv", "--score", "a", "--prediction", "b"], "exclude each other"],
    [["--model-path", "m", "--eval-data-path", "d", "--score", "a"], "the model makes the scores"],
    [
      ["--predictions", "p.csv", "--positive-class", "1", "--task", "regression"],
      "a regression has no classes",
    ],
    [
      ["--predictions", "p.csv", "--quantile", "0.9=a", "--quantile", "0.9=b"],
      "--quantile names the level 0.9 twice",
    ],
    [
      ["--predictions", "p.csv", "--task", "poisson"],
      "expected one of binary, multiclass, multilabel, regression",
    ],
    [["--predictions", "p.csv", "--output-path", "p.csv"], "is an input at the same time"],
    [
      ["--predictions", "p.csv", "--scores-path", "x", "--output-path", "x"],
      "is another result at the same time",
    ],
    [["--predictions", "p.csv", "--report", "x", "--output-path", "x"], "is another result at the same time"],
  ])("%j", async (args, message) => {
    const { code, stderr } = await evaluate(temporaryFolder(), ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe("classes of which one side is numbers and the other names", () => {
  it.each([
    ["ant,0\nbee,1\n", 'the prediction column "prediction" holds 0, 1, and the label holds ant, bee'],
    ["1,ant\n2,bee\n", 'the prediction column "prediction" holds ant, bee, and the label holds 1, 2'],
    ["ant,bee\nbee,ant\n", undefined],
    ["1,2.0\n2,1\n", undefined],
    ["1,ant\n2,1\n", undefined],
  ])("%j", async (rows, message) => {
    const cwd = temporaryFolder();
    tableIn(cwd, `label,prediction\n${rows}`);
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", "--task", "multiclass");
    if (message === undefined) expect(code, stderr).toBe(0);
    else expect([code, stderr]).toEqual([4, expect.stringContaining(message)]);
  });
});

describe("a column of too many values for classes", () => {
  it("is refused as a whole, and no row of it is named", async () => {
    const cwd = temporaryFolder();
    const amounts = Array.from({ length: 1001 }, (_, row) => `${row}.5,${row}`);
    tableIn(cwd, `label,prediction\n${amounts.join("\n")}\n`);
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", "--positive-class", "1");
    expect(code, stderr).toBe(4);
    expect(stderr).toContain("more than 1000 different values, expected two classes");
    expect(stderr).not.toContain("row 1");
  });
});
