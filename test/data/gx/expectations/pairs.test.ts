import { describe, expect, it } from "vitest";
import { judged, outcomes, type Written } from "./judged.ts";

const table = `SELECT * FROM (VALUES (1, 1.0::DOUBLE, 'x', true), (3, 2, '3', false), (NULL, 5, NULL, NULL), (NULL, NULL, NULL, NULL), (4, NULL, 'y', true))
  AS t(a, b, s, t)`;

const pair = (name: string, more: object = {}, columns = ["a", "b"]): Written => [
  `expect_column_pair_values_${name}`,
  { column_A: columns[0], column_B: columns[1], ...more },
];

describe("pairs of values", () => {
  it("are equal, a null left in on either side is not", async () => {
    const found = await judged(table, [
      pair("to_be_equal"),
      pair("to_be_equal", { ignore_row_if: "either_value_is_missing" }),
      pair("to_be_equal", { ignore_row_if: "neither" }),
    ]);
    expect(found.map(({ result }) => [result["missing_count"], result["unexpected_list"]])).toEqual([
      [
        1,
        [
          [3, 2],
          [null, 5],
          [4, null],
        ],
      ],
      [3, [[3, 2]]],
      [
        0,
        [
          [3, 2],
          [null, 5],
          [null, null],
          [4, null],
        ],
      ],
    ]);
  });

  it("are equal as in Python: true is 1, a number is no text", async () => {
    const ignore_row_if = "either_value_is_missing";
    const found = await judged(table, [
      pair("to_be_equal", { ignore_row_if }, ["a", "s"]),
      pair("to_be_equal", { ignore_row_if }, ["a", "t"]),
      pair("to_be_equal", { ignore_row_if }, ["t", "b"]),
    ]);
    expect(found.map(({ result }) => result["unexpected_count"])).toEqual([3, 2, 1]);
  });

  it("are greater, or equal where that will do", async () => {
    const ignore_row_if = "either_value_is_missing";
    const found = await judged(table, [
      pair("a_to_be_greater_than_b", { ignore_row_if }),
      pair("a_to_be_greater_than_b", { ignore_row_if, or_equal: true }),
      pair("a_to_be_greater_than_b", { or_equal: true, ignore_row_if: "neither" }),
      pair("a_to_be_greater_than_b", {}, ["a", "s"]),
    ]);
    expect(found.map(({ outcome, result }) => [outcome, result["unexpected_list"]])).toEqual([
      ["bad", [[1, 1]]],
      ["good", []],
      [
        "bad",
        [
          [null, 5],
          [null, null],
          [4, null],
        ],
      ],
      ["error", undefined],
    ]);
  });

  it("stand in a set of pairs, a null for a missing value", async () => {
    const found = await judged(table, [
      pair("to_be_in_set", {
        value_pairs_set: [
          [1, 1],
          [3, 2],
          [null, 5],
          [4, null],
        ],
      }),
      pair("to_be_in_set", {
        value_pairs_set: [
          [1, 1],
          [4, 3],
        ],
      }),
      pair("to_be_in_set", { value_pairs_set: [], ignore_row_if: "either_value_is_missing" }),
    ]);
    expect(found.map(({ outcome, result }) => [outcome, result["unexpected_list"]])).toEqual([
      ["good", []],
      [
        "bad",
        [
          [3, 2],
          [null, 5],
          [4, null],
        ],
      ],
      [
        "bad",
        [
          [1, 1],
          [3, 2],
        ],
      ],
    ]);
  });
});

describe("several values of a row", () => {
  const rows = `SELECT * FROM (VALUES (1, 2, 3), (1, 2, 4), (NULL, 2, 3), (NULL, NULL, NULL), (NULL, NULL, 1), (NULL, NULL, 1))
    AS t(a, b, c)`;
  const group = (name: string, columns: readonly string[], more: object = {}): Written => [
    `expect_${name}`,
    { column_list: columns, ...more },
  ];

  it("are unique together; a null equals a null", async () => {
    const found = await judged(rows, [
      group("compound_columns_to_be_unique", ["a", "b"]),
      group("compound_columns_to_be_unique", ["a", "c"]),
      group("compound_columns_to_be_unique", ["a", "c"], { ignore_row_if: "any_value_is_missing" }),
    ]);
    expect(found.map(({ result }) => [result["missing_count"], result["unexpected_count"]])).toEqual([
      [3, 2],
      [1, 2],
      [4, 0],
    ]);
  });

  it("sum up; a sum with a null is no sum", async () => {
    const found = await judged(rows, [
      group("multicolumn_sum_to_equal", ["a", "b", "c"], { sum_total: 6 }),
      group("multicolumn_sum_to_equal", ["a", "b", "c"], {
        sum_total: 6,
        ignore_row_if: "any_value_is_missing",
      }),
    ]);
    expect(found.map(({ result }) => [result["missing_count"], result["unexpected_count"]])).toEqual([
      [1, 4],
      [4, 1],
    ]);
    const texts = group("multicolumn_sum_to_equal", ["s", "t"], { sum_total: 1 });
    expect(await outcomes("SELECT 'a' AS s, 'b' AS t", [texts])).toEqual(["error"]);
  });

  it("are all equal, or all null", async () => {
    const equal = "SELECT * FROM (VALUES (1, 1.0::DOUBLE), (2, 3), (NULL, NULL), (NULL, 1)) AS t(a, b)";
    const found = await judged(equal, [
      group("multicolumn_values_to_be_equal", ["a", "b"], { ignore_row_if: "never" }),
    ]);
    expect(found[0]?.result).toMatchObject({
      unexpected_count: 2,
      unexpected_list: [
        { a: 2, b: 3 },
        { a: null, b: 1 },
      ],
    });
  });

  it("differ within a row; null is a value", async () => {
    const found = await judged(rows, [
      group("select_column_values_to_be_unique_within_record", ["a", "b", "c"]),
      group("select_column_values_to_be_unique_within_record", ["a", "b", "c"], { ignore_row_if: "never" }),
    ]);
    expect(found.map(({ result }) => result["unexpected_count"])).toEqual([2, 3]);
  });
});
