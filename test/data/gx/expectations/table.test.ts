import { describe, expect, it } from "vitest";
import { allRules } from "../../../../src/data/gx/expectations/all.ts";
import { queryOf } from "../../../../src/data/gx/expectations/queries.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { writeQuery } from "../parquet.ts";
import { runSuite } from "../run-suite.ts";
import { judged, outcomes, type Written } from "./judged.ts";

const rows = "SELECT * FROM (VALUES (1, 'x'), (2, 'y'), (3, 'y')) AS t(a, b)";
const table = (name: string, kwargs: object): Written => [`expect_table_${name}`, { ...kwargs }];

it("has a rule for every expectation of Great Expectations 1.24.1", () => {
  expect(Object.keys(allRules)).toHaveLength(59);
});

describe("the table", () => {
  it("has so many rows", async () => {
    const where = { row_condition: 'col("a") > 1', condition_parser: "great_expectations" };
    const found = await judged(rows, [
      table("row_count_to_equal", { value: 3 }),
      table("row_count_to_equal", { value: 3, ...where }),
      table("row_count_to_be_between", { min_value: 2, max_value: 2, ...where }),
      table("row_count_to_be_between", { max_value: 3, strict_max: true }),
      table("row_count_to_be_between", {}),
    ]);
    expect(found.map(({ outcome, result }) => [outcome, result["observed_value"]])).toEqual([
      ["good", 3],
      ["bad", 2],
      ["good", 2],
      ["bad", 3],
      ["good", 3],
    ]);
  });

  it("has so many columns", async () => {
    const found = await outcomes(rows, [
      table("column_count_to_equal", { value: 2 }),
      table("column_count_to_equal", { value: "3" }),
      table("column_count_to_be_between", { min_value: 3 }),
      table("column_count_to_be_between", { min_value: 3, max_value: 1 }),
    ]);
    expect(found).toEqual(["good", "bad", "bad", "error"]);
  });

  it("has these columns, in order or in any", async () => {
    const found = await judged(rows, [
      table("columns_to_match_ordered_list", { column_list: ["a", "b"] }),
      table("columns_to_match_ordered_list", { column_list: ["b", "a", "c"] }),
      table("columns_to_match_ordered_list", {}),
      table("columns_to_match_set", { column_set: ["b", "a"] }),
      table("columns_to_match_set", { column_set: ["a"], exact_match: false }),
      table("columns_to_match_set", { column_set: ["a", "c"] }),
      table("columns_to_match_set", {}),
    ]);
    const expected = ["good", "bad", "good", "good", "good", "bad", "bad"];
    expect(found.map(({ outcome }) => outcome)).toEqual(expected);
    expect(found[1]?.result["details"]).toEqual({
      mismatched: [
        { "Expected Column Position": 0, Expected: "b", Found: "a" },
        { "Expected Column Position": 1, Expected: "a", Found: "b" },
        { "Expected Column Position": 2, Expected: "c", Found: null },
      ],
    });
    expect(found[5]?.result["details"]).toEqual({ mismatched: { unexpected: ["b"], missing: ["c"] } });
  });

  it("has a column, at a place where one is told", async () => {
    const exists = (column: string, column_index?: number): Written => [
      "expect_column_to_exist",
      { column, ...(column_index === undefined ? {} : { column_index }) },
    ];
    const written = [
      exists("b"),
      exists("B"),
      exists("b", 1),
      exists("b", -1),
      exists("b", 0),
      exists("b", 7),
    ];
    const found = await judged(rows, written);
    expect(found.map(({ outcome }) => outcome)).toEqual(["good", "bad", "good", "good", "good", "bad"]);
    expect(found[0]?.result).toEqual({});
  });
});

describe("queries over the table", () => {
  const query = (sql: string): Written => ["unexpected_rows_expectation", { unexpected_rows_query: sql }];

  it("return no row", async () => {
    const found = await judged(rows, [
      query("SELECT * FROM {batch} WHERE a > 3"),
      query("SELECT * FROM {batch} WHERE b = 'y' ; "),
      query("SELECT * FROM {batch} WHERE b = '{{}}'"),
      query("SELECT * FROM {table}"),
      query("SELECT nope FROM {batch}"),
    ]);
    expect(found.map(({ outcome, result }) => [outcome, result["observed_value"]])).toEqual([
      ["good", 0],
      ["bad", 2],
      ["good", 0],
      ["error", undefined],
      ["error", undefined],
    ]);
  });

  it.each([
    ["SELECT '{{a}}' FROM {batch}", "SELECT '{a}' FROM data"],
    ["SELECT 1;\n ", "SELECT 1"],
  ])("%j is %j", (written, sql) => expect(queryOf(written)).toBe(sql));

  it.each(["{", "}", "{other}", "{}"])("%j is refused", (written) => {
    expect(queryOf(written)).toMatchObject({ notEvaluable: expect.stringContaining("doubled") });
  });

  it("return what a query over another table returns, each row as often", async () => {
    const folder = temporaryFolder();
    const file = await writeQuery("SELECT unnest([1, 2, 2, NULL]) AS a", folder);
    const other = await writeQuery("SELECT unnest([1, 2, NULL]) AS a", folder, "other");
    const comparison = (mostly: number) => ({
      type: "expect_query_results_to_match_comparison",
      kwargs: {
        base_query: "SELECT a FROM {batch}",
        comparison_data_source_name: "other",
        comparison_query: "SELECT a FROM other",
        mostly,
      },
    });
    const count = {
      type: "expect_table_row_count_to_equal_other_table",
      kwargs: { other_table_name: "other" },
    };
    const suite = JSON.stringify({ name: "s", expectations: [comparison(1), comparison(0.75), count] });
    const { gx } = await runSuite({ suite, file, otherTables: { other }, cwd: folder, now: new Date(0) });
    expect(gx.results.map(({ success }) => success)).toEqual([false, true, false]);
    expect(gx.results[0]?.result).toMatchObject({ unexpected_count: 1, unexpected_percent: 25 });
    expect(gx.results[2]?.result).toMatchObject({ observed_value: { self: 4, other: 3 } });
  });

  it("have no verdict without the other table", async () => {
    const found = await outcomes(rows, [
      table("row_count_to_equal_other_table", { other_table_name: "other" }),
    ]);
    expect(found).toEqual(["error"]);
  });
});
