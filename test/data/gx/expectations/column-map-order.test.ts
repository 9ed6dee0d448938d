import { describe, expect, it } from "vitest";
import { judged, outcomes, type Written } from "./judged.ts";

const rule = (name: string, column: string, more: object = {}): Written => [
  `expect_column_values_to_${name}`,
  { column, ...more },
];

describe("values in order", () => {
  const table = "SELECT unnest([1, 2, NULL, 2, 1, 5]) AS x, unnest(['a', 'b', 'c', 'd', 'e', 'f']) AS s";

  it("are compared with the value before, over nulls", async () => {
    const found = await judged(table, [
      rule("be_increasing", "x"),
      rule("be_increasing", "x", { strictly: true }),
      rule("be_decreasing", "x"),
      rule("be_decreasing", "x", { mostly: 0.6 }),
    ]);
    expect(found.map(({ outcome, result }) => [outcome, result["unexpected_list"]])).toEqual([
      ["bad", [1]],
      ["bad", [2, 1]],
      ["bad", [2, 5]],
      ["good", [2, 5]],
    ]);
  });

  it("are numbers or times", async () => {
    expect(await outcomes(table, [rule("be_increasing", "s")])).toEqual(["error"]);
    const times = "SELECT unnest([TIMESTAMP '2020-01-01', TIMESTAMP '2020-01-02']) AS t";
    expect(await outcomes(times, [rule("be_increasing", "t", { strictly: true })])).toEqual(["good"]);
  });
});

describe("z-scores", () => {
  const score = (column: string, threshold: number, double_sided: boolean): Written => [
    "expect_column_value_z_scores_to_be_less_than",
    { column, threshold, double_sided },
  ];

  it("are distances from the mean in sample deviations, on one side or both", async () => {
    // Mean 0, deviation 5: scores -1.2, 0, 0, 0, 1.2 of -6, 0, 0, 0, 6 (ddof 1: sqrt(72/4) = 4.243, scores 1.414).
    const found = await judged("SELECT unnest([-6, 0, 0, 0, 6]) AS x", [
      score("x", 1.5, true),
      score("x", 1.4, true),
      score("x", 1.4, false),
      score("x", -1.4, true),
    ]);
    expect(found.map(({ outcome, result }) => [outcome, result["unexpected_list"]])).toEqual([
      ["good", []],
      ["bad", [-6, 6]],
      ["bad", [6]],
      ["bad", [-6, 6]],
    ]);
  });

  it("are never too large where there is no deviation", async () => {
    const table =
      "SELECT unnest([3, 3]) AS same, unnest([1, NULL]) AS one, unnest([1, 'inf'::DOUBLE]) AS endless";
    expect(
      await outcomes(table, [score("same", 0, true), score("one", 0, true), score("endless", 0, true)]),
    ).toEqual(["good", "good", "good"]);
    expect(await outcomes("SELECT 'a' AS s", [score("s", 1, true)])).toEqual(["error"]);
  });
});

describe("outliers", () => {
  const outliers = (column: string, more: object = {}): Written => rule("not_be_outliers", column, more);

  it("lie beyond the fences around linear quartiles", async () => {
    // Quartiles 2 and 4: fences at -1 and 7.
    const found = await judged("SELECT unnest([1, 2, 3, 4, 7]) AS x, unnest([1, 2, 3, 4, 8]) AS y", [
      outliers("x"),
      outliers("y"),
      outliers("y", { multiplier: 2 }),
      outliers("y", { mostly: 0.8 }),
    ]);
    expect(found.map(({ outcome, result }) => [outcome, result["unexpected_list"]])).toEqual([
      ["good", []],
      ["bad", [8]],
      ["good", []],
      ["good", [8]],
    ]);
  });

  it("lie as far from the mean as the multiple of the deviation, or farther", async () => {
    // Mean 0, deviation 2.
    const found = await judged(
      "SELECT unnest([-2, 2, -2, 2, 0]) AS x, unnest([0.1, 0.1, 0.1, 0.1, 0.1]) AS same",
      [
        outliers("x", { method: "std", multiplier: 1 }),
        outliers("x", { method: "std", multiplier: 1.01 }),
        outliers("same", { method: "std", multiplier: 1 }),
      ],
    );
    expect(found.map(({ outcome, result }) => [outcome, result["unexpected_count"]])).toEqual([
      ["bad", 4],
      ["good", 0],
      ["good", 0],
    ]);
  });
});
