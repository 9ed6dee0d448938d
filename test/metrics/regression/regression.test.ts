import { describe, expect, it } from "vitest";
import { regressionMetrics } from "../../../src/metrics/regression/regression.ts";
import { fc } from "../../support/fast-check.ts";

function measure(truths: readonly number[], predictions: readonly number[]) {
  const input = { truths: Float64Array.from(truths), predictions: Float64Array.from(predictions) };
  return regressionMetrics(input).overall;
}

describe("regression metrics", () => {
  it("gives the values of scikit-learn's documentation", () => {
    // The example of sklearn.metrics.r2_score and mean_absolute_error.
    const { metrics } = measure([3, -0.5, 2, 7], [2.5, 0.0, 2, 8]);
    expect(metrics).toMatchObject({ rmse: Math.sqrt(0.375), mae: 0.5, mse: 0.375, r2: 1 - 1.5 / 29.1875 });
  });

  it("R2 has no value for a constant truth, whose mean need not be exact", () => {
    const { metrics, undefined: reasons } = measure([0.1, 0.1, 0.1], [0.1, 0.1, 0.1]);
    expect(metrics).toMatchObject({ rmse: 0, mae: 0, mse: 0, r2: null });
    expect(reasons["r2"]).toContain("zero division");
  });

  it("R2 has no value for one row; nothing has one for none", () => {
    expect(measure([1], [2]).undefined).toMatchObject({ r2: "fewer than two rows" });
    const none = measure([], []);
    expect(Object.values(none.metrics).every((value) => value === null)).toBe(true);
    expect(new Set(Object.values(none.undefined))).toEqual(new Set(["no rows"]));
  });

  it("squares beyond a double's range are undefined, not infinite", () => {
    const { metrics, undefined: reasons } = measure([1e200, 2], [-1e200, 2]);
    expect(metrics).toMatchObject({ mse: null, rmse: null, r2: null });
    expect(metrics["mae"]).toBe(1e200);
    expect(reasons["mse"]).toContain("overflow");
  });

  it("leaves out residuals that overflow", () => {
    expect(measure([1.7e308, 0], [-1.7e308, 1]).residuals).toBeUndefined();
    expect(measure([3, 0], [1, 1]).residuals?.edges).toContain(-2);
  });

  it("the order of rows changes nothing, bit for bit", () => {
    const pairs = fc.array(
      fc.tuple(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      ),
      {
        minLength: 1,
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(pairs, (rows) => {
        const turned = [...rows].reverse();
        const of = (some: typeof rows) =>
          measure(
            some.map(([truth]) => truth),
            some.map(([, prediction]) => prediction),
          );
        expect(of(turned)).toEqual(of(rows));
      }),
    );
  });
});
