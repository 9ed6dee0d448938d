import { describe, expect, it } from "vitest";
import type { LocalModel } from "../../src/scoring/model-location.ts";
import { chooseOutput, OnnxScores, type OnnxValues } from "../../src/scoring/onnx-outputs.ts";
import type { ScorerRequest } from "../../src/scoring/scorer.ts";

const model: LocalModel = {
  uri: "m.onnx",
  file: "/m.onnx",
  format: {
    kind: "onnx",
    file: "/m.onnx",
    runsCode: false,
    modelClass: undefined,
    signature: undefined,
    codeFolders: [],
  },
  sha256: "",
  sizeBytes: 0,
  runId: null,
  runIdBeside: undefined,
};

function scored(
  classes: readonly string[],
  options: Partial<Pick<ScorerRequest, "task" | "positiveClass">>,
  ...batches: readonly OnnxValues[]
) {
  const rows = batches.reduce((sum, { dims }) => sum + (dims[0] ?? 0), 0);
  const scores = new OnnxScores(rows, classes, {
    task: undefined,
    positiveClass: undefined,
    model,
    ...options,
  });
  for (const batch of batches) scores.add(batch, batch.dims[0] ?? 0);
  return scores.result();
}

const floats = (values: readonly number[], ...dims: readonly number[]) => ({
  data: Float32Array.from(values),
  dims,
});

describe("what the output of an ONNX graph means", () => {
  it("two columns are the probability of the class that counts as 1, over all batches", () => {
    const batches = [floats([0.25, 0.75, 1, 0], 2, 2), floats([0.5, 0.5], 1, 2)];
    expect(scored(["no", "yes"], {}, ...batches)).toEqual({
      kind: "score",
      values: [Float32Array.of(0.75, 0, 0.5)],
      dtype: "float32",
      classes: ["no", "yes"],
      positiveClass: "yes",
    });
    expect(scored(["no", "yes"], { positiveClass: "no" }, ...batches).values).toEqual([
      Float32Array.of(0.25, 1, 0.5),
    ]);
    expect(scored([], { task: "multiclass" }, ...batches)).toMatchObject({
      kind: "probabilities",
      classes: ["0", "1"],
    });
  });

  it("one column is a score inside 0 to 1 or of a binary task, else a prediction", () => {
    expect(scored([], {}, floats([0.2, 0.4], 2, 1)).kind).toBe("score");
    expect(scored([], {}, floats([0.2, 4], 2)).kind).toBe("prediction");
    expect(scored([], { task: "binary" }, floats([0.2, 4], 2)).kind).toBe("score");
    expect(scored([], { task: "regression" }, floats([0.2, 0.4], 2)).kind).toBe("prediction");
    expect(scored([], {}, floats([0, 1], 2)).kind).toBe("prediction");
  });

  it("labels are 1 for the positive class of two, and places in the classes of more", () => {
    const labels = { data: ["b", "a", "b"], dims: [3] };
    expect(scored(["a", "b"], {}, labels)).toMatchObject({
      kind: "prediction",
      values: [Float64Array.of(1, 0, 1)],
      classes: [],
    });
    const integers = { data: BigInt64Array.of(7n, 5n), dims: [2] };
    expect(scored(["5", "6", "7"], {}, integers)).toMatchObject({
      values: [Float64Array.of(2, 0)],
      classes: ["5", "6", "7"],
    });
  });

  it.each([
    [[], {}, floats([0.2, Number.NaN], 2), "NaN or infinity for 1 of 2 values"],
    [[], {}, floats([-1, 2, 3, 1], 2, 2), "outside 0 to 1: are they logits?"],
    [["a", "b"], {}, floats([0.1, 0.2, 0.7], 1, 3), "3 columns for 2 classes"],
    [[], { task: "binary" as const }, floats([0.1, 0.2, 0.7], 1, 3), "knows 3 classes, expected two"],
    [[], { task: "regression" as const }, floats([0.1, 0.9], 1, 2), "expected one value a row"],
    [[], {}, { data: Uint8Array.of(1), dims: [1] }, "neither floats nor classes"],
    [[], {}, { data: Float32Array.of(1), dims: [1, 1, 1] }, "gave shape 1 x 1 x 1 for 1 rows"],
  ])("%j, %j, %j: the model failed", (classes, options, batch, message) => {
    expect(() => scored(classes, options, batch)).toThrow(
      expect.objectContaining({ kind: "child-failed", message: expect.stringContaining(message) }),
    );
  });

  it("a batch with other rows than it got, or too few in all, is a failure", () => {
    const scores = new OnnxScores(3, [], { task: undefined, positiveClass: undefined, model });
    expect(() => scores.add(floats([0.5], 1), 2)).toThrow("gave shape 1 for 2 rows");
    scores.add(floats([0.5, 0.25], 2), 2);
    expect(() => scores.result()).toThrow("gave 2 scores for 3 rows");
  });

  it("the one output of floats is taken, the probabilities before others, labels where there is nothing else", () => {
    const label = { name: "label", type: "int64" };
    const probabilities = { name: "probabilities", type: "float32" };
    const other = { name: "leaf", type: "float32" };
    expect(chooseOutput([label, probabilities], undefined)).toBe(probabilities);
    expect(chooseOutput([label, other, probabilities], "binary")).toBe(probabilities);
    expect(chooseOutput([label], undefined)).toBe(label);
    expect(() => chooseOutput([other, { ...other, name: "b" }], undefined)).toThrow(
      "cannot be known: leaf (float32), b (float32)",
    );
    expect(() => chooseOutput([label], "regression")).toThrow("cannot be known: label (int64)");
  });
});
