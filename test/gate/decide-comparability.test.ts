import { describe, expect, it } from "vitest";
import { decide, verdictOf } from "./policies.ts";

const set = (sha: string, rows = 100) => ({ evalSet: { sha256: sha.repeat(64).slice(0, 64), rows } });

describe("what may be compared", () => {
  const flags = { metricName: "auc", maxRegression: "0.01" };

  it("not the model with itself, by run, model file or scores; flat files that are equal are fine", () => {
    for (const identity of [
      { model: { runId: "r" } },
      { model: { sha256: "s" } },
      { scores: { sha256: "s" } },
    ]) {
      const document = { metrics: { auc: 0.9 }, ...identity };
      expect(decide(flags, document, document).checks[0]?.reason).toContain("the candidate is the baseline");
      expect(verdictOf({ ...flags, allowSelfComparison: true }, document, document)).toBe("pass");
      expect(verdictOf({ ...flags, minAuc: 0.95 }, document, document)).toBe("fail");
    }
    expect(verdictOf(flags, { auc: 0.9 }, { auc: 0.9 })).toBe("pass");
  });

  it("not across evaluation sets, unless allowed", () => {
    const [a, b] = [
      { metrics: { auc: 0.9 }, ...set("a") },
      { metrics: { auc: 0.9 }, ...set("b") },
    ];
    expect(decide(flags, a, b).checks[0]).toMatchObject({ verdict: "error", observed: null });
    const allowed = decide({ ...flags, allowChangedEvalSet: true }, a, b);
    expect(allowed.verdict).toBe("pass");
    expect(allowed.warnings.join()).toContain("evaluation sets differ");
    expect(verdictOf(flags, a, { metrics: { auc: 0.9 }, ...set("a") })).toBe("pass");
  });

  it("a digest on one side only: with a warning; one digest with two row counts: not (2.3, 6)", () => {
    const one = decide(flags, { metrics: { auc: 0.9 }, ...set("a") }, { auc: 0.9 });
    expect(one.verdict).toBe("pass");
    expect(one.warnings.join()).toContain("old.json does not say on which rows");
    expect(
      verdictOf(flags, { metrics: { auc: 0.9 }, ...set("a", 5) }, { metrics: { auc: 0.9 }, ...set("a", 6) }),
    ).toBe("error");
  });

  it("not different numbers of rows, digest or none; a digest is the same in any case", () => {
    const rows = (count: number) => ({ metrics: { auc: 0.9 }, evalSet: { rows: count } });
    const different = decide(flags, rows(100), rows(99));
    expect(different.checks[0]?.reason).toContain("the evaluation sets differ (100 and 99 rows)");
    expect(decide(flags, { metrics: { auc: 0.9 }, ...set("a") }, rows(99)).verdict).toBe("error");
    expect(verdictOf({ ...flags, allowChangedEvalSet: true }, rows(100), rows(99))).toBe("pass");
    expect(verdictOf(flags, rows(100), rows(100))).toBe("pass");
    const [lower, upper] = [set("a"), set("A")].map((one) => ({ metrics: { auc: 0.9 }, ...one }));
    expect(verdictOf(flags, lower ?? {}, upper ?? {})).toBe("pass");
  });

  it("not a baseline older than allowed, or of unknown age", () => {
    const day = 86_400_000;
    const old = { metrics: { auc: 0.9 }, finishedAt: "2026-11-20T00:00:00Z" };
    expect(verdictOf({ ...flags, maxBaselineAgeMs: 3 * day }, { auc: 0.9 }, old)).toBe("pass");
    expect(verdictOf({ ...flags, maxBaselineAgeMs: day }, { auc: 0.9 }, old)).toBe("error");
    expect(verdictOf({ ...flags, maxBaselineAgeMs: day }, { auc: 0.9 }, { auc: 0.9 })).toBe("error");
  });

  it("a baseline that no rule uses is a warning (2.3, 6)", () => {
    const decision = decide({ minAuc: 0.5 }, { auc: 0.9 }, { auc: 0.95 });
    expect(decision.verdict).toBe("pass");
    expect(decision.warnings.join()).toContain("no rule uses the baseline");
  });
});
