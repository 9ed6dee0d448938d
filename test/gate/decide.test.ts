import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MlopsError } from "../../src/errors.ts";
import { decideGate, type GateDecision } from "../../src/gate/decide.ts";
import type { Evaluation } from "../../src/gate/evaluation.ts";
import type { Baseline } from "../../src/gate/policy.ts";
import { evaluationOf } from "../../src/gate/read-evaluation.ts";
import { type GateSettings, policyOf, type StatedRule } from "../../src/gate/settings.ts";

type Document = Readonly<Record<string, unknown>>;
interface Flags {
  readonly minAuc?: number;
  readonly min?: readonly string[];
  readonly max?: readonly string[];
  readonly subgroupMin?: readonly string[];
  readonly metricName?: string;
  readonly minThreshold?: number;
  readonly higherIsBetter?: boolean;
  readonly maxRegression?: string;
  readonly maxRegressionRel?: string;
  readonly subgroupMaxRegression?: string;
  readonly subgroups?: readonly string[];
  readonly firstModel?: "allow" | "block";
  readonly allowChangedEvalSet?: boolean;
  readonly allowSelfComparison?: boolean;
  readonly maxBaselineAgeMs?: number;
  readonly rules?: readonly StatedRule[];
}

function said<T>(value: T, source: string) {
  return { value, source };
}

function settingsOf(flags: Flags): GateSettings {
  return {
    minAuc: flags.minAuc === undefined ? undefined : said(flags.minAuc, "--min-auc"),
    min: said(flags.min ?? [], "--min"),
    max: said(flags.max ?? [], "--max"),
    subgroupMin: said(flags.subgroupMin ?? [], "--subgroup-min"),
    subgroupMax: said([], "--subgroup-max"),
    metricName: flags.metricName === undefined ? undefined : said(flags.metricName, "--metric-name"),
    minThreshold: flags.minThreshold === undefined ? undefined : said(flags.minThreshold, "--min-threshold"),
    higherIsBetter:
      flags.higherIsBetter === undefined ? undefined : said(flags.higherIsBetter, "--higher-is-better"),
    maxRegression:
      flags.maxRegression === undefined ? undefined : said(flags.maxRegression, "--max-regression"),
    maxRegressionRel:
      flags.maxRegressionRel === undefined ? undefined : said(flags.maxRegressionRel, "--max-regression-rel"),
    subgroupMaxRegression:
      flags.subgroupMaxRegression === undefined
        ? undefined
        : said(flags.subgroupMaxRegression, "--subgroup-max-regression"),
    rules: (flags.rules ?? []).map((rule, index) => said(rule, `mlops.yaml:${index + 3}`)),
    subgroups: flags.subgroups ?? [],
    minimum: { rows: 30, positives: 10, negatives: 10 },
    firstModel: flags.firstModel ?? "allow",
    allowChangedEvalSet: flags.allowChangedEvalSet ?? false,
    allowSelfComparison: flags.allowSelfComparison ?? false,
    maxBaselineAgeMs: flags.maxBaselineAgeMs,
  };
}

function baselineOf(baseline: Document | string | undefined): Baseline<Evaluation> {
  if (typeof baseline === "string") return { kind: "first-model", sentence: baseline };
  if (baseline === undefined) return { kind: "none" };
  return { kind: "stored", evaluation: evaluationOf(baseline, "old.json") };
}

function decide(flags: Flags, candidate: Document, baseline?: Document | string): GateDecision {
  return decideGate({
    policy: policyOf(settingsOf(flags)),
    candidate: evaluationOf(candidate, "new.json"),
    baseline: baselineOf(baseline),
    nowMs: Date.parse("2026-11-22T00:00:00Z"),
  });
}

function verdictOf(...args: Parameters<typeof decide>): string {
  return decide(...args).verdict;
}

function usageOf(...args: Parameters<typeof decide>): string {
  try {
    return `verdict ${decide(...args).verdict}`;
  } catch (error) {
    if (error instanceof MlopsError && error.kind === "usage") return error.message;
    throw error;
  }
}

const set = (sha: string, rows = 100) => ({ evalSet: { sha256: sha.repeat(64).slice(0, 64), rows } });
const group = (auc: number | null, count = 100, positives = 40) => ({
  count,
  positives,
  negatives: count - positives,
  metrics: { roc_auc: auc },
});

describe("absolute limits", () => {
  it("meet their limit inclusively, and by 1e-12 (2.3, 4)", () => {
    expect(verdictOf({ minAuc: 0.9 }, { auc: 0.9 })).toBe("pass");
    expect(verdictOf({ minAuc: 0.9 }, { auc: 0.8999999999999999 })).toBe("pass");
    expect(verdictOf({ minAuc: 0.9 }, { auc: 0.89999 })).toBe("fail");
    expect(verdictOf({ max: ["rmse=0.3"] }, { rmse: 0.1 + 0.2 })).toBe("pass");
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

describe("policies that make no sense are usage errors", () => {
  it.each<[Flags, string]>([
    [{}, "No threshold is set"],
    [{ minAuc: 75 }, "lies between 0 and 1"],
    [{ min: ["auc"] }, "expected NAME=NUMBER"],
    [{ min: ["=0.5"] }, "expected NAME=NUMBER"],
    [{ min: ["auc=high"] }, "expected NAME=NUMBER"],
    [{ min: ["auc="] }, "expected NAME=NUMBER"],
    [{ metricName: "rmse", minThreshold: 1, higherIsBetter: true }, "rmse is better when lower"],
    [{ minThreshold: 1 }, "needs --metric-name"],
    [{ maxRegression: "-0.01" }, "cannot be negative"],
    [{ maxRegression: "much" }, "expected a number"],
    [{ maxRegressionRel: "2" }, "write 2% for per cent"],
    [{ maxRegression: "0.01" }, "none is named"],
    [{ rules: [{ metric: "profit", max_regression: 1 }] }, "is not known"],
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

describe("never a pass without a number", () => {
  const value = fc.oneof(
    fc.constant(null),
    fc.constant(undefined),
    fc.double({ min: 0, max: 1, noNaN: true }),
  );
  const flagSet = fc.record({
    minAuc: fc.double({ min: 0, max: 1, noNaN: true }),
    maxRegression: fc.constantFrom("0", "0.01", "0.5", "2%"),
    subgroupMaxRegression: fc.constantFrom("0.03", "0.2"),
  });

  it("whatever the two sides hold, a pass means that every named number is there and within its limit", () => {
    fc.assert(
      fc.property(flagSet, value, value, value, value, (flags, auc, base, groupAuc, groupBase) => {
        const side = (overall: typeof auc, own: typeof auc) => ({
          metrics: { f1: 0.5, ...(overall === undefined ? {} : { roc_auc: overall }) },
          subgroups: { sex: { f: { count: 99, metrics: own === undefined ? {} : { roc_auc: own } } } },
        });
        const decision = decide({ ...flags, subgroups: ["sex"] }, side(auc, groupAuc), side(base, groupBase));
        const numbers = [auc, base, groupAuc, groupBase].every((one) => typeof one === "number");
        if (!numbers) expect(decision.verdict).not.toBe("pass");
        if (decision.verdict !== "pass" || typeof auc !== "number") return;
        expect(auc).toBeGreaterThanOrEqual(flags.minAuc - 2e-12);
        expect(decision.checks.every((check) => (check.margin ?? -1) >= -3e-12)).toBe(true);
      }),
    );
  });
});
