import { describe, expect, it } from "vitest";
import { contractSchema } from "../../../src/data/contract/contract.ts";

function problems(contract: unknown): string[] {
  const parsed = contractSchema.safeParse(contract);
  return parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
}

const card = (rules: object) => ({ columns: [{ name: "x", ...rules }] });

describe("the contract", () => {
  it("reads shares as fractions and as percentages", () => {
    const parsed = contractSchema.parse(
      card({ nulls: { max_ratio: "2.5%" }, min: { value: 1, allow: 0.1 } }),
    );
    expect(parsed.columns?.[0]).toMatchObject({ nulls: { max_ratio: 0.025 }, min: { value: 1, allow: 0.1 } });
  });

  it.each([
    ["a plain 5 for a share", card({ nulls: { max_ratio: 5 } })],
    ["a share over 100%", card({ nulls: { max_ratio: "120%" } })],
    ["a share without unit as text", card({ nulls: { max_ratio: "0.5" } })],
    ["min above max", card({ min: 3, max: 2 })],
    [
      "min above max in long form",
      card({ min: { value: 3, severity: "warn" }, max: { value: 2, allow: "1%" } }),
    ],
    ["dates in the wrong order", card({ min: "2024-01-02", max: "2024-01-01" })],
    ["a number against a date", card({ min: 3, max: "2024-01-01" })],
    ["a day that does not exist", card({ min: "2023-02-29" })],
    ["an hour that does not exist", card({ min: "2023-02-28T25:00" })],
    ["a bound on text", card({ type: "string", min: 3 })],
    ["a date for an integer", card({ type: "integer", max: "2024-01-01" })],
    ["NaN for a bound", card({ min: Number.NaN })],
    ["no allowed value", card({ values: [] })],
    ["text among the values of an integer", card({ type: "integer", values: [1, "a"] })],
    ["two cards of one column", { columns: [{ name: "x" }, { name: "x" }] }],
    ["an unknown key", card({ mn: 3 })],
    ["an unknown key in a long form", card({ min: { value: 3, alow: 0.1 } })],
    ["tolerance on the number of rows", { rows: { min: { value: 3, allow: 0.1 } } }],
    ["rows.min above rows.max", { rows: { min: 3, max: { value: 2 } } }],
    ["half a row", { rows: { min: 1.5 } }],
    ["an unknown severity", card({ min: { value: 3, severity: "error" } })],
    ["an unknown type", card({ type: "float" })],
    ["an empty set of unique columns", { unique: [[]] }],
    ["a card without a column", { columns: [{ min: 1 }] }],
    ["a card with name and match", { columns: [{ name: "a", match: "a*" }] }],
    ["two cards of one form", { columns: [{ match: "a*" }, { match: "a*" }] }],
    ["half a path into a list", { columns: [{ name: "items[].price." }] }],
    ["a unique set over lists apart", { unique: [{ columns: ["a[]", "b[].x"] }] }],
    ["bounds that leave no value", card({ greater_than: 3, max: 3 })],
    ["bounds in the wrong order", card({ greater_than: 4, less_than: 3 })],
    [
      "times in the wrong order across zones",
      card({ min: "2026-01-01T00:30Z", max: "2026-01-01T01:00+02:00" }),
    ],
    ["a value both allowed and forbidden", card({ values: ["a", "b"], not_values: ["b"] })],
    ["a pattern on numbers", card({ type: "integer", pattern: "^1" })],
    ["a mean of text", card({ type: "string", mean: 1 })],
    ["a bound on a list", card({ type: "list", min: 1 })],
    ["a broken pattern", card({ pattern: "(a" })],
    ["a broken pattern with look-ahead", card({ not_pattern: "(?=a" })],
    ["an empty pattern", card({ pattern: "" })],
    ["a range without ends", card({ mean: {} })],
    ["a range in the wrong order", card({ length: { min: 3, max: 2 } })],
    [
      "a range in the wrong order in long form",
      card({ sum: { value: { min: 3, max: 2 }, severity: "warn" } }),
    ],
    ["half a character", card({ length: 1.5 })],
    ["a share of distinct values above 1", card({ distinct_ratio: { max: 2 } })],
    ["a quantile beyond all rows", card({ quantiles: { 1.5: 1 } })],
    ["no quantile", card({ quantiles: {} })],
    ["tolerance on a figure", card({ mean: { min: 1, allow: 0.1 } })],
    ["an unknown order", card({ order: "ascending" })],
    ["an empty condition", card({ when: " -- nothing" })],
    ["a condition for the schema", card({ required: { value: true, when: "a > 1" } })],
    ["defaults that cannot be meant", { defaults: { min: 3, max: 2 } }],
    ["a name in the defaults", { defaults: { name: "a" } }],
    ["a change in the wrong order", { rows: { change: [2, 1] } }],
    ["a change of one number", { rows: { change: [2] } }],
    ["an age without unit", { freshness: { column: "t", max_age: 24 } }],
    ["an age in unknown units", { freshness: { column: "t", max_age: "3y" } }],
    ["no data", { data: [] }],
    ["a table called data", { tables: { Data: "x.csv" } }],
    ["tables that SQL cannot tell apart", { tables: { a: "x.csv", A: "y.csv" } }],
    ["a table name with a quote", { tables: { 'a"b': "x.csv" } }],
    ["a check of no kind", { checks: [{ name: "a" }] }],
    ["a check of two kinds", { checks: [{ assert: "a > 1", sql: "select 1" }] }],
    [
      "two checks with one name",
      {
        checks: [
          { sql: "select 1", name: "a" },
          { assert: "x > 1", name: "a" },
        ],
      },
    ],
    ["an empty assert", { checks: [{ assert: "/* nothing */" }] }],
    ["a reference to nowhere", { checks: [{ in: { columns: "a" } }] }],
    [
      "a reference to two places",
      { tables: { t: "x" }, checks: [{ in: { columns: "a", data: "x", table: "t" } }] },
    ],
    ["a reference to a table that has no path", { checks: [{ in: { columns: "a", table: "t" } }] }],
    ["a key of another length", { checks: [{ in: { columns: ["a", "b"], data: "x", key: "a" } }] }],
    ["a script that needs a shell", { checks: [{ script: "cat x | wc -l" }] }],
    ["a script with an open quote", { checks: [{ script: "python 'x" }] }],
    ["an empty script", { checks: [{ script: " " }] }],
    ["a variable with a sign", { checks: [{ script: "x", env: ["A=b"] }] }],
    ["a word that is no expectation", { checks: [{ expect: "median" }] }],
    ["our condition on an expectation", { checks: [{ expect: "expect_x", when: "a > 1" }] }],
    ["drift, which comes later", card({ drift: { max: 0.1 } })],
    ["a label, which comes later", { label: { column: "x" } }],
  ])("refuses %s", (_title, contract) => {
    expect(problems(contract)).not.toEqual([]);
  });

  it.each([
    ["nothing", {}],
    ["dates and timestamps", card({ min: "2024-01-01", max: "2024-01-02T10:00:00.5+02:00" })],
    ["one moment in two zones", card({ min: "2026-01-01T00:00Z", max: "2026-01-01T02:00+02:00" })],
    ["bounds that leave one value", card({ min: 3, max: 3 })],
    ["patterns of RE2", card({ pattern: "(?i)^[[:alpha:]]\\pL(?P<a>x)\\z" })],
    ["patterns of Python", card({ not_pattern: "(?P<a>x)(?P=a)" })],
    ["a quantile as a share of one", card({ quantiles: { 0: 1, 1: 9, 0.5: { min: 2 } } })],
    ["a rule turned off", card({ unique: false, nulls: "allow", infinite: "allow" })],
    ["one path, one column", { data: "x.csv", checks: [{ in: { columns: "a", data: "y.csv" } }] }],
    ["a command line with quotes", { checks: [{ script: "sh -c 'a | b > c'" }, { script: ["a", "|"] }] }],
    ["numbers as values of a text column", card({ type: "string", values: [1, 2] })],
    [
      "a long form for every rule",
      {
        rows: { min: { value: 1, severity: "warn", name: "some" } },
        unique: [{ columns: ["a", "b"], allow: "1%", severity: "info", name: "key" }],
        ...card({
          required: { value: true, severity: "warn" },
          type: { value: "integer", allow: 0.1 },
          nulls: { max_ratio: 0, severity: "warn", name: "no nulls" },
          infinite: { value: "never", severity: "warn" },
          values: { value: [1, 2], allow: "1%" },
          unique: { value: true, allow: 0.01, when: "a > 1", description: "why" },
          greater_than: { value: 0, allow: 0.01 },
          not_values: { value: [3], severity: "info" },
          order: { value: "increasing", allow: 0.01 },
          mean: { value: { min: 1 }, severity: "warn" },
          distinct: { min: 1, when: "a > 1" },
          quantiles: { value: { 0.5: { min: 1, name: "half" } }, severity: "warn" },
        }),
      },
    ],
  ])("accepts %s", (_title, contract) => {
    expect(problems(contract)).toEqual([]);
  });
});
