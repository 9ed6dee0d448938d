import { describe, expect, it } from "vitest";
import { judged, outcomes, type Written } from "./judged.ts";

const table = `SELECT * FROM (VALUES (1, 'a', DATE '2020-01-01'), (2, 'b', DATE '2020-01-02'), (2, 'b', NULL), (NULL, NULL, NULL))
  AS t(x, s, d)`;

const distinct = (name: string, column: string, value_set: readonly unknown[]): Written => [
  `expect_column_distinct_values_to_${name}_set`,
  { column, value_set },
];

describe("distinct values", () => {
  it("are all members", async () => {
    const found = await judged(table, [
      distinct("be_in", "x", [1, 2, 3]),
      distinct("be_in", "x", [1, null]),
      distinct("be_in", "d", ["2020-01-01", "2020-01-02"]),
    ]);
    expect(found.map(({ outcome }) => outcome)).toEqual(["good", "bad", "good"]);
    expect(found[1]?.result).toEqual({
      observed_value: [1, 2],
      unexpected_count: 1,
      partial_unexpected_list: [2],
    });
  });

  it("hold every member; a null member is never found", async () => {
    const found = await judged(table, [
      distinct("contain", "s", ["a"]),
      distinct("contain", "s", ["a", "c", null, "c"]),
      distinct("contain", "s", []),
      distinct("contain", "x", ["1"]),
    ]);
    expect(found.map(({ outcome }) => outcome)).toEqual(["good", "bad", "good", "bad"]);
    expect(found[1]?.result).toMatchObject({ missing_count: 2, partial_missing_list: ["c", null] });
  });

  it("are exactly the members", async () => {
    const found = await judged(table, [
      distinct("equal", "x", [1, 2, 2.0, true]),
      distinct("equal", "x", [2, 3]),
      distinct("equal", "x", []),
    ]);
    expect(found.map(({ outcome }) => outcome)).toEqual(["good", "bad", "bad"]);
    expect(found[1]?.result).toMatchObject({ unexpected_count: 1, missing_count: 1 });
  });

  it("are not listed where they are many, but judged", async () => {
    const members = Array.from({ length: 1000 }, (_, index) => index);
    const found = await judged("SELECT range AS x FROM range(1000)", [
      distinct("equal", "x", members),
      distinct("equal", "x", [...members, 1000]),
      distinct("be_in", "x", [1]),
    ]);
    expect(found.map(({ outcome, result }) => [outcome, result["observed_value"]])).toEqual([
      ["good", null],
      ["bad", null],
      ["bad", null],
    ]);
    expect(found[1]?.result).toMatchObject({ missing_count: 1, unexpected_count: 0 });
    expect(found[2]?.result).toMatchObject({ unexpected_count: 999 });
  });

  it("of nothing are in every set", async () => {
    const found = await outcomes("SELECT 1 AS x WHERE false", [
      ...[distinct("be_in", "x", [1]), distinct("contain", "x", [1]), distinct("equal", "x", [])],
    ]);
    expect(found).toEqual(["good", "bad", "good"]);
  });
});

describe("the most common value", () => {
  const mostCommon = (column: string, value_set: readonly unknown[], more: object = {}): Written => [
    "expect_column_most_common_value_to_be_in_set",
    { column, value_set, ...more },
  ];

  it("is one, and a member", async () => {
    const found = await judged(
      "SELECT unnest([1, 2, 2, 3, 3, NULL, NULL, NULL]) AS x, unnest(['a', 'b', 'b']) AS s",
      [
        mostCommon("x", [2, 3]),
        mostCommon("x", [3], { ties_okay: true }),
        mostCommon("x", [1], { ties_okay: true }),
        mostCommon("s", ["b"]),
        mostCommon("s", []),
      ],
    );
    expect(found.map(({ outcome }) => outcome)).toEqual(["bad", "good", "bad", "good", "bad"]);
    expect(found[0]?.result).toEqual({ observed_value: [2, 3] });
  });

  it("is none where there is no value", async () => {
    const [found] = await judged("SELECT NULL::INTEGER AS x", [mostCommon("x", [1])]);
    expect(found).toMatchObject({ outcome: "bad", result: { observed_value: [] } });
  });
});
