import { describe, expect, it } from "vitest";
import { multilabelMetrics } from "../../../src/metrics/multilabel/multilabel.ts";
import { pooledOutcomes, pooledRanking } from "../../../src/metrics/multilabel/pooled-ranking.ts";
import { generator, shuffled } from "../random-cases.ts";
import { inputOf, randomCase, rowsOf } from "./cases.ts";

const by = (truths: number[][], scores: number[][]) =>
  inputOf({ truths, scores, predictions: truths, weights: null, dtype: "float64" });

describe("multilabel metrics", () => {
  it("give the values of scikit-learn's documentation", async () => {
    // The examples of label_ranking_average_precision_score, coverage_error and label_ranking_loss.
    const input = by(
      [
        [1, 0],
        [0, 0],
        [0, 1],
      ],
      [
        [0.75, 1],
        [0.5, 0.2],
        [1, 0.1],
      ],
    );
    const { metrics } = (await multilabelMetrics(input)).overall;
    expect(metrics["label_ranking_average_precision"]).toBeCloseTo(0.4166666666666667, 15);
    expect(metrics["coverage_error"]).toBe(2.5);
    expect(metrics["label_ranking_loss"]).toBe(0.75);
  });

  it("have each label as a task of its own, and the curves of the first ones", async () => {
    const one = { ...randomCase(generator(5)), weights: null };
    const { overall } = await multilabelMetrics(inputOf(one));
    expect(overall.perClass?.map(({ class: name, support }) => [name, support])).toEqual(
      one.truths.map((column, index) => [`l${index}`, column.reduce((sum, truth) => sum + truth, 0)]),
    );
    expect(overall.curves?.length).toBe(Math.min(10, one.truths.length));
  });

  it("say which label has no value, and how many rows", async () => {
    const input = by(
      [
        [1, 0, 1],
        [0, 0, 0],
      ],
      [
        [0.9, 0.2, 0.8],
        [0.1, 0.2, 0.3],
      ],
    );
    const { metrics, undefined: reasons } = (await multilabelMetrics(input)).overall;
    expect(metrics).toMatchObject({ f1_micro: 1, f1_macro: null, f1_weighted: 1, subset_accuracy: 1 });
    expect(reasons["f1_macro"]).toMatch(/^label l1: zero division/);
    expect(reasons["f1_samples"]).toBe("zero division: 1 of 3 rows have no label, true or predicted");
    expect(metrics["f1_samples{zero_division=0}"]).toBeCloseTo(2 / 3, 15);
    expect(reasons["roc_auc_macro"]).toMatch(/^label l1: /);
  });

  it("tell no labels from scores that are no probabilities, without a threshold", async () => {
    const input = {
      ...by(
        [
          [1, 0],
          [0, 1],
        ],
        [
          [7, -2],
          [1, 3],
        ],
      ),
      threshold: null,
    };
    const { metrics, undefined: reasons } = (await multilabelMetrics(input)).overall;
    expect(metrics).toMatchObject({ label_ranking_average_precision: 1, hamming_loss: null, f1_macro: null });
    expect(reasons["hamming_loss"]).toContain("set --threshold");
  });

  it("take predictions beside scores: classes by the former, ranking by the latter", async () => {
    const given = by(
      [
        [1, 0],
        [0, 1],
      ],
      [
        [0.1, 0.9],
        [0.2, 0.8],
      ],
    );
    const labels = given.labels.map((one) => ({ ...one, predictions: one.truths }));
    const { metrics } = (await multilabelMetrics({ labels, threshold: 0.5 })).overall;
    expect(metrics).toMatchObject({ subset_accuracy: 1, f1_macro: 1, roc_auc_macro: 0.5 });
  });

  it("are the same for any order of the rows, bit for bit", async () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const random = generator(seed);
      const one = randomCase(random);
      const rows = one.truths[0]?.length ?? 0;
      const turned = rowsOf(one, shuffled(rows, random));
      expect(await multilabelMetrics(inputOf(turned)), `seed ${seed}`).toEqual(
        await multilabelMetrics(inputOf(one)),
      );
    }
  });

  it("measure whole weights as repeated rows", async () => {
    for (let seed = 0; seed < 30; seed += 1) {
      const one = { ...randomCase(generator(seed)), weights: null };
      const weights = (one.truths[0] ?? []).map((_, row) => (row + 1) % 3);
      const repeated = rowsOf(
        one,
        weights.flatMap((weight, row) => Array.from({ length: weight }, () => row)),
      );
      const [plain, weighted] = [
        (await multilabelMetrics(inputOf(repeated))).overall,
        (await multilabelMetrics(inputOf({ ...one, weights }))).overall,
      ];
      for (const [name, value] of Object.entries(plain.metrics))
        if (value === null) expect(weighted.metrics[name], name).toBeNull();
        else expect(weighted.metrics[name], `seed ${seed}, ${name}`).toBeCloseTo(value, 12);
    }
  });

  it("measure a group as its rows alone", async () => {
    const random = generator(11);
    const one = randomCase(random);
    const rows = one.truths[0]?.length ?? 0;
    const codes = Uint32Array.from({ length: rows }, () => Math.floor(random() * 3));
    const { groups, overall } = await multilabelMetrics(inputOf(one), [{ codes, count: 3 }]);
    const own = groups[0] ?? [];
    expect(own.reduce((sum, group) => sum + group.count, 0)).toBe(overall.count);
    for (const [code, group] of own.entries()) {
      const alone = rowsOf(
        one,
        [...codes.keys()].filter((row) => codes[row] === code),
      );
      const { metrics, count } = (await multilabelMetrics(inputOf(alone))).overall;
      expect(group.metrics).toEqual(metrics);
      expect(group.count).toBe(count);
    }
  });

  it("put no more scores into one order than fit, and say so", async () => {
    const label = { name: "l", truths: new Uint8Array(1_000_000), scores: new Float32Array(1_000_000) };
    const labels = Array.from({ length: 31 }, () => ({ ...label, predictions: undefined }));
    const pooled = await pooledRanking({ labels, threshold: null }, []);
    expect(pooled).toBe("too many");
    if (pooled !== "too many") return;
    const reason = { undefined: "more than 30000000 scores of labels" };
    expect(pooledOutcomes(pooled)).toEqual({ roc_auc_micro: reason, average_precision_micro: reason });
  });
});
