import { describe, expect, it } from "vitest";
import { readRowCondition } from "../../../src/data/gx/row-condition.ts";

const comparison = (column: string, operator: string, value: unknown) => ({
  is: "comparison",
  column,
  operator,
  value,
});

describe("readRowCondition", () => {
  it.each([undefined, null, ""])("takes %j for no condition", (written) => {
    expect(readRowCondition(written, undefined)).toEqual({ kind: "none" });
  });

  it.each([
    ['col("a") > 5', comparison("a", ">", 5)],
    ['col("a")<=-1.5e3', comparison("a", "<=", -1500)],
    ['col("a b") == "x y"', comparison("a b", "=", "x y")],
    [`col("a") != 'Ünï'`, comparison("a", "<>", "Ünï")],
    ['col("d") >= date("2020-01-02")', comparison("d", ">=", "2020-01-02")],
    ['col("a").notnull()', { is: "nullity", column: "a", isNull: false }],
    ['col("a").notNull()', { is: "nullity", column: "a", isNull: false }],
  ])("reads the old language: %s", (text, condition) => {
    expect(readRowCondition(text, "great_expectations")).toEqual({ kind: "condition", condition });
    expect(readRowCondition(text, "great_expectations__experimental__")).toEqual({
      kind: "condition",
      condition,
    });
  });

  it.each([
    ['col("a") > 1 and col("b") == 5', '"and col(\\"b\\") == 5" stands behind the end of the condition'],
    ['col("a").notnull() x', '"x" stands behind the end of the condition'],
    ['col("a").null()', "expected .notnull() or one of =="],
    ["a > 1", 'expected col("name") where "a > 1" stands'],
    ['col("a") >', "expected a number, a text in quotes or date"],
    ['col("a") == ""', "expected a number, a text in quotes or date"],
  ])("refuses in the old language: %s", (text, message) => {
    expect(readRowCondition(text, "great_expectations")).toEqual({
      kind: "refused",
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ["x == 1", comparison("x", "=", 1)],
    ["5 < x", comparison("x", ">", 5)],
    ['`a b` == "x"', comparison("a b", "=", "x")],
    ["x == True", comparison("x", "=", true)],
    ["a > b", { is: "columns", column: "a", operator: ">", other: "b" }],
    ["x in [1, 2]", { is: "membership", column: "x", values: [1, 2], isIn: true }],
    ["x not in ('a', 'b')", { is: "membership", column: "x", values: ["a", "b"], isIn: false }],
    ["x == [1]", { is: "membership", column: "x", values: [1], isIn: true }],
    ["x.isnull()", { is: "nullity", column: "x", isNull: true }],
    ["not x.isna()", { is: "nullity", column: "x", isNull: false }],
    ["1 < x <= 5", { is: "and", parts: [comparison("x", ">", 1), comparison("x", "<=", 5)] }],
    ["x!=1 & w!=6", { is: "and", parts: [comparison("x", "<>", 1), comparison("w", "<>", 6)] }],
    [
      "a == 1 or b == 2 and not (c == 3 or d == 4)",
      {
        is: "or",
        parts: [
          comparison("a", "=", 1),
          {
            is: "and",
            parts: [
              comparison("b", "=", 2),
              { is: "and", parts: [comparison("c", "<>", 3), comparison("d", "<>", 4)] },
            ],
          },
        ],
      },
    ],
    ["(x == -5) | ~(y >= 1)", { is: "or", parts: [comparison("x", "=", -5), comparison("y", "<", 1)] }],
  ])("reads a query of pandas: %s", (text, condition) => {
    for (const parser of ["pandas", undefined])
      expect(readRowCondition(text, parser)).toEqual({ kind: "condition", condition });
    const object = { type: "pass_through", pass_through_filter: text };
    expect(readRowCondition(object, "pandas")).toEqual({ kind: "condition", condition });
  });

  it.each([
    ["x + 1 == 2", '"+ 1 == 2" is not understood'],
    ["x.str.contains('a')", ".str is not understood"],
    ["@limit < x", '"@limit < x" is not understood'],
    ["flag", "a comparison is missing"],
    ["abs(x) > 1", "the call of abs is not understood"],
    ["x == 1 y == 2", '"y" stands where and, or or the end should'],
    ["x > [1]", "> does not go with what stands on its right"],
    ["1 == 1", "a column has to stand on one side"],
    ["x ==", "it ends too early"],
    [`${"(".repeat(5000)}x == 1`, "nested more than 100 deep"],
  ])("says that a query of pandas is beyond this program: %s", (text, message) => {
    const read = readRowCondition(text, "pandas");
    expect(read).toEqual({ kind: "unsupported", message: expect.stringContaining(message) });
  });

  it("hands SQL over where it says spark", () => {
    const condition = { is: "sql", sql: "a > 1 AND b LIKE 'x%'" };
    expect(readRowCondition(condition.sql, "spark")).toEqual({ kind: "condition", condition });
    const object = { type: "pass_through", pass_through_filter: condition.sql };
    expect(readRowCondition(object, "spark")).toEqual({ kind: "condition", condition });
  });

  it("refuses a parser that does not exist", () => {
    expect(readRowCondition("y == 9", "bad_parser")).toEqual({
      kind: "refused",
      message:
        'condition_parser is "bad_parser", expected one of great_expectations, great_expectations__experimental__, pandas, spark',
    });
  });
});

describe("readRowCondition of an object", () => {
  const a = { name: "a" };
  const one = { type: "comparison", column: a, operator: "==", parameter: 1 };

  it.each([
    [one, comparison("a", "=", 1)],
    [{ ...one, operator: "!=", parameter: "x" }, comparison("a", "<>", "x")],
    [
      { ...one, operator: ">", parameter: "2020-01-02T03:04:05" },
      comparison("a", ">", "2020-01-02T03:04:05"),
    ],
    [
      { ...one, parameter: { name: "b" } },
      { is: "columns", column: "a", operator: "=", other: "b" },
    ],
    [
      { ...one, operator: "IN", parameter: [1, 2.5] },
      { is: "membership", column: "a", values: [1, 2.5], isIn: true },
    ],
    [
      { ...one, operator: "NOT_IN", parameter: [] },
      { is: "membership", column: "a", values: [], isIn: false },
    ],
    [
      { type: "nullity", column: a, is_null: true },
      { is: "nullity", column: "a", isNull: true },
    ],
    [
      { type: "and", conditions: [one, one] },
      { is: "and", parts: [comparison("a", "=", 1), comparison("a", "=", 1)] },
    ],
    [
      { type: "or", conditions: [one, { type: "and", conditions: [one] }] },
      { is: "or", parts: [comparison("a", "=", 1), { is: "and", parts: [comparison("a", "=", 1)] }] },
    ],
  ])("reads %j", (written, condition) => {
    expect(readRowCondition(written, undefined)).toEqual({ kind: "condition", condition });
  });

  it.each([
    [{ ...one, parameter: null }, "a null is asked for by nullity"],
    [{ ...one, operator: "LIKE" }, 'operator is "LIKE"'],
    [{ ...one, operator: "IN", parameter: "ab" }, "must be a list"],
    [{ ...one, operator: "IN", parameter: [1, "a"] }, "all numbers or all text"],
    [{ ...one, operator: "IN", parameter: [true] }, "all numbers or all text"],
    [{ ...one, column: {} }, 'column is {}, expected {"name": ...}'],
    [{ type: "nullity", column: a }, "is_null of a nullity must be true or false"],
    [{ type: "and", conditions: [] }, "must be a list with something in it"],
    [{ type: "and", conditions: [{ type: "or", conditions: [one] }] }, 'an "or" stands inside an "and"'],
    [{ type: "or", conditions: [{ type: "or", conditions: [one] }] }, 'an "or" stands inside an "or"'],
    [{ type: "and", conditions: Array.from({ length: 101 }, () => one) }, "more than 100 conditions"],
    [
      { type: "or", conditions: Array.from({ length: 51 }, () => ({ type: "and", conditions: [one, one] })) },
      "it has 102 conditions, at most 100",
    ],
    [{ type: "magic" }, 'type is "magic"'],
    [{ type: "pass_through" }, 'type is "pass_through"'],
    [3, "3 is no condition"],
  ])("refuses %j", (written, message) => {
    expect(readRowCondition(written, undefined)).toEqual({
      kind: "refused",
      message: expect.stringContaining(message),
    });
  });
});
