import { describe, expect, it } from "vitest";
import { decide, usageOf, verdictOf } from "./policies.ts";

describe("absolute limits", () => {
  it("meet their limit inclusively, and by 1e-12 (2.3, 4)", () => {
    expect(verdictOf({ minAuc: 0.9 }, { auc: 0.9 })).toBe("pass");
    expect(verdictOf({ minAuc: 0.9 }, { auc: 0.8999999999999999 })).toBe("pass");
    expect(verdictOf({ minAuc: 0.9 }, { auc: 0.89999 })).toBe("fail");
    expect(verdictOf({ max: ["rmse=0.3"] }, { rmse: 0.1 + 0.2 })).toBe("pass");
  });

  it("have no margin below 0 where they are met by 1e-12, so that its sign says the verdict", () => {
    const floor = decide({ minAuc: 0.9 }, { auc: 0.8999999999999999 });
    const ceiling = decide({ max: ["rmse=0.3"] }, { rmse: 0.1 + 0.2 });
    const regression = decide({ maxRegression: "0.01" }, { auc: 0.9 }, { auc: 0.91 });
    const relative = decide({ maxRegression: "10%" }, { rmse: 0.55 }, { rmse: 0.5 });
    for (const { checks } of [floor, ceiling, regression, relative])
      expect(checks).toEqual([expect.objectContaining({ verdict: "pass", margin: 0 })]);
  });

  it("say observed, limit and margin", () => {
    expect(decide({ minAuc: 0.75 }, { auc: 0.5 }).checks).toEqual([
      {
        metric: "roc_auc",
        subgroup: null,
        rule: "roc_auc >= 0.75",
        observed: 0.5,
        baseline: null,
        limit: 0.75,
        margin: -0.25,
        verdict: "fail",
        reason: null,
        source: "--min-auc",
      },
    ]);
  });

  it("know a metric by alias and case, and split at the last = (2.3, 2 and 8)", () => {
    expect(verdictOf({ min: ["AUC=0.8"] }, { roc_auc_score: 0.9 })).toBe("pass");
    expect(verdictOf({ max: ["name{a=1,b=2}=5"] }, { "name{a=1,b=2}": 4 })).toBe("pass");
  });

  it("never pass on what is missing or undefined", () => {
    expect(decide({ minAuc: 0.9 }, { f1: 0.9 }).checks[0]).toMatchObject({
      verdict: "error",
      reason: "the candidate has no roc_auc (it has f1)",
    });
    expect(verdictOf({ minAuc: 0.9 }, { auc: null })).toBe("error");
  });

  it("a definite fail beats an undefined metric (2.3, 1)", () => {
    expect(verdictOf({ minAuc: 0.9, min: ["f1=0.5"] }, { auc: null, f1: 0.4 })).toBe("fail");
    expect(verdictOf({ minAuc: 0.9, min: ["f1=0.5"] }, { auc: null, f1: 0.6 })).toBe("error");
  });

  it("an undefined metric that no rule names is a warning (2.3, 1)", () => {
    const decision = decide({ min: ["f1=0.5"] }, { auc: null, f1: 0.6 });
    expect(decision.verdict).toBe("pass");
    expect(decision.warnings.join()).toContain("auc has no value");
  });

  it("--metric-name with --min-threshold is a floor or a ceiling by the metric's direction (2.3, 3)", () => {
    expect(verdictOf({ metricName: "rmse", minThreshold: 2 }, { rmse: 1.5 })).toBe("pass");
    expect(verdictOf({ metricName: "rmse", minThreshold: 2 }, { rmse: 2.5 })).toBe("fail");
    expect(verdictOf({ metricName: "auc", minThreshold: 0.8 }, { auc: 0.9 })).toBe("pass");
    expect(usageOf({ metricName: "profit", minThreshold: 2 }, { profit: 3 })).toContain("--higher-is-better");
    expect(verdictOf({ metricName: "profit", minThreshold: 2, higherIsBetter: true }, { profit: 3 })).toBe(
      "pass",
    );
    expect(verdictOf({ metricName: "cost", minThreshold: 2, higherIsBetter: false }, { cost: 3 })).toBe(
      "fail",
    );
  });
});
