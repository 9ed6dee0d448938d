import { describe, expect, it } from "vitest";
import { binaryMetrics } from "../../../src/metrics/binary/binary.ts";
import type { Curve } from "../../../src/metrics/details.ts";
import { fc } from "../../support/fast-check.ts";
import { inputOf, tableInput, tables } from "./cases.ts";

/** Area below the points, by trapezoids. */
function area(curve: Curve | null | undefined): number {
  const { x = [], y = [] } = curve ?? {};
  let sum = 0;
  for (let point = 1; point < x.length; point += 1) {
    sum += ((x[point] ?? 0) - (x[point - 1] ?? 0)) * (((y[point] ?? 0) + (y[point - 1] ?? 0)) / 2);
  }
  return sum;
}

describe("curves", () => {
  it("have scikit-learn's points, without those on a line", async () => {
    const { curves } = (await binaryMetrics(inputOf([1, 0, 1, 0], [0.8, 0.4, 0.35, 0.1]))).overall;
    expect(curves).toEqual([
      {
        class: null,
        roc: { x: [0, 0, 0.5, 0.5, 1], y: [0, 0.5, 0.5, 1, 1], thresholds: [null, 0.8, 0.4, 0.35, 0.1] },
        precisionRecall: {
          x: [0, 0.5, 0.5, 1, 1],
          y: [1, 1, 0.5, 2 / 3, 0.5],
          thresholds: [null, 0.8, 0.4, 0.35, 0.1],
        },
        gain: { x: [0, 0.25, 0.5, 0.75, 1], y: [0, 0.5, 0.5, 1, 1], thresholds: [null, 0.8, 0.4, 0.35, 0.1] },
      },
    ]);
    const line = (await binaryMetrics(inputOf([1, 1, 0, 0], [0.8, 0.7, 0.3, 0.2]))).overall.curves?.[0];
    expect(line?.roc).toEqual({ x: [0, 0, 1], y: [0, 1, 1], thresholds: [null, 0.7, 0.2] });
  });

  it("of few rows hold the area under the ROC curve", async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (rows) => {
        const { metrics, curves } = (await binaryMetrics(tableInput(rows))).overall;
        const auc = metrics["roc_auc"] ?? null;
        if (auc === null) expect(curves?.[0]?.roc).toBeNull();
        else expect(area(curves?.[0]?.roc)).toBeCloseTo(auc, 10);
      }),
    );
  });

  it("of many rows have 500 points at most, which miss next to nothing", async () => {
    const rows = 50_000;
    const scores = Array.from({ length: rows }, (_, row) => ((row * 7919) % rows) / rows);
    const labels = scores.map((score, row) => ((row * 104_729) % rows < rows * score * score ? 1 : 0));
    const { metrics, curves, calibration } = (await binaryMetrics(inputOf(labels, scores))).overall;
    const [curve] = curves ?? [];
    for (const one of [curve?.roc, curve?.precisionRecall, curve?.gain, calibration?.isotonic]) {
      expect(one?.x.length).toBeLessThanOrEqual(500);
      expect(one?.x.length).toBe(one?.thresholds.length);
      expect(one?.x.every((x, point) => point === 0 || x >= (one.x[point - 1] ?? 0))).toBe(true);
    }
    expect(area(curve?.roc)).toBeCloseTo(metrics["roc_auc"] ?? Number.NaN, 3);
    expect(area(curve?.precisionRecall)).toBeCloseTo(metrics["average_precision"] ?? Number.NaN, 2);
  });

  it("are missing where they need a class that is not there", async () => {
    const up = (await binaryMetrics(inputOf([1, 1], [0.2, 0.3]))).overall.curves?.[0];
    expect(up?.roc).toBeNull();
    expect(up?.gain).not.toBeNull();
    const down = (await binaryMetrics(inputOf([0, 0], [0.2, 0.3]))).overall.curves?.[0];
    expect(down).toEqual({ class: null, roc: null, precisionRecall: null, gain: null });
  });
});

describe("the histogram of the scores", () => {
  it("counts each class in 50 bins from 0 to 1, [lower, upper), the last one closed", async () => {
    const { scoreHistogram } = (await binaryMetrics(inputOf([0, 1, 1, 1], [0, 0.02, 0.0199, 1]))).overall;
    expect(scoreHistogram?.edges.length).toBe(51);
    expect(scoreHistogram?.negatives.slice(0, 2)).toEqual([1, 0]);
    expect(scoreHistogram?.positives.slice(0, 2)).toEqual([1, 1]);
    expect(scoreHistogram?.positives.at(-1)).toBe(1);
  });

  it("goes from the lowest to the highest of other scores, and holds every row", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
        async (scores) => {
          const labels = scores.map((_, row) => row % 2);
          const { scoreHistogram } = (await binaryMetrics(inputOf(labels, scores, { threshold: null })))
            .overall;
          const all = [...(scoreHistogram?.positives ?? []), ...(scoreHistogram?.negatives ?? [])];
          expect(all.reduce((sum, count) => sum + count, 0)).toBe(scores.length);
          expect(scoreHistogram?.edges.every(Number.isFinite)).toBe(true);
        },
      ),
    );
  });
});
