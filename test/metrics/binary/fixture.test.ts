import { describe, expect, it } from "vitest";
import { binaryMetrics } from "../../../src/metrics/binary/binary.ts";
import { expected, fixtureColumn, groupingOf, inputOf } from "./cases.ts";

const labels = fixtureColumn(0).map(Number);

function near(value: number | null | undefined, reference: number): void {
  expect(Math.abs((value ?? Number.NaN) - reference)).toBeLessThan(1e-12);
}

describe.each([
  [1, "candidate"],
  [2, "baseline"],
] as const)("the fixture, column %i", (column, who) => {
  const input = inputOf(labels, fixtureColumn(column).map(Number), {
    options: { maxFprs: [0.1], calibrationBins: 10 },
  });
  const reference = expected[who];

  it("has the values of scikit-learn", async () => {
    const { metrics, confusion, thresholdChoices } = (await binaryMetrics(input)).overall;
    for (const name of ["roc_auc", "gini", "average_precision", "log_loss", "brier", "ks"])
      near(metrics[name], reference[name]);
    near(metrics["roc_auc@fpr<=0.1"], reference.partial_auc_fpr10_mcclish);
    near(metrics["ece{bins=10,strategy=uniform}"], reference.ece_uniform10_right_closed);
    near(metrics["mce{bins=10,strategy=uniform}"], reference.mce_uniform10);
    for (const name of ["accuracy", "precision", "recall", "f1", "mcc", "balanced_accuracy"])
      near(metrics[name], reference.at_0_5[name]);
    near(metrics["cohen_kappa"], reference.at_0_5.kappa);
    const { tn, fp, fn, tp } = reference.at_0_5;
    expect(confusion).toEqual({
      trueNegatives: tn,
      falsePositives: fp,
      falseNegatives: fn,
      truePositives: tp,
    });
    near(thresholdChoices?.find((choice) => choice.rule === "max_f1")?.metrics["f1"], reference.max_f1);
  });

  it("has the values of its groups", async () => {
    const { grouping, names } = groupingOf(fixtureColumn(3));
    const { groups } = await binaryMetrics(input, [grouping]);
    for (const [index, name] of names.entries()) {
      const group = groups[0]?.[index];
      expect(group?.count).toBe(expected.groups[name].n);
      expect(group?.positives).toBe(expected.groups[name].positives);
      near(group?.metrics["roc_auc"], expected.groups[name][`auc_${who}`]);
    }
  });

  it("has pROC's DeLong variance and interval, and the standard errors of plain means", async () => {
    const { intervals = {}, metrics } = (await binaryMetrics(input)).overall;
    const delong = expected.delong_pROC;
    near((intervals["roc_auc"]?.se ?? 0) ** 2, delong[`var_${who}`]);
    near(intervals["roc_auc"]?.low, delong[`ci95_${who}`][0]);
    near(intervals["roc_auc"]?.high, delong[`ci95_${who}`][1]);
    expect(intervals["roc_auc"]).toMatchObject({ method: "delong", level: 0.95 });
    const losses = labels.map((label, row) => (label - (input.scores[row] ?? 0)) ** 2);
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    const variance = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / (losses.length - 1);
    near(intervals["brier"]?.se, Math.sqrt(variance / losses.length));
    near(((intervals["brier"]?.low ?? 0) + (intervals["brier"]?.high ?? 0)) / 2, metrics["brier"] ?? 0);
    expect(Object.keys(intervals).sort()).toEqual(
      ["accuracy", "brier", "log_loss", "precision", "recall", "roc_auc", "specificity"].sort(),
    );
  });
});

it("has scikit-learn's weighted values, and no interval with weights", async () => {
  const weights = Float64Array.from(labels, (_, row) => 1 + (row % 3));
  const { overall } = await binaryMetrics(inputOf(labels, fixtureColumn(1).map(Number), { weights }));
  const reference = expected.candidate_weighted_w_1_plus_i_mod_3;
  for (const name of ["roc_auc", "average_precision", "log_loss"])
    near(overall.metrics[name], reference[name]);
  expect(overall.weight).toBe(weights.reduce((sum, weight) => sum + weight, 0));
  expect(overall.count).toBe(400);
  expect(overall.intervals).toBeUndefined();
});
