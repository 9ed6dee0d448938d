import { describe, expect, it } from "vitest";
import { binaryMetrics } from "../../../src/metrics/binary/binary.ts";
import type { BinaryOptions } from "../../../src/metrics/binary/binary-input.ts";
import { fc } from "../../support/fast-check.ts";
import { times } from "../../support/full.ts";
import { inputOf, tableInput, tables } from "./cases.ts";

/** Scores 0.9 to 0.1; the positives are those of 0.9, 0.8, 0.6 and 0.2. */
const scores = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];
const labels = [1, 1, 0, 1, 0, 0, 0, 1, 0];

async function chosen(options: BinaryOptions) {
  const { thresholdChoices = [] } = (await binaryMetrics(inputOf(labels, scores, { options }))).overall;
  return Object.fromEntries(thresholdChoices.map((choice) => [choice.rule, choice]));
}

describe("threshold choices", () => {
  it("by the best F1 and by Youden's J are always there", async () => {
    const choices = await chosen({});
    expect(Object.keys(choices)).toEqual(["max_f1", "youden"]);
    expect(choices["max_f1"]).toMatchObject({
      threshold: 0.6,
      metrics: { precision: 0.75, recall: 0.75, f1: 0.75 },
    });
    expect(choices["youden"]).toMatchObject({ threshold: 0.6, metrics: { recall: 0.75, fpr: 0.2 } });
  });

  it("by a least precision, recall or true positive rate; nothing where none reaches it", async () => {
    const choices = await chosen({ minPrecisions: [0.7, 1], minRecalls: [0.5, 1], minTprs: [0.75] });
    expect(choices["recall@precision>=0.7"]).toMatchObject({ threshold: 0.6, metrics: { recall: 0.75 } });
    expect(choices["recall@precision>=1"]).toMatchObject({ threshold: 0.8, metrics: { recall: 0.5 } });
    expect(choices["precision@recall>=0.5"]).toMatchObject({ threshold: 0.8, metrics: { precision: 1 } });
    expect(choices["precision@recall>=1"]).toMatchObject({ threshold: 0.2, metrics: { precision: 0.5 } });
    expect(choices["fpr@tpr>=0.75"]).toMatchObject({ threshold: 0.6, metrics: { fpr: 0.2 } });
    const poor = await binaryMetrics(
      inputOf([0, 1, 0], [0.9, 0.5, 0.1], { options: { minPrecisions: [0.9] } }),
    );
    expect(poor.overall.thresholdChoices?.at(-1)).toEqual({
      rule: "recall@precision>=0.9",
      threshold: null,
      metrics: {},
    });
  });

  it("by costs, which may be lowest where nothing is predicted", async () => {
    const choices = await chosen({
      costs: [
        { falsePositive: 1, falseNegative: 5 },
        { falsePositive: 9, falseNegative: 1 },
        { falsePositive: 100, falseNegative: 1 },
        { falsePositive: 1, falseNegative: 0, truePositive: 3, trueNegative: 2 },
      ],
    });
    // 0.2 finds all four for four false ones: 4 of 9; 0.6 misses one for one: 6 of 9.
    expect(choices["cost{fp=1,fn=5}"]).toMatchObject({ threshold: 0.2, metrics: { expected_cost: 4 / 9 } });
    expect(choices["cost{fp=9,fn=1}"]).toMatchObject({ threshold: 0.8, metrics: { expected_cost: 2 / 9 } });
    expect(choices["cost{fp=100,fn=1}"]?.threshold).toBe(0.8);
    const none = await binaryMetrics(
      inputOf([0, 1, 0], [0.9, 0.5, 0.1], { options: { costs: [{ falsePositive: 9, falseNegative: 1 }] } }),
    );
    expect(none.overall.thresholdChoices?.at(-1)).toMatchObject({
      threshold: null,
      metrics: { recall: 0, precision: null, expected_cost: 1 / 3 },
    });
  });

  it("are none where a class is missing", async () => {
    const { overall } = await binaryMetrics(inputOf([0, 0], [0.2, 0.3]));
    expect(overall.thresholdChoices).toEqual([]);
  });

  it("take the best of all thresholds", async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (rows) => {
        const { thresholdChoices = [] } = (await binaryMetrics(tableInput(rows))).overall;
        const best = thresholdChoices[0]?.metrics["f1"];
        for (const row of rows) {
          const { metrics } = (await binaryMetrics(tableInput(rows, { threshold: row.score }))).overall;
          if (best !== undefined) expect(metrics["f1"] ?? 0).toBeLessThanOrEqual(best ?? 0);
        }
      }),
      { numRuns: times(20, 500) },
    );
  });
});

describe("lift and gain of the top share", () => {
  it("count a tied block at the cut with its expected share", async () => {
    const { metrics } = (
      await binaryMetrics(
        inputOf([1, 1, 0, 0, 1, 0, 0, 0, 0, 0], [0.9, 0.5, 0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1], {
          options: { shares: [0.1, 0.3, 0.025, 1] },
        }),
      )
    ).overall;
    expect(metrics["gain@10%"]).toBeCloseTo(1 / 3, 14);
    expect(metrics["lift@10%"]).toBeCloseTo(10 / 3, 14);
    // One for sure, and two of the four of 0.5, of which half are positive.
    expect(metrics["gain@30%"]).toBeCloseTo(2 / 3, 14);
    expect(metrics["lift@2.5%"]).toBeCloseTo(10 / 3, 13);
    expect(metrics["gain@100%"]).toBe(1);
    expect(metrics["lift@100%"]).toBe(1);
  });
});
