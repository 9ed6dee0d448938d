import { describe, expect, it } from "vitest";
import { forecastMetrics } from "../../../src/metrics/forecasting/forecasting.ts";
import { generator, shuffled } from "../random-cases.ts";
import { type Case, inputOf, randomCase, rowsOf } from "./cases.ts";

const overallOf = (one: Case) => forecastMetrics(inputOf(one)).overall;

describe("forecasting metrics", () => {
  it("give the values of sktime's documentation", () => {
    // The examples of mean_absolute_scaled_error and mean_squared_scaled_error(square_root=True).
    const { metrics } = overallOf({
      truths: [3, -0.5, 2, 7, 2],
      predictions: [2.5, 0, 2, 8, 1.25],
      series: [0, 0, 0, 0, 0],
      weights: null,
      quantiles: [],
      histories: [[5, 0.5, 4, 6, 3, 5, 2]],
      season: 1,
    });
    expect(metrics["mase"]).toBeCloseTo(0.18333333333333335, 15);
    expect(metrics["rmsse"]).toBeCloseTo(0.20568833780186058, 15);
  });

  it("say what MASE needs, and which training series stands still", () => {
    const input = { ...inputOf(randomCase(generator(1))) };
    const { undefined: without } = forecastMetrics({ ...input, scales: {} }).overall;
    expect(without["mase"]).toContain("--history");
    const still = new Float64Array(input.truths.length);
    const { undefined: reasons } = forecastMetrics({ ...input, scales: { mae: still } }).overall;
    expect(reasons["mase"]).toMatch(/^zero division: the training series of \d+ of \d+ rows never changes/);
  });

  it("have a table of the horizons, as the groups of their rows are", () => {
    const one = { ...randomCase(generator(4)), weights: null };
    const codes = Uint8Array.from(one.truths, (_, row) => row % 2);
    const grouping = { codes, count: 2 };
    const { overall, groups } = forecastMetrics(
      { ...inputOf(one), horizons: { names: ["1", "2"], grouping } },
      [grouping],
    );
    expect(overall.horizons?.map((row) => row.horizon)).toEqual(["1", "2"]);
    expect(overall.horizons?.reduce((sum, row) => sum + row.count, 0)).toBe(overall.count);
    for (const [code, row] of (overall.horizons ?? []).entries())
      expect(row.metrics).toEqual(groups[0]?.[code]?.metrics);
  });

  it("are the same for any order of the rows, bit for bit", () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const random = generator(seed);
      const one = randomCase(random);
      const turned = rowsOf(one, shuffled(one.truths.length, random));
      expect(overallOf(turned), `seed ${seed}`).toEqual(overallOf(one));
    }
  });

  it("measure whole weights as repeated rows", () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const one = { ...randomCase(generator(seed)), weights: null };
      const weights = one.truths.map((_, row) => (row + 1) % 3);
      const repeated = rowsOf(
        one,
        weights.flatMap((weight, row) => Array.from({ length: weight }, () => row)),
      );
      const [plain, weighted] = [overallOf(repeated), overallOf({ ...one, weights })];
      for (const [name, value] of Object.entries(plain.metrics)) {
        const other = weighted.metrics[name] ?? Number.NaN;
        if (value === null) expect(weighted.metrics[name], `seed ${seed}, ${name}`).toBeNull();
        else expect(Math.abs(other - value)).toBeLessThanOrEqual(1e-11 * Math.max(Math.abs(value), 1));
      }
    }
  });

  it("have no intervals: errors of one series are not independent", () => {
    expect(overallOf(randomCase(generator(2))).intervals).toBeUndefined();
  });
});
