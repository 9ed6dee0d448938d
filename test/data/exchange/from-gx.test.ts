import { describe, expect, it } from "vitest";
import { cardOf, imported, importedFile } from "./imported.ts";

const suite = (...expectations: object[]) => ({ name: "s", expectations, meta: {} });
const one = (type: string, kwargs: object, more: object = {}) => ({ type, kwargs, meta: {}, ...more });
const between = (kwargs: object, more: object = {}) =>
  one("expect_column_values_to_be_between", { column: "x", ...kwargs }, more);

describe("a suite that Great Expectations 1.24 wrote", () => {
  const found = importedFile("gx-1.24.json");

  it("is carried over whole: what no card can say stays an expectation", () => {
    expect(found.format).toBe("gx");
    expect(found.notes).toEqual([]);
    const checks: unknown = found.contract["checks"];
    expect(Array.isArray(checks) ? checks.map((check: object) => Object.values(check)[0]) : checks).toEqual([
      "expect_column_values_to_be_between",
      "expect_column_max_to_be_between",
      "expect_compound_columns_to_be_unique",
      "expect_column_pair_values_a_to_be_greater_than_b",
      "expect_column_values_to_be_between",
      "SELECT * FROM data WHERE a > 3 AND b < 0",
    ]);
  });

  it("becomes rows, a set of columns and a unique set", () => {
    expect(found.contract).toMatchObject({
      rows: { min: 10, max: 1000 },
      extra_columns: "fail",
      unique: [["id", "b"]],
    });
  });

  it("becomes cards, with tolerance, condition, severity and notes", () => {
    expect(cardOf(found, "id")).toEqual({ name: "id", unique: true, nulls: "never", order: "increasing" });
    expect(cardOf(found, "amount")).toMatchObject({
      nulls: { max_ratio: 0.05, severity: "warn", description: "sometimes late" },
      min: 0,
      max: 9,
    });
    expect(cardOf(found, "country")["values"]).toEqual({ value: ["DE", "FR"], description: "where we sell" });
    expect(cardOf(found, "a")).toMatchObject({
      type: "integer",
      greater_than: { value: 0, allow: 0.1, when: `"country" = 'DE'` },
      mean: { min: 1, max: 3 },
      quantiles: { 0.1: { min: 0, max: 1 }, 0.9: { max: 9 } },
    });
  });

  it("keeps a tolerance over both ends together, which two rules would loosen", () => {
    expect(found.contract["checks"]).toContainEqual({
      expect: "expect_column_values_to_be_between",
      column: "b",
      min_value: 0,
      max_value: 5,
      mostly: 0.9,
    });
  });
});

describe("a suite that Great Expectations 0.18 wrote", () => {
  const found = importedFile("gx-0.18.json");

  it("keeps the folk severity, the notes and the old text of a row condition", () => {
    expect(cardOf(found, "amount")["min"]).toEqual({
      value: 0,
      allow: 0.05,
      severity: "warn",
      when: `"country" = 'DE'`,
    });
    expect(cardOf(found, "id")["nulls"]).toEqual({ max_ratio: 0, description: "the key" });
    expect(found.contract["rows"]).toEqual({ min: 12, max: 12 });
  });

  it("leaves a condition for pandas, and the type object, to the expectation itself", () => {
    expect(found.contract["checks"]).toContainEqual(
      expect.objectContaining({ row_condition: 'country=="DE"', condition_parser: "pandas" }),
    );
    expect(found.contract["checks"]).toContainEqual({
      expect: "expect_column_values_to_be_of_type",
      column: "amount",
      type_: "object",
    });
  });
});

describe("an expectation", () => {
  it("of an unknown type is listed with its place", () => {
    const found = imported(suite(one("expect_unknown", { column: "x" })));
    expect(found.notes).toEqual([
      { path: "expectations[0]", reason: "the expectation expect_unknown is not known" },
    ]);
    expect(found.contract).toEqual({ version: 1 });
  });

  it("that says a rule a second time stays beside the card", () => {
    const found = imported(suite(between({ min_value: 1 }), between({ min_value: 2 }, { severity: "info" })));
    expect(cardOf(found, "x")).toEqual({ name: "x", min: 1, nulls: "allow" });
    expect(found.contract["checks"]).toEqual([
      { expect: "expect_column_values_to_be_between", column: "x", min_value: 2, severity: "info" },
    ]);
  });

  it("with a parameter or an unknown kwarg is not taken apart", () => {
    const found = imported(
      suite(between({ min_value: { $PARAMETER: "low" } }), between({ max_value: 3, odd: true })),
    );
    expect(found.contract["columns"]).toBeUndefined();
    expect(found.contract["checks"]).toHaveLength(2);
  });

  it("loses limits that follow earlier runs, which is listed", () => {
    const found = imported(
      suite(one("expect_column_mean_to_be_between", { column: "x", min_value: 1, windows: [{}] })),
    );
    expect(found.notes[0]?.path).toBe("expectations[0].kwargs.windows");
  });

  it("whose bounds no card can mean stays an expectation", () => {
    const found = imported(suite(between({ min_value: 9, max_value: 1 })));
    expect(found.contract["columns"]).toBeUndefined();
    expect(found.contract["checks"]).toHaveLength(1);
  });

  it("without a type is refused with its place", () => {
    expect(() => imported(suite({ kwargs: {} }))).toThrow(
      'expectations[0] has neither "type" nor "expectation_type"',
    );
  });
});

describe("a row condition", () => {
  const when = (row_condition: unknown) => {
    const rule: unknown = cardOf(imported(suite(between({ min_value: 1, row_condition }))), "x")["min"];
    return typeof rule === "object" && rule !== null && "when" in rule ? rule.when : undefined;
  };
  const column = { name: "a" };

  it.each([
    ['col("a").notNull()', '"a" IS NOT NULL'],
    ['col("a") >= 2.5', '"a" >= 2.5'],
    ['col("a") != "x"', `"a" <> 'x'`],
    [{ type: "nullity", column, is_null: true }, '"a" IS NULL'],
    [{ type: "comparison", column, operator: "IN", parameter: ["x", "it's"] }, `"a" IN ('x', 'it''s')`],
    [
      {
        type: "or",
        conditions: [
          { type: "comparison", column, operator: "<", parameter: 1 },
          { type: "nullity", column, is_null: false },
        ],
      },
      '("a" < 1 OR "a" IS NOT NULL)',
    ],
  ])("%j is %s", (condition, sql) => {
    expect(when(condition)).toBe(sql);
  });

  it.each([
    'col("a") > 1 and col("b") == 5',
    "a > 1",
    { type: "pass_through", pass_through_filter: "a > 1" },
  ])("%j is not translated: the expectation keeps it", (condition) => {
    const found = imported(suite(between({ min_value: 1, row_condition: condition })));
    expect(found.contract["checks"]).toEqual([expect.objectContaining({ row_condition: condition })]);
  });
});
