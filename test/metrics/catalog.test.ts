import { describe, expect, it } from "vitest";
import { isCount, isKnownMetric, knownMetricNames, metricFacts } from "../../src/metrics/catalog.ts";

describe("metricFacts", () => {
  it("knows a metric by its aliases, in any case", () => {
    for (const name of ["auc", "AUC", "ROC-AUC", "roc auc", "roc_auc_score", " roc_auc "])
      expect(metricFacts(name).name).toBe("roc_auc");
    expect(metricFacts("precision_recall_auc").name).toBe("average_precision");
    expect(metricFacts("root_mean_squared_error")).toMatchObject({
      name: "rmse",
      higherIsBetter: false,
      smallest: 0,
    });
    expect(metricFacts("f1_score_macro").name).toBe("f1_macro");
  });

  it("keeps parameters behind the name", () => {
    expect(metricFacts("NDCG@10")).toMatchObject({ name: "ndcg@10", higherIsBetter: true });
    expect(metricFacts("ece{bins=15,strategy=uniform}")).toMatchObject({
      name: "ece{bins=15,strategy=uniform}",
      higherIsBetter: false,
    });
  });

  it("turns scikit-learn's negated scorers round", () => {
    expect(metricFacts("neg_log_loss")).toMatchObject({
      name: "neg_log_loss",
      higherIsBetter: true,
      largest: 0,
    });
    expect(metricFacts("neg_root_mean_squared_error").name).toBe("neg_rmse");
  });

  it("never guesses a direction", () => {
    expect(metricFacts("Profit")).toMatchObject({ name: "Profit", higherIsBetter: undefined });
    expect(isKnownMetric("val_loss")).toBe(false);
    expect(metricFacts("").higherIsBetter).toBeUndefined();
    expect(metricFacts("constructor").higherIsBetter).toBeUndefined();
  });

  it("names no metric twice and knows what only counts", () => {
    for (const name of knownMetricNames())
      expect(metricFacts(metricFacts(name).name).name).toBe(metricFacts(name).name);
    expect(isCount("example_count")).toBe(true);
    // Best in the middle: no direction to compare in.
    expect(isCount("coverage@0.9")).toBe(true);
    expect(metricFacts("coverage@0.9").higherIsBetter).toBeUndefined();
    expect(isCount("roc_auc")).toBe(false);
  });
});
