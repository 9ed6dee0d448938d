import { describe, expect, it } from "vitest";
import { binaryMetrics, labelMetrics } from "../../../src/metrics/binary/binary.ts";
import { inputOf } from "./cases.ts";

describe("what has no value is null with its reason", () => {
  it("one class only", async () => {
    const { metrics, undefined: reasons } = (await binaryMetrics(inputOf([0, 0, 0], [0.1, 0.2, 0.7])))
      .overall;
    expect(metrics).toMatchObject({ precision: 0, f1: 0, specificity: 2 / 3, prevalence: 0 });
    const missing = [
      "roc_auc",
      "average_precision",
      "ks",
      "gini",
      "recall",
      "fnr",
      "balanced_accuracy",
      "mcc",
      "lift@10%",
      "calibration_slope",
    ];
    for (const name of missing) expect([name, metrics[name]]).toEqual([name, null]);
    expect(metrics["log_loss"]).toBeGreaterThan(0);
    expect(reasons["roc_auc"]).toBe("one class only: 0 positives, 3 negatives");
    expect(reasons["calibration_slope"]).toBe("one class only");
    expect(reasons["recall"]).toContain("zero division");
  });

  it("no rows, as a whole or in a group", async () => {
    const none = (await binaryMetrics(inputOf([], []))).overall;
    expect(new Set(Object.values(none.metrics))).toEqual(new Set([null]));
    expect(new Set(Object.values(none.undefined))).toEqual(new Set(["no rows"]));
    expect(none.intervals).toBeUndefined();
    const grouping = { codes: Uint32Array.of(1, 1), count: 2 };
    const group = (await binaryMetrics(inputOf([0, 1], [0.2, 0.9]), [grouping])).groups[0]?.[0];
    expect(group).toMatchObject({ count: 0, positives: 0, negatives: 0 });
    expect(new Set(Object.values(group?.undefined ?? {}))).toEqual(new Set(["no rows"]));
  });

  it("no row predicted positive", async () => {
    const { metrics, undefined: reasons } = (await binaryMetrics(inputOf([0, 1], [0.1, 0.2]))).overall;
    expect(metrics).toMatchObject({
      roc_auc: 1,
      precision: null,
      recall: 0,
      f1: 0,
      mcc: null,
      cohen_kappa: 0,
    });
    expect(reasons["precision"]).toContain("zero division");
  });

  it("truth and prediction all negative", async () => {
    const { metrics } = (await binaryMetrics(inputOf([0, 0], [0.1, 0.2]))).overall;
    expect(metrics).toMatchObject({ f1: null, jaccard: null, cohen_kappa: null, accuracy: 1 });
  });

  it("scores outside [0, 1]: ranking yes, probability metrics no", async () => {
    const { overall } = await binaryMetrics(inputOf([0, 1, 1], [-3, 2, 0.4], { threshold: null }));
    expect(overall.metrics).toMatchObject({ roc_auc: 1, average_precision: 1 });
    for (const name of ["log_loss", "brier", "ece{bins=15,strategy=uniform}", "calibration_slope"]) {
      expect([name, overall.metrics[name]]).toEqual([name, null]);
      expect(overall.undefined[name]).toContain("outside [0, 1]");
    }
    expect(overall.undefined["accuracy"]).toContain("--threshold");
    expect(overall.confusion).toBeNull();
    expect(overall.calibration).toBeNull();
    expect(overall.curves?.[0]?.roc).not.toBeNull();
  });

  it("predicted classes have no ranking", async () => {
    const { overall } = await labelMetrics({
      labels: Uint8Array.of(0, 1, 1),
      predictions: Uint8Array.of(0, 1, 0),
    });
    expect(overall.metrics).toMatchObject({ roc_auc: null, brier: null, precision: 1, recall: 0.5 });
    expect(overall.undefined["roc_auc"]).toBe("the predictions are classes, not scores");
    expect(overall.confusion?.truePositives).toBe(1);
    expect(overall.intervals?.["recall"]?.method).toBe("wilson");
    expect(overall.intervals?.["roc_auc"]).toBeUndefined();
    expect(overall.curves).toBeUndefined();
  });

  it("a rate over an empty group of the weights", async () => {
    const weights = Float64Array.of(1, 0, 2);
    const { overall } = await binaryMetrics(inputOf([0, 1, 0], [0.1, 0.9, 0.6], { weights }));
    expect(overall).toMatchObject({ count: 2, positives: 0, negatives: 2, weight: 3 });
    expect(overall.undefined["roc_auc"]).toBe("one class only: 0 positives, 2 negatives");
    expect(overall.metrics["fpr"]).toBe(2 / 3);
  });
});

describe("what the caller should have refused", () => {
  it.each([
    ["a negative weight", { weights: Float64Array.of(1, -1) }, "row 1 has the weight -1"],
    ["a weight that is no number", { weights: Float64Array.of(Number.NaN, 1) }, "row 0 has the weight NaN"],
    ["weights that are all 0", { weights: Float64Array.of(0, 0) }, "all weights are 0"],
    ["too few weights", { weights: Float64Array.of(1) }, "a column has 1 rows, the labels 2"],
    ["a score that is no number", { scores: Float64Array.of(0, Number.NaN) }, "row 1 has the score NaN"],
    ["a label 2", { labels: Uint8Array.of(0, 2) }, "row 1 has the label 2"],
  ])("%s", async (_, more, message) => {
    await expect(binaryMetrics(inputOf([0, 1], [0.1, 0.2], more))).rejects.toThrow(message);
  });

  it("a group code beyond the groups", async () => {
    const grouping = { codes: Uint32Array.of(0, 2), count: 2 };
    await expect(binaryMetrics(inputOf([0, 1], [0.1, 0.2]), [grouping])).rejects.toThrow(
      "row 1 has a group code beyond 1",
    );
  });
});
