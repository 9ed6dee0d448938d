import { describe, expect, it } from "vitest";
import { decide, usageOf, verdictOf } from "./policies.ts";

describe("regressions", () => {
  const flags = { metricName: "auc", maxRegression: "0.01" };

  it("allow exactly the margin, in binary floating point too", () => {
    expect(verdictOf(flags, { auc: 0.9 }, { auc: 0.91 })).toBe("pass");
    expect(verdictOf(flags, { auc: 0.8999 }, { auc: 0.91 })).toBe("fail");
    expect(verdictOf(flags, { auc: 0.99 }, { auc: 0.5 })).toBe("pass");
  });

  it("go by the metric's direction", () => {
    expect(verdictOf({ ...flags, metricName: "log_loss" }, { log_loss: 0.52 }, { log_loss: 0.5 })).toBe(
      "fail",
    );
    expect(verdictOf({ ...flags, metricName: "log_loss" }, { log_loss: 0.4 }, { log_loss: 0.5 })).toBe(
      "pass",
    );
  });

  it("relative margins are of |baseline|: 2% is 0.02 (2.3, 8)", () => {
    for (const flag of [{ maxRegressionRel: "2%" }, { maxRegressionRel: "0.02" }, { maxRegression: "2%" }]) {
      const rule = { metricName: "r2", ...flag };
      expect(verdictOf(rule, { r2: -0.6 }, { r2: -0.5 })).toBe("fail");
      expect(verdictOf(rule, { r2: -0.51 }, { r2: -0.5 })).toBe("pass");
      expect(verdictOf(rule, { r2: 0.979 }, { r2: 1 })).toBe("fail");
    }
  });

  it("fail if either margin is exceeded", () => {
    const both = { metricName: "rmse", maxRegression: "5", maxRegressionRel: "1%" };
    expect(verdictOf(both, { rmse: 102 }, { rmse: 100 })).toBe("fail");
    expect(verdictOf({ ...both, maxRegressionRel: "10%" }, { rmse: 106 }, { rmse: 100 })).toBe("fail");
    expect(verdictOf({ ...both, maxRegressionRel: "10%" }, { rmse: 104 }, { rmse: 100 })).toBe("pass");
  });

  it("relative to next to nothing is an error, unless an absolute margin decides", () => {
    const relative = { metricName: "rmse", maxRegressionRel: "2%" };
    expect(verdictOf(relative, { rmse: 0 }, { rmse: 0 })).toBe("error");
    expect(verdictOf({ ...relative, maxRegression: "0.1" }, { rmse: 0.05 }, { rmse: 0 })).toBe("pass");
    expect(verdictOf({ ...relative, maxRegression: "0.1" }, { rmse: 0.2 }, { rmse: 0 })).toBe("fail");
  });

  it("act on --metric-name, else on the metric of the limits, else on the only shared one (2.3, 2)", () => {
    expect(
      decide({ minAuc: 0.5, maxRegression: "0.01" }, { auc: 0.9, f1: 0 }, { auc: 0.9, f1: 1 }).verdict,
    ).toBe("pass");
    const only = decide(
      { maxRegression: "0.01" },
      { auc: 0.9, x: 1, version: 1, example_count: 5 },
      { auc: 0.8, version: 2, example_count: 5 },
    );
    expect(only.verdict).toBe("pass");
    expect(only.notes.join()).toContain("measured on roc_auc");
    expect(usageOf({ maxRegression: "0.01" }, { auc: 0.9, f1: 1 }, { auc: 0.8, f1: 1 })).toContain(
      "roc_auc, f1",
    );
    expect(
      usageOf({ minAuc: 0.5, min: ["f1=0.1"], maxRegression: "0.01" }, { auc: 1, f1: 1 }, { auc: 1 }),
    ).toContain("roc_auc, f1");
    expect(() => decide({ maxRegression: "0.01" }, { auc: 0.9 }, { f1: 0.9 })).toThrow("no metric in common");
  });

  it("are errors where the baseline lacks the metric", () => {
    expect(decide(flags, { auc: 0.9 }, { f1: 0.9 }).checks[0]).toMatchObject({
      verdict: "error",
      observed: 0.9,
    });
    expect(verdictOf(flags, { auc: 0.9 }, { auc: null })).toBe("error");
  });

  it("from mlops.yaml name their metric, direction and line", () => {
    const rules = [{ metric: "profit", max_regression: "10%", higher_is_better: true }];
    const decision = decide({ rules }, { profit: 80 }, { profit: 100 });
    expect(decision.checks[0]).toMatchObject({
      verdict: "fail",
      rule: "profit regression <= 10%",
      source: "mlops.yaml:3",
    });
    expect(decision.checks[0]?.margin).toBeCloseTo(-0.1);
  });
});
