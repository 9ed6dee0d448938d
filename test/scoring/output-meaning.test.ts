import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runPython } from "../support/python.ts";

const score = (dtype: string, classes: readonly string[], positive: string | null, ...values: number[][]) => [
  "score",
  positive,
  dtype,
  classes,
  ...values,
];

/** By case of `output_cases.py`: kind, positive class, dtype, classes, then the columns; or the problem. */
const expected: Readonly<Record<string, readonly unknown[]>> = {
  "floats in 0..1": score("float64", [], null, [0.2, 0.9]),
  "floats in 0..1, regression": ["prediction", null, "float64", [], [0.2, 0.9]],
  "floats outside": ["prediction", null, "float64", [], [0.2, 3]],
  "floats outside, binary": score("float64", [], null, [0.2, 3]),
  "zeros and ones": ["prediction", null, "float64", [], [0, 1]],
  "one column": score("float32", [], null, [0.2, 0.9].map(Math.fround)),
  "half precision": score("float32", [], null, [0.25, 0.5]),
  "two columns": score("float64", [], null, [0.8, 0.5]),
  "two columns, multiclass": ["probabilities", null, "float64", ["0", "1"], [0.2, 0.5], [0.8, 0.5]],
  "named columns": ["probabilities", null, "float64", ["x", "y", "z"], [0.1], [0.2], [0.7]],
  "named columns, one is positive": score("float64", ["no", "yes"], "no", [0.1]),
  logits: ["SCORES_TYPE", expect.stringContaining("3 columns with values outside 0 to 1")],
  "several values, regression": ["SCORES_SHAPE", expect.stringContaining("one value a row")],
  booster: score("float32", ["0", "1"], "1", [0.25, 0.5]),
  "booster, other class": score("float32", ["0", "1"], "0", [0.75, 0.5]),
  "booster, multiclass": ["probabilities", null, "float32", ["0", "1"], [0.75], [0.25]],
  "labels that are known": ["prediction", null, "float64", ["a", "b", "c"], [1, 0, 2, 0, 0, 2, 0, 1]],
  "labels that show later": ["prediction", null, "float64", ["a", "b", "c"], [1, 0, 1, 0, 2, 0]],
  "a label that is not known": ["CLASSES", 'the model predicted "c", and knows "a", "b", "d"'],
  "two labels, one is positive": ["prediction", null, "float64", [], [0, 1]],
  "three classes, binary": ["SCORES_SHAPE", expect.stringContaining("expected two columns")],
  "no class of that name": ["CLASSES", 'the model knows the classes "ja", "nein", and not "yes"'],
  "cells that are lists": ["SCORES_TYPE", expect.stringContaining("expected numbers")],
  infinite: ["SCORES_NOT_FINITE", "the model gave NaN or infinity for 1 of 2 rows"],
  "labels in a frame": ["label-scores", null, "float64", ["x", "y"], [0.1], [0.9]],
  "labels of 0 and 1": ["label-predictions", null, "float64", [], [0, 1], [1, 1]],
  "labels in a sparse matrix": ["label-predictions", null, "float64", [], [0, 1], [1, 1]],
  "labels that are sure to be 0 or 1": ["label-scores", null, "float64", [], [0], [1]],
  "labels of half precision": ["label-scores", null, "float32", [], [0.25], [0.5]],
  "labels by two classes each": ["label-scores", null, "float64", [], [0.8], [0.4]],
  "labels that change": ["SCORES_TYPE", "the model gave 0 and 1 first and other values later"],
  "labels that become more": ["SCORES_SHAPE", "the model gave 2 columns first and 3 later"],
  "labels of one column": ["SCORES_SHAPE", expect.stringContaining("expected a column for each label")],
  "labels that are not finite": ["SCORES_NOT_FINITE", "the model gave NaN or infinity for 1 of 1 rows"],
  "a risk": score("float64", [], null, [0, 1]),
  "a risk of a booster of two classes": score("float64", ["0", "1"], null, [0.25, 0.5]),
  "whole numbers": ["prediction", null, "float64", [], [3, 4]],
};

describe("what the numbers of a model mean", () => {
  let answers: Readonly<Record<string, unknown>> = {};
  beforeAll(async () => {
    const asked = await runPython({
      args: [path.join(import.meta.dirname, "output_cases.py")],
      env: { PYTHONPATH: path.resolve(import.meta.dirname, "../../python") },
      cwd: import.meta.dirname,
    });
    expect(asked.exitCode, asked.stderr).toBe(0);
    answers = JSON.parse(asked.stdout);
  });

  it.each(Object.entries(expected))("%s", (name, meaning) => {
    expect(answers[name]).toEqual(meaning);
  });

  it("every case has its answer", () => {
    expect(Object.keys(answers).sort()).toEqual(Object.keys(expected).sort());
  });
});
