import { describe, expect, it } from "vitest";
import { decide, usageOf, verdictOf } from "./policies.ts";

describe("the first model", () => {
  const sentence = "no version of mortality has the alias champion";
  const flags = { minAuc: 0.8, maxRegression: "0.01" };

  it("passes by absolute limits alone, and says so", () => {
    const decision = decide(flags, { auc: 0.9 }, sentence);
    expect(decision.verdict).toBe("pass");
    expect(decision.checks.map((check) => check.verdict)).toEqual(["pass", "skipped"]);
    expect(decision.notes.join()).toContain("first model");
    expect(verdictOf(flags, { auc: 0.7 }, sentence)).toBe("fail");
  });

  it("needs an absolute limit", () => {
    expect(usageOf({ maxRegression: "0.01" }, { auc: 0.9 }, sentence)).toContain("a first model needs one");
  });

  it("is no verdict with --first-model block, with and without a regression rule", () => {
    expect(verdictOf({ ...flags, firstModel: "block" }, { auc: 0.9 }, sentence)).toBe("error");
    expect(verdictOf({ minAuc: 0.8, firstModel: "block" }, { auc: 0.9 }, sentence)).toBe("error");
    expect(verdictOf({ ...flags, firstModel: "block" }, { auc: 0.7 }, sentence)).toBe("fail");
  });
});
