import { describe, expect, it } from "vitest";
import { judged, outcomes, type Written } from "./judged.ts";

const table = `SELECT * FROM (VALUES
  (1, 1.5::DOUBLE, true, 'b', TIMESTAMP '2020-01-01', 1.10::DECIMAL(9,2)), (3, 'NaN'::DOUBLE, false, 'a', TIMESTAMP '2020-01-03', 2.20),
  (3, 2.5, true, NULL, NULL, NULL)) AS t(i, f, b, s, t, c)`;

const figure = (name: string, column: string, bounds: object = {}): Written => [
  `expect_column_${name}_to_be_between`,
  { column, ...bounds },
];

describe("figures of a column", () => {
  it.each([
    ["min", 1, 1.5, false, 1.1],
    ["max", 3, 2.5, true, 2.2],
    ["sum", 7, 4, 2, 3.3],
    ["mean", 7 / 3, 2, 2 / 3, 1.65],
    ["median", 3, 2, 1, 1.65],
    // Sample deviations.
    ["stdev", Math.sqrt(4 / 3), Math.sqrt(0.5), Math.sqrt(1 / 3), Math.sqrt(0.605)],
  ])("%s leaves out nulls and NaN", async (name, ...expected) => {
    const found = await judged(
      table,
      ["i", "f", "b", "c"].map((column) => figure(name, column)),
    );
    for (const [index, value] of expected.entries()) {
      const observed = found[index]?.result["observed_value"];
      if (typeof value === "number") expect(observed).toBeCloseTo(value, 12);
      else expect(observed).toBe(value);
    }
  });

  it("lie between their bounds, which are in unless strict", async () => {
    const found = await outcomes(table, [
      figure("max", "i", { min_value: 3, max_value: 3 }),
      figure("max", "i", { min_value: 3, strict_min: true }),
      figure("max", "i", { max_value: 3, strict_max: true }),
      figure("max", "i", { min_value: 5, max_value: 1 }),
      figure("max", "b", { max_value: 1 }),
      figure("mean", "i", { min_value: "2", max_value: 2.5 }),
    ]);
    expect(found).toEqual(["good", "bad", "bad", "bad", "good", "good"]);
  });

  it("of times are times, of text only the first and the last", async () => {
    const found = await judged(table, [
      figure("max", "t", { max_value: "2020-01-03" }),
      figure("min", "t", { min_value: "2020-01-01T00:00:01" }),
      figure("median", "t", { min_value: "2020-01-02" }),
      figure("min", "s"),
      ...[figure("max", "t", { max_value: 1 }), figure("max", "s", { max_value: 1 })],
      ...[figure("sum", "t"), figure("mean", "s")],
    ]);
    expect(found.map(({ outcome }) => outcome)).toEqual([
      ...["good", "bad", "good", "good"],
      ...["error", "error", "error", "error"],
    ]);
    expect(found[3]?.result).toEqual({ observed_value: "a" });
  });

  it("of nothing are absent and not good; its sum is 0", async () => {
    const nothing = "SELECT NULL::DOUBLE AS x";
    const names = ["min", "max", "mean", "median", "stdev", "sum"];
    const found = await judged(
      nothing,
      names.map((name) => figure(name, "x", { min_value: -1 })),
    );
    expect(found.map(({ outcome }) => outcome)).toEqual(["bad", "bad", "bad", "bad", "bad", "good"]);
    expect(found.map(({ result }) => result["observed_value"])).toEqual([null, null, null, null, null, 0]);
  });

  it("know infinities: a mean with one is infinite, a deviation absent", async () => {
    const found = await judged("SELECT unnest([1, 'inf'::DOUBLE]) AS x", [
      figure("mean", "x", { min_value: 5 }),
      figure("stdev", "x"),
    ]);
    expect(found.map(({ outcome }) => outcome)).toEqual(["good", "bad"]);
  });
});

describe("counts of a column", () => {
  it("are of distinct values, and of values that are there", async () => {
    const found = await judged("SELECT unnest([1, 1, 2, 3, NULL]) AS x", [
      figure("unique_value_count", "x", { max_value: 3 }),
      figure("proportion_of_unique_values", "x", { max_value: 0.75 }),
      figure("proportion_of_non_null_values", "x", { min_value: 0.81 }),
    ]);
    expect(found.map(({ outcome, result }) => [outcome, result["observed_value"]])).toEqual([
      ["good", 3],
      ["good", 0.75],
      ["bad", 0.8],
    ]);
  });

  it("are 0 of nothing", async () => {
    const found = await judged("SELECT NULL::INTEGER AS x WHERE false", [
      figure("unique_value_count", "x", { max_value: 0 }),
      figure("proportion_of_unique_values", "x", { min_value: 0.1 }),
      figure("proportion_of_non_null_values", "x", { min_value: 0.1 }),
    ]);
    expect(found.map(({ outcome, result }) => [outcome, result["observed_value"]])).toEqual([
      ["good", 0],
      ["bad", 0],
      ["bad", 0],
    ]);
  });
});

describe("quantiles", () => {
  const quantiles = (at: readonly number[], ranges: readonly unknown[], more: object = {}): Written => [
    "expect_column_quantile_values_to_be_between",
    { column: "x", quantile_ranges: { quantiles: at, value_ranges: ranges }, ...more },
  ];

  it("take the nearest value, or interpolate as asked", async () => {
    const rows = "SELECT unnest([1, 2, 2, 3]) AS x";
    const found = await judged(rows, [
      quantiles(
        [0, 0.25, 0.5, 1],
        [
          [1, 1],
          [2, 2],
          [null, 2],
          [3, null],
        ],
      ),
      quantiles([0.25], [[1.7, 1.8]], { allow_relative_error: "linear" }),
      quantiles([0.25], [[1, 1]], { allow_relative_error: "lower" }),
      quantiles([0.25], [[1.5, 1.5]], { allow_relative_error: "midpoint" }),
    ]);
    expect(found.map(({ outcome }) => outcome)).toEqual(["good", "good", "good", "good"]);
    expect(found[0]?.result).toMatchObject({
      observed_value: { quantiles: [0, 0.25, 0.5, 1], values: [1, 2, 2, 3] },
      details: { success_details: [true, true, true, true] },
    });
  });

  it("may miss a bound by a ten-thousandth of it", async () => {
    const found = await outcomes("SELECT 10000 AS x", [
      quantiles([0.5], [[10_001, 10_002]]),
      quantiles([0.5], [[10_002, 10_003]]),
    ]);
    expect(found).toEqual(["good", "bad"]);
  });

  it("are absent without a value, and refused where the ranges cannot be meant", async () => {
    const found = await outcomes("SELECT NULL::INTEGER AS x, 'a' AS s", [
      quantiles([0.5], [[null, null]]),
      quantiles([0.5, 1], [[null, null]]),
      quantiles([0.5], [[2, 1]]),
    ]);
    expect(found).toEqual(["bad", "error", "error"]);
  });
});
