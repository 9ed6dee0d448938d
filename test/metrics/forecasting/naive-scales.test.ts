import { describe, expect, it } from "vitest";
import { NaiveErrors } from "../../../src/metrics/forecasting/naive-scales.ts";
import { fc } from "../../support/fast-check.ts";

/** Of the steps of a season: by the definition. */
function scaleOf(values: readonly number[], season: number) {
  const steps = values.slice(season).map((value, row) => value - (values[row] ?? Number.NaN));
  const mean = (terms: number[]) => terms.reduce((sum, term) => sum + term, 0) / terms.length;
  return { mae: mean(steps.map(Math.abs)), rmse: Math.sqrt(mean(steps.map((step) => step ** 2))) };
}

describe("errors of the seasonal naive forecast", () => {
  it("are those of the steps of a season, of one series after the other", () => {
    // Whole numbers: their sums are exact in any order.
    const series = fc.array(fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 40 }));
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 12 }), (all, season) => {
        const errors = new NaiveErrors(season);
        for (const values of all) {
          for (const value of values) errors.add(value);
          expect(errors.endSeries()).toEqual(scaleOf(values, season));
        }
      }),
    );
  });

  it("are none of a series that is no longer than a season", () => {
    const errors = new NaiveErrors(3);
    for (const value of [1, 2, 3]) errors.add(value);
    expect(errors.endSeries()).toEqual({ mae: Number.NaN, rmse: Number.NaN });
  });
});
