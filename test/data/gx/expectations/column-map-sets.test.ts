import { describe, expect, it } from "vitest";
import { judged, outcomes, type Written } from "./judged.ts";

const table = `SELECT * FROM (VALUES
  (1, 'a', true, DATE '2020-01-01', TIMESTAMP '2020-01-01'), (2, 'b', false, DATE '2020-01-02', TIMESTAMP '2020-01-02 01:00:00'),
  (2, NULL, true, NULL, NULL)) AS t(i, s, b, d, t)`;

const inSet = (column: string, value_set: readonly unknown[]): Written => [
  "expect_column_values_to_be_in_set",
  { column, value_set },
];
const notInSet = (column: string, value_set: readonly unknown[]): Written => [
  "expect_column_values_to_not_be_in_set",
  { column, value_set },
];

describe("values in a set", () => {
  it("are equal as in Python: 1 is true, a text is no number", async () => {
    const found = await outcomes(table, [
      inSet("i", [1, 2]),
      inSet("i", [true, 2]),
      inSet("i", ["1", "2"]),
      inSet("b", [1, 0]),
      inSet("b", ["true", "false"]),
      inSet("s", ["a", "b"]),
    ]);
    expect(found).toEqual(["good", "good", "bad", "good", "bad", "good"]);
  });

  it("are times where the members are ISO text", async () => {
    const found = await outcomes(table, [
      inSet("d", ["2020-01-01", "2020-01-02T00:00:00"]),
      inSet("t", ["2020-01-01", "2020-01-02T01:00:00"]),
      inSet("t", ["2020-01-01"]),
    ]);
    expect(found).toEqual(["good", "good", "bad"]);
  });

  it("ignore a null among the members; an empty set has no member", async () => {
    const found = await outcomes(table, [
      inSet("s", ["a", "b", null]),
      inSet("s", [null]),
      inSet("s", []),
      notInSet("s", []),
      notInSet("s", [null, "c"]),
      notInSet("s", ["a"]),
      notInSet("t", ["nonsense"]),
    ]);
    expect(found).toEqual(["good", "bad", "bad", "good", "good", "bad", "error"]);
  });
});

describe("unique values", () => {
  it("count every row of a duplicate value, nulls none", async () => {
    const [found] = await judged("SELECT unnest([1, 1, 2, NULL, NULL, 2, 3]) AS x", [
      ["expect_column_values_to_be_unique", { column: "x" }],
    ]);
    expect(found?.result).toMatchObject({
      unexpected_count: 4,
      missing_count: 2,
      unexpected_list: [1, 1, 2, 2],
    });
  });
});

describe("nulls", () => {
  it("are counted over all rows, NaN among them", async () => {
    const found = await judged("SELECT unnest([1.5, 'NaN'::DOUBLE, NULL, 2]) AS x", [
      ["expect_column_values_to_not_be_null", { column: "x", mostly: 0.5 }],
      ["expect_column_values_to_be_null", { column: "x", mostly: 0.6 }],
    ]);
    expect(found.map(({ outcome }) => outcome)).toEqual(["good", "bad"]);
    expect(found[0]?.result).toMatchObject({ element_count: 4, unexpected_count: 2, unexpected_percent: 50 });
    expect(found[0]?.result).not.toHaveProperty("missing_count");
  });

  it("follow row_condition", async () => {
    const [found] = await judged(table, [
      [
        "expect_column_values_to_not_be_null",
        { column: "s", row_condition: 'col("i") == 1', condition_parser: "great_expectations" },
      ],
    ]);
    expect(found).toMatchObject({ outcome: "good", result: { element_count: 1 } });
  });
});
