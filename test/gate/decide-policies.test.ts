import { describe, expect, it } from "vitest";
import { type Flags, usageOf } from "./policies.ts";

describe("policies that make no sense are usage errors", () => {
  it.each<[Flags, string]>([
    [{}, "No threshold is set"],
    [{ minAuc: 75 }, "lies between 0 and 1"],
    [{ min: ["auc"] }, "expected NAME=NUMBER"],
    [{ min: ["=0.5"] }, "expected NAME=NUMBER"],
    [{ min: ["auc=high"] }, "expected NAME=NUMBER"],
    [{ min: ["auc="] }, "expected NAME=NUMBER"],
    [{ min: ["auc=0.8,f1=0.2"] }, "one NAME=NUMBER each time"],
    [{ metricName: "rmse", minThreshold: 1, higherIsBetter: true }, "rmse is better when lower"],
    [{ minThreshold: 1 }, "needs --metric-name"],
    [{ maxRegression: "-0.01" }, "cannot be negative"],
    [{ maxRegression: "much" }, "expected a number"],
    [{ maxRegressionRel: "2" }, "write 2% for per cent"],
    [{ maxRegression: "0.01" }, "none is named"],
    [
      { rules: [{ metric: "profit", max_regression: 1 }] },
      "mlops.yaml:3: whether profit is better when higher or lower is not known; say higher_is_better: true or false",
    ],
  ])("%j", (flags, message) => {
    expect(usageOf(flags, { auc: 0.9, rmse: 1 })).toContain(message);
  });

  it("a margin that nothing could exceed", () => {
    expect(usageOf({ minAuc: 0.5, maxRegression: "1" }, { auc: 0.9 }, { auc: 0.9 })).toContain(
      "never get worse",
    );
    const all = { minAuc: 0.5, maxRegression: "100%" };
    expect(usageOf(all, { auc: 0.9 }, { auc: 0.9 })).toContain("allows 100%");
    expect(usageOf({ ...all, minAuc: 0.5, metricName: "rmse" }, { auc: 0.9, rmse: 1 }, { rmse: 1 })).toBe(
      "verdict pass",
    );
  });

  it("lists all of them at once", () => {
    expect(usageOf({ minAuc: 75, min: ["x"], maxRegressionRel: "3" }, { auc: 0.9 }).split("\n")).toHaveLength(
      3,
    );
  });
});
