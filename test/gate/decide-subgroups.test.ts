import { describe, expect, it } from "vitest";
import { type Document, decide, usageOf, verdictOf } from "./policies.ts";

const group = (auc: number | null, count = 100, positives = 40) => ({
  count,
  positives,
  negatives: count - positives,
  metrics: { roc_auc: auc },
});

describe("subgroups", () => {
  const flags = { metricName: "auc", subgroupMaxRegression: "0.03", subgroups: ["sex"] };
  const doc = (sex: Document, extra: Document = {}) => ({
    metrics: { auc: 0.9 },
    subgroups: { sex, ...extra },
  });

  it("are checked one by one", () => {
    const decision = decide(
      flags,
      doc({ f: group(0.8), m: group(0.9) }),
      doc({ f: group(0.85), m: group(0.9) }),
    );
    expect(decision.verdict).toBe("fail");
    expect(decision.checks.map((check) => [check.subgroup, check.verdict])).toEqual([
      ["sex=f", "fail"],
      ["sex=m", "pass"],
    ]);
  });

  it("need a column: never a vacuous pass", () => {
    const all = { metricName: "auc", subgroupMaxRegression: "0.03" };
    expect(usageOf(all, { auc: 0.9 }, { auc: 0.9 })).toContain("none is named");
    const decision = decide(all, doc({ f: group(0.9) }), doc({ f: group(0.9) }));
    expect(decision.notes.join()).toContain("all that the results hold (sex)");
    expect(
      verdictOf({ ...flags, subgroups: ["region"] }, doc({ f: group(0.9) }), doc({ f: group(0.9) })),
    ).toBe("error");
  });

  it("one that the candidate lacks is missing (2.3, 5)", () => {
    const decision = decide(flags, doc({ f: group(0.9) }), doc({ f: group(0.9), m: group(0.9) }));
    expect(decision.verdict).toBe("error");
    expect(decision.checks[1]?.reason).toContain("missing");
  });

  it("one that is new is reported and held to absolute limits only", () => {
    const candidate = doc({ f: group(0.9), x: group(0.6) });
    const decision = decide(flags, candidate, doc({ f: group(0.9) }));
    expect(decision.verdict).toBe("pass");
    expect(decision.checks[1]).toMatchObject({ subgroup: "sex=x", verdict: "skipped" });
    expect(verdictOf({ ...flags, subgroupMin: ["auc=0.7"] }, candidate, doc({ f: group(0.9) }))).toBe("fail");
  });

  it("small ones are skipped by name; a column of small ones is no verdict", () => {
    const candidate = doc({ f: group(0.9), m: group(0.1, 20, 10) });
    const decision = decide(flags, candidate, doc({ f: group(0.9), m: group(0.9) }));
    expect(decision.verdict).toBe("pass");
    expect(decision.checks[1]?.reason).toBe("insufficient: 20 rows, 30 needed");
    const few = doc({ f: group(null, 100, 2) });
    expect(decide(flags, few, few).checks.map((check) => check.reason)).toEqual([
      "insufficient: 2 positives, 10 needed",
      "no group of it could be checked",
    ]);
    expect(verdictOf({ ...flags, minAuc: 0.5 }, few, few)).toBe("error");
  });

  it("an undefined metric of a large group is an error", () => {
    expect(verdictOf(flags, doc({ f: group(null) }), doc({ f: group(0.9) }))).toBe("error");
  });

  it("without counts, or with rows only, are compared", () => {
    const flat = { auc: 0.9, subgroups: { "sex=f": { auc: 0.8 } } };
    expect(verdictOf(flags, flat, { auc: 0.9, subgroups: { sex: { f: { auc: 0.9 } } } })).toBe("fail");
    const rows = {
      metrics: { rmse: 1 },
      subgroups: { sex: { f: { count: 40, positives: null, metrics: { rmse: 2 } } } },
    };
    expect(verdictOf({ ...flags, metricName: "rmse" }, rows, rows)).toBe("pass");
  });

  it("one single group can be named", () => {
    const [candidate, baseline] = [
      doc({ f: group(0.9), m: group(0.1) }),
      doc({ f: group(0.9), m: group(0.9) }),
    ];
    expect(verdictOf({ ...flags, subgroups: ["sex=f"] }, candidate, baseline)).toBe("pass");
    expect(verdictOf({ ...flags, subgroups: ["sex=m"] }, candidate, baseline)).toBe("fail");
  });
});
