import { describe, expect, it } from "vitest";
import { ofLabels } from "../../src/evaluation/model-labels.ts";
import { tableOf } from "../compare/kept-cases.ts";

const data = tableOf("multilabel", {
  rows: 2,
  labels: { kind: "several", names: ["rain", "wind"], columns: [Uint8Array.of(1, 0), Uint8Array.of(0, 1)] },
});
const [first, second] = [Float64Array.of(0.9, 0.2), Float64Array.of(0.3, 0.6)] as const;

describe("what a model gives of several labels", () => {
  it("is taken by name where the model names all labels, whatever their order", () => {
    const scores = { kind: "label-scores", values: [first, second], classes: ["wind", "rain"] } as const;
    const { data: found, note } = ofLabels(data, scores, "t.csv");
    expect(found.probabilities.map((one) => one.values)).toEqual([second, first]);
    expect(found.probabilities[0]?.range).toEqual({ smallest: 0.3, largest: 0.6 });
    expect(note).toContain("by their names");
  });

  it("is taken in its order where the names are others, and that is said with both", () => {
    const scores = { kind: "label-predictions", values: [first, second], classes: ["a", "b"] } as const;
    const { data: found, note } = ofLabels(data, scores, "t.csv");
    expect(found.prediction).toMatchObject({ kind: "several", names: ["rain", "wind"] });
    expect(note).toBe(
      "the columns that the model gives (a, b) were taken for the labels in this order: rain, wind",
    );
  });

  it("is doubted where it adds up to 1 in every row", () => {
    const values = [first, Float64Array.of(0.1, 0.8)] as const;
    const { note } = ofLabels(data, { kind: "label-scores", values, classes: [] }, "t.csv");
    expect(note).toContain("is that --task multiclass?");
  });

  it("is refused where there are more columns than labels", () => {
    const values = [first, second, first] as const;
    expect(() => ofLabels(data, { kind: "label-scores", values, classes: [] }, "t.csv")).toThrow(
      expect.objectContaining({ kind: "not-evaluable", code: "LABELS_UNKNOWN" }),
    );
  });
});
