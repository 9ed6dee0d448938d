import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binaryMetrics, labelMetrics } from "../../src/metrics/binary.ts";
import type { Grouping } from "../../src/metrics/metric-set.ts";

const fixtures = path.resolve(import.meta.dirname, "../../fixtures/evaluation");
const lines = readFileSync(path.join(fixtures, "binary.csv"), "utf8").trim().split("\n").slice(1);
const table = lines.map((line) => line.split(","));
const expected = JSON.parse(readFileSync(path.join(fixtures, "binary-expected.json"), "utf8"));

function columnOf(index: number): Float64Array {
  return Float64Array.from(table.map((row) => Number(row[index])));
}

function inputOf(labels: readonly number[], scores: readonly number[], threshold: number | null = 0.5) {
  return {
    labels: Uint8Array.from(labels),
    scores: Float64Array.from(scores),
    scoreDtype: "float64" as const,
    threshold,
  };
}

function groupingOf(values: readonly string[]): { grouping: Grouping; names: string[] } {
  const names = [...new Set(values)].sort();
  return {
    names,
    grouping: { codes: Uint32Array.from(values, (value) => names.indexOf(value)), count: names.length },
  };
}

describe("the fixture", () => {
  for (const [column, who] of [
    [1, "candidate"],
    [2, "baseline"],
  ] as const) {
    it(`gives what scikit-learn says of the ${who}, to 1e-12`, () => {
      const { grouping, names } = groupingOf(table.map((row) => row[3] ?? ""));
      const input = { labels: Uint8Array.from(columnOf(0)), scores: columnOf(column), threshold: 0.5 };
      const result = binaryMetrics({ ...input, scoreDtype: "float64" }, [grouping]);
      const reference = expected[who];
      for (const name of ["roc_auc", "average_precision", "log_loss", "brier"])
        expect(Math.abs((result.overall.metrics[name] ?? Number.NaN) - reference[name])).toBeLessThan(1e-12);
      for (const name of ["accuracy", "precision", "recall", "f1"])
        expect(Math.abs((result.overall.metrics[name] ?? Number.NaN) - reference.at_0_5[name])).toBeLessThan(
          1e-12,
        );
      const { tn, fp, fn, tp } = reference.at_0_5;
      expect(result.overall.confusion).toEqual({
        trueNegatives: tn,
        falsePositives: fp,
        falseNegatives: fn,
        truePositives: tp,
      });
      for (const [index, name] of names.entries()) {
        const group = result.groups[0]?.[index];
        expect(group?.count).toBe(expected.groups[name].n);
        expect(group?.positives).toBe(expected.groups[name].positives);
        const auc = expected.groups[name][`auc_${who}`];
        expect(Math.abs((group?.metrics["roc_auc"] ?? Number.NaN) - auc)).toBeLessThan(1e-12);
      }
    });
  }
});

describe("what has no value is null with its reason", () => {
  it("one class only", () => {
    const { metrics, undefined: reasons } = binaryMetrics(inputOf([0, 0, 0], [0.1, 0.2, 0.7])).overall;
    expect(metrics).toMatchObject({
      roc_auc: null,
      average_precision: null,
      recall: null,
      precision: 0,
      f1: 0,
    });
    expect(metrics["log_loss"]).toBeGreaterThan(0);
    expect(reasons["roc_auc"]).toContain("one class only: 0 positives, 3 negatives");
    expect(reasons["recall"]).toContain("zero division");
  });

  it("no rows", () => {
    const { metrics, undefined: reasons } = binaryMetrics(inputOf([], [])).overall;
    expect(Object.values(metrics)).toEqual(Array.from({ length: 8 }, () => null));
    expect(new Set(Object.values(reasons))).toEqual(new Set(["no rows"]));
  });

  it("no row predicted positive", () => {
    const { metrics, undefined: reasons } = binaryMetrics(inputOf([0, 1], [0.1, 0.2])).overall;
    expect(metrics).toMatchObject({ roc_auc: 1, precision: null, recall: 0, f1: 0 });
    expect(reasons["precision"]).toContain("zero division");
  });

  it("scores outside [0, 1]: ranking yes, probability metrics no", () => {
    const { metrics, undefined: reasons } = binaryMetrics(inputOf([0, 1, 1], [-3, 2, 0.4], null)).overall;
    expect(metrics).toMatchObject({
      roc_auc: 1,
      average_precision: 1,
      log_loss: null,
      brier: null,
      accuracy: null,
    });
    expect(reasons["brier"]).toContain("outside [0, 1]");
    expect(reasons["accuracy"]).toContain("--threshold");
  });

  it("predicted classes have no ranking", () => {
    const result = labelMetrics({ labels: Uint8Array.of(0, 1, 1), predictions: Uint8Array.of(0, 1, 0) });
    expect(result.overall.metrics).toMatchObject({ roc_auc: null, brier: null, precision: 1, recall: 0.5 });
  });
});

const cases = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 20 }), fc.nat(3)), {
  minLength: 1,
  maxLength: 120,
});

describe("properties", () => {
  it("the order of rows changes nothing, bit for bit", () => {
    fc.assert(
      fc.property(cases, fc.nat(), (rows, turn) => {
        const moved = [...rows.slice(turn % rows.length), ...rows.slice(0, turn % rows.length)].reverse();
        const measure = (some: typeof rows) =>
          binaryMetrics(
            inputOf(
              some.map(([label]) => label),
              some.map(([, score]) => score / 20),
            ),
            [{ codes: Uint32Array.from(some, ([, , group]) => group), count: 4 }],
          );
        expect(measure(moved)).toEqual(measure(rows));
      }),
    );
  });

  it("a monotone change of the scores leaves the ranking metrics", () => {
    fc.assert(
      fc.property(cases, (rows) => {
        const labels = rows.map(([label]) => label);
        const plain = binaryMetrics(
          inputOf(
            labels,
            rows.map(([, score]) => score),
            null,
          ),
        ).overall.metrics;
        const bent = binaryMetrics(
          inputOf(
            labels,
            rows.map(([, score]) => Math.exp(score) - 1e6),
            null,
          ),
        ).overall.metrics;
        expect(bent["roc_auc"]).toBe(plain["roc_auc"]);
        expect(bent["average_precision"]).toBe(plain["average_precision"]);
      }),
    );
  });

  it("subgroups add up to all rows, and equal the metrics of their rows alone", () => {
    fc.assert(
      fc.property(cases, (rows) => {
        const all = rows.map(([label, score, group]) => ({ label, score: score / 20, group }));
        const input = inputOf(
          all.map((row) => row.label),
          all.map((row) => row.score),
        );
        const result = binaryMetrics(input, [{ codes: Uint32Array.from(all, (row) => row.group), count: 4 }]);
        const groups = result.groups[0] ?? [];
        expect(groups.reduce((sum, group) => sum + group.count, 0)).toBe(rows.length);
        for (const [code, group] of groups.entries()) {
          const own = all.filter((row) => row.group === code);
          const alone = inputOf(
            own.map((row) => row.label),
            own.map((row) => row.score),
          );
          expect(group).toEqual(binaryMetrics(alone).overall);
        }
      }),
    );
  });

  it("-0 and 0 are one score", () => {
    expect(binaryMetrics(inputOf([0, 1, 0, 1], [0, -0, -0, 0])).overall.metrics["roc_auc"]).toBe(0.5);
  });
});
