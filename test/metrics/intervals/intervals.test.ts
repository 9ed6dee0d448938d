import { describe, expect, it } from "vitest";
import { binaryMetrics } from "../../../src/metrics/binary/binary.ts";
import { areaInterval } from "../../../src/metrics/intervals/area.ts";
import { betaQuantile } from "../../../src/metrics/intervals/beta.ts";
import { clopperPearson, wilson } from "../../../src/metrics/intervals/proportion.ts";
import { expected, inputOf } from "../binary/cases.ts";

const printed = expected.published_checks;

describe("intervals of a share", () => {
  it("are those that R and statsmodels print", () => {
    const none = clopperPearson(0, 20);
    const some = clopperPearson(10, 50);
    for (const [value, reference] of [
      [none.low, printed.clopper_pearson_0_of_20[0]],
      [none.high, printed.clopper_pearson_0_of_20[1]],
      [some.low, printed.clopper_pearson_10_of_50[0]],
      [some.high, printed.clopper_pearson_10_of_50[1]],
      [wilson(10, 50).low, printed.wilson_10_of_50[0]],
      [wilson(10, 50).high, printed.wilson_10_of_50[1]],
    ]) {
      expect(Math.abs(value - reference)).toBeLessThan(1e-13);
    }
  });

  it("end at 0 and 1 where all or none hit, and mirror each other", () => {
    expect(clopperPearson(7, 7).high).toBe(1);
    expect(wilson(0, 9).low).toBe(0);
    expect(wilson(9, 9).high).toBe(1);
    for (const [hits, rows] of [
      [1, 3],
      [40, 1000],
      [123_456, 1_000_000],
    ] as const) {
      const [one, other] = [clopperPearson(hits, rows), clopperPearson(rows - hits, rows)];
      expect(one.low).toBeCloseTo(1 - other.high, 12);
      expect(one.low).toBeLessThan(hits / rows);
      expect(one.high).toBeGreaterThan(hits / rows);
    }
  });
});

describe("quantiles of the beta distribution", () => {
  it("are exact where a formula gives them", () => {
    for (const probability of [0.001, 0.025, 0.5, 0.975]) {
      expect(betaQuantile(probability, 1, 1)).toBeCloseTo(probability, 14);
      expect(betaQuantile(probability, 5, 1)).toBeCloseTo(probability ** (1 / 5), 14);
      expect(betaQuantile(probability, 1, 8)).toBeCloseTo(1 - (1 - probability) ** (1 / 8), 14);
      // Arcsine distribution.
      expect(betaQuantile(probability, 0.5, 0.5)).toBeCloseTo(Math.sin((Math.PI * probability) / 2) ** 2, 13);
    }
  });
});

describe("the interval of the area under the ROC curve", () => {
  it("is exact where nothing is ranked wrongly, and marked", async () => {
    const perfect = await binaryMetrics(inputOf([0, 0, 0, 1, 1], [0.1, 0.2, 0.3, 0.8, 0.9]));
    expect(perfect.overall.intervals?.["roc_auc"]).toEqual({
      se: null,
      low: Math.sqrt(0.025),
      high: 1,
      level: 0.95,
      method: "clopper-pearson",
    });
    expect(areaInterval(0, 0, 1)).toMatchObject({ low: 0, high: 0.975, method: "clopper-pearson" });
  });

  it("is cut at 1", () => {
    expect(areaInterval(0.99, 0.01, 5)).toMatchObject({ se: 0.1, high: 1, method: "delong" });
  });

  it("is missing for fewer than two rows of a class and where all rows are tied", async () => {
    const few = await binaryMetrics(inputOf([0, 0, 1], [0.1, 0.9, 0.5]));
    expect(few.overall.metrics["roc_auc"]).toBe(0.5);
    expect(few.overall.intervals?.["roc_auc"]).toBeUndefined();
    const tied = await binaryMetrics(inputOf([0, 0, 1, 1], [0.5, 0.5, 0.5, 0.5]));
    expect(tied.overall.intervals?.["roc_auc"]).toBeUndefined();
  });
});
