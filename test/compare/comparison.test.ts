import { describe, expect, it } from "vitest";
import { compareSides } from "../../src/compare/comparison.ts";
import { comparisonText } from "../../src/compare/comparison-text.ts";
import type { Side } from "../../src/compare/side.ts";
import { evaluationOf } from "../../src/gate/read-evaluation.ts";
import type { EvaluationResults } from "../../src/results/evaluation-results.ts";
import { displayWidth } from "../../src/text-width.ts";

function side(
  label: string,
  document: Record<string, unknown>,
  more: { params?: Record<string, string>; se?: Record<string, number> } = {},
): Side {
  const intervals = Object.fromEntries(
    Object.entries(more.se ?? {}).map(([name, se]) => [
      name,
      { se, low: 0, high: 1, level: 0.95, method: "mean" },
    ]),
  );
  // Only what the comparison reads of a result file: the intervals.
  const results =
    more.se === undefined ? undefined : ({ intervals, subgroups: {} } as unknown as EvaluationResults);
  return {
    label,
    uri: `${label}.json`,
    description: `${label}.json`,
    evaluation: evaluationOf(document, `${label}.json`),
    results,
    params: more.params === undefined ? undefined : new Map(Object.entries(more.params)),
    fetchScores: async () => undefined,
    input: { role: "compared", uri: `${label}.json`, sha256: null, sizeBytes: null },
  };
}

describe("compareSides", () => {
  it("follows each metric's direction, under any of its names", () => {
    const { metrics } = compareSides([
      side("A", { auc: 0.8, log_loss: 0.4, profit: 10 }),
      side("B", { roc_auc: 0.9, logloss: 0.5, profit: 12 }),
    ]);
    expect(metrics.map((row) => [row.metric, row.changes[0]?.word])).toEqual([
      ["roc_auc", "better"],
      ["log_loss", "worse"],
      ["profit", "changed"],
    ]);
  });

  it("calls a change unclear whose interval holds 0", () => {
    const near = compareSides([
      side("A", { auc: 0.8 }, { se: { auc: 0.03 } }),
      side("B", { auc: 0.85 }, { se: { auc: 0.04 } }),
    ]).metrics[0]?.changes[0];
    expect(near?.word).toBe("unclear");
    // 1.96 * sqrt(0.03^2 + 0.04^2) on each side of 0.05.
    expect(near?.low).toBeCloseTo(0.05 - 1.959963984540054 * 0.05, 12);
    const far = compareSides([
      side("A", { auc: 0.8 }, { se: { auc: 0.003 } }),
      side("B", { auc: 0.85 }, { se: { auc: 0.004 } }),
    ]).metrics[0]?.changes[0];
    expect(far?.word).toBe("better");
  });

  it("takes Newcombe's interval of the difference of two shares", () => {
    // Newcombe (1998), table II, method 10: 56/70 against 48/80 is 0.2000 [0.0524, 0.3339].
    const share = (label: string, value: number, low: number, high: number): Side => {
      const made = side(label, { accuracy: value }, { se: { accuracy: 0 } });
      const interval = { se: null, low, high, level: 0.95, method: "wilson" };
      return {
        ...made,
        results: { intervals: { accuracy: interval }, subgroups: {} } as unknown as EvaluationResults,
      };
    };
    const [row] = compareSides([
      share("A", 48 / 80, 0.490_413, 0.700_416),
      share("B", 56 / 70, 0.691_808, 0.876_931),
    ]).metrics;
    expect(row?.changes[0]?.low).toBeCloseTo(0.0524, 3);
    expect(row?.changes[0]?.high).toBeCloseTo(0.3339, 3);
    expect(row?.changes[0]?.word).toBe("better");
  });

  it("puts the subgroup with the largest loss first", () => {
    const groups = (f: number, m: number) => ({
      auc: 0.8,
      subgroups: { "sex=f": { auc: f }, "sex=m": { auc: m } },
    });
    const { subgroups, primaryMetric } = compareSides([
      side("A", groups(0.8, 0.8)),
      side("B", groups(0.9, 0.7)),
    ]);
    expect(primaryMetric).toBe("roc_auc");
    expect(subgroups.map((row) => row.subgroup)).toEqual(["sex=m", "sex=f"]);
  });

  it("lists the parameters that differ, and those that one side has not", () => {
    const { parameters } = compareSides([
      side("A", { auc: 0.8 }, { params: { depth: "3", rate: "0.1", seed: "1" } }),
      side("B", { auc: 0.8 }, { params: { depth: "5", rate: "0.1" } }),
      side("C", { auc: 0.8 }),
    ]);
    expect(parameters).toEqual([
      { name: "depth", values: ["3", "5", null] },
      { name: "seed", values: ["1", null, null] },
    ]);
  });

  it("warns of other rows, of the same model, of nothing in common", () => {
    const set = (sha256: string) => ({ evalSet: { sha256, rows: 10 } });
    const { warnings, evalSet } = compareSides([
      side("A", { metrics: { auc: 0.8 }, ...set("aa"), model: { sha256: "ff" } }),
      side("B", { metrics: { auc: 0.8 }, ...set("bb"), model: { sha256: "ff" } }),
      side("C", { metrics: { rmse: 3 }, ...set("aa") }),
    ]);
    expect(evalSet).toBe("different");
    expect(warnings).toEqual([
      "The evaluation sets differ: a change may be the rows', not the model's.",
      "B and A are the same model.",
      "C has no metric in common with A.",
    ]);
  });
});

describe("comparisonText", () => {
  it("sets the sides beside each other", () => {
    const sides = [
      side("A", { auc: 0.8, brier: 0.2 }, { params: { depth: "3" } }),
      side("B", { auc: 0.9 }, { params: { depth: "5" } }),
    ];
    expect(comparisonText(sides, compareSides(sides)).split("\n")).toEqual([
      "A  A.json",
      "B  B.json",
      "whether the evaluation sets are the same is not known",
      "",
      "              A       B    B - A",
      "roc_auc  0.8000  0.9000  +0.1000  better",
      "brier    0.2000       -",
      "better or worse without an interval: by the two figures alone, which may be chance",
      "",
      "parameters that differ",
      "       A  B",
      "depth  3  5",
    ]);
  });

  it("keeps its columns where names take two cells a letter, and cuts names without end", () => {
    const sides = ["A", "B"].map((label) =>
      side(label, {
        auc: 0.8,
        subgroups: { region: { 北京: { auc: 0.5 }, north: { auc: 0.6 }, ["x".repeat(200)]: { auc: 0.7 } } },
      }),
    );
    const lines = comparisonText(sides, compareSides(sides)).split("\n");
    const shown = lines.filter((line) => line.startsWith("region="));
    expect(shown.length).toBe(3);
    expect(new Set(shown.map(displayWidth)).size).toBe(1);
    expect(shown.some((line) => line.includes("x…"))).toBe(true);
  });

  it("does not call evaluation sets different of which one has row ids and the other none", () => {
    const of = (label: string, identifiedBy: string, sha256: string) => ({
      ...side(label, { metrics: { auc: 0.8 }, evalSet: { sha256, rows: 4 } }),
      results: { evalSet: { identifiedBy }, subgroups: {} } as unknown as EvaluationResults,
    });
    const sides = [of("A", "row-id", "a".repeat(64)), of("B", "row-order", "b".repeat(64))];
    expect(compareSides(sides).evalSet).toBe("unknown");
  });
});
