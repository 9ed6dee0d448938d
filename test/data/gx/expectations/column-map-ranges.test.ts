import { describe, expect, it } from "vitest";
import { judged, outcomes, type Written } from "./judged.ts";

const table = `SELECT * FROM (VALUES
  (1, 1.5::DOUBLE, 'a', true, DATE '2020-01-01', TIMESTAMP '2020-01-01 00:00:00', 2.20::DECIMAL(10,2)),
  (2, 'NaN'::DOUBLE, 'bb', false, DATE '2020-01-02', TIMESTAMP '2020-01-02 03:04:05', 2.21),
  (3, 3.5, NULL, true, NULL, NULL, NULL)) AS t(i, f, s, b, d, t, c)`;

const between = (column: string, bounds: object): Written => [
  "expect_column_values_to_be_between",
  { column, ...bounds },
];

describe("values between bounds", () => {
  it("leave out nulls and NaN, and show what is unexpected", async () => {
    const [found] = await judged(table, [between("f", { min_value: 2 })]);
    expect(found).toMatchObject({
      outcome: "bad",
      result: {
        element_count: 3,
        missing_count: 1,
        unexpected_count: 1,
        unexpected_percent: 50,
        unexpected_list: [1.5],
      },
    });
  });

  it("take a bound in unless it is strict", async () => {
    const found = await outcomes(table, [
      between("i", { min_value: 1, max_value: 3 }),
      between("i", { min_value: 1, strict_min: true }),
      between("i", { max_value: 3, strict_max: true }),
      between("i", { max_value: 2.5, mostly: 0.6 }),
      between("c", { max_value: 2.2, mostly: 0.5 }),
    ]);
    expect(found).toEqual(["good", "bad", "bad", "good", "good"]);
  });

  it("compare dates with timestamps, a date as its midnight", async () => {
    const found = await outcomes(table, [
      between("t", { min_value: "2020-01-01" }),
      between("t", { max_value: "2020-01-02" }),
      between("d", { max_value: "2020-01-02T00:00:00" }),
      between("d", { max_value: "2020-01-01T23:59:59" }),
    ]);
    expect(found).toEqual(["good", "bad", "good", "bad"]);
  });

  it("take truths for 1 and 0", async () => {
    const found = await outcomes(table, [
      between("b", { min_value: 0, max_value: 1 }),
      between("b", { min_value: 0.5 }),
    ]);
    expect(found).toEqual(["good", "bad"]);
  });

  it("have no verdict where the types cannot be compared, the bounds are reversed, or there is no such column", async () => {
    const found = await judged(table, [
      between("s", { min_value: 1 }),
      between("t", { min_value: 1 }),
      between("i", { min_value: "2020-01-01" }),
      between("i", { min_value: 3, max_value: 1 }),
      between("nope", { min_value: 3 }),
    ]);
    expect(found.map(({ outcome }) => outcome)).toEqual(["error", "error", "error", "error", "error"]);
    expect(found.map(({ message }) => message)).toEqual([
      'column "s" is string: it cannot be compared with 1',
      'column "t" is timestamp: it cannot be compared with 1',
      'column "i" is integer: it cannot be compared with 2020-01-01',
      "min_value is more than max_value",
      'there is no column "nope" in the table',
    ]);
  });

  it("are good where there is no value, whatever the type", async () => {
    const empty = "SELECT NULL::VARCHAR AS s, 1 AS i WHERE false";
    expect(await outcomes(empty, [between("s", { min_value: 1 }), between("i", { min_value: 1 })])).toEqual([
      "good",
      "good",
    ]);
  });
});

describe("lengths of values", () => {
  const lengths = (column: string, bounds: object): Written => [
    "expect_column_value_lengths_to_be_between",
    { column, ...bounds },
  ];

  it("count code points", async () => {
    const found = await judged("SELECT unnest(['é', '💡', 'ab', NULL]) AS s", [
      lengths("s", { max_value: 1 }),
      ["expect_column_value_lengths_to_equal", { column: "s", value: 1, mostly: 0.6 }],
    ]);
    expect(found.map(({ outcome, result }) => [outcome, result["unexpected_list"]])).toEqual([
      ["bad", ["ab"]],
      ["good", ["ab"]],
    ]);
  });

  it("are those of the text of whole numbers; floats, truths and timestamps have none", async () => {
    const found = await outcomes(table, [
      lengths("i", { max_value: 1 }),
      lengths("f", { max_value: 9 }),
      lengths("b", { max_value: 9 }),
      lengths("t", { max_value: 9 }),
    ]);
    expect(found).toEqual(["good", "error", "error", "error"]);
  });

  it("may have bounds that nothing meets", async () => {
    expect(await outcomes(table, [lengths("s", { min_value: 2, max_value: 1 })])).toEqual(["bad"]);
  });
});
