import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { GxExpectationResult, GxSuiteResult } from "../../../src/data/gx/gx-result.ts";
import type { ResultFormat } from "../../../src/data/gx/result-format.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { writeQuery } from "./parquet.ts";
import { runSuite } from "./run-suite.ts";

/** What is expected of this table was written by Great Expectations 1.24.1 over pandas 3.1.1. */
const table = `SELECT * FROM (VALUES
  (1.0::DOUBLE, 'x', TIMESTAMP '2020-01-01', 1), (2, 'y', TIMESTAMP '2020-01-02', 1),
  (3, 'z', TIMESTAMP '2020-01-03', 3), (4, 'x', NULL, 5), (5, NULL, TIMESTAMP '2020-01-05', 5),
  (5, 'q', TIMESTAMP '2020-01-05', 6), (NULL, 'q', TIMESTAMP '2020-01-06', 7)) AS t(a, s, t, b)`;

const expectations = [
  { type: "expect_column_values_to_be_between", kwargs: { column: "a", max_value: 3 }, id: "first" },
  { type: "expect_column_values_to_not_be_null", kwargs: { column: "a" } },
  { type: "expect_column_pair_values_to_be_equal", kwargs: { column_A: "a", column_B: "b" } },
  { type: "expect_multicolumn_sum_to_equal", kwargs: { column_list: ["b", "a"], sum_total: 2 } },
  {
    type: "expect_column_values_to_be_between",
    kwargs: { column: "t", max_value: "2020-01-02T00:00:00" },
    severity: "info",
    notes: "hello",
    description: "desc",
  },
  { type: "expect_column_max_to_be_between", kwargs: { column: "t", max_value: "2020-01-02T00:00:00" } },
  { type: "expect_column_values_to_be_between", kwargs: { column: "nope", max_value: 3 } },
  {
    type: "expect_column_values_to_be_unique",
    kwargs: { column: "s", row_condition: 'col("b") > 1', condition_parser: "great_expectations" },
  },
  { type: "expect_column_values_to_be_between", kwargs: { column: "a", max_value: 3, mostly: 0.5 } },
];

const noException = { raised_exception: false, exception_traceback: null, exception_message: null };

async function validated(resultFormat: ResultFormat, indexColumns: string[] = []): Promise<GxSuiteResult> {
  return await validatedIn(temporaryFolder(), resultFormat, indexColumns);
}

async function validatedIn(folder: string, resultFormat: ResultFormat, indexColumns: readonly string[]) {
  const file = await writeQuery(table, folder);
  const suite = JSON.stringify({ name: "s", suite_parameters: { p: 1 }, expectations });
  const run = { suite, file, cwd: folder, now: new Date(), resultFormat, indexColumns };
  return (await runSuite(run)).gx;
}

const resultOf = ({ results }: GxSuiteResult, place: number): unknown => results[place]?.result;

describe("a result in Great Expectations' form", () => {
  let summary: GxSuiteResult;
  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "mlops-gx-"));
    summary = await validatedIn(folder, "SUMMARY", []);
    return () => rmSync(folder, { recursive: true, force: true });
  });

  it("sums the suite up, in the order of the suite", () => {
    expect(summary).toMatchObject({
      success: false,
      suite_name: "s",
      suite_parameters: { p: 1 },
      statistics: { evaluated_expectations: 9, successful_expectations: 1, unsuccessful_expectations: 8 },
      id: null,
    });
    expect(summary.statistics.success_percent).toBeCloseTo(11.11, 2);
    const columns = summary.results.map(({ expectation_config: config }) => config);
    expect(columns).toMatchObject(expectations.map(({ type, kwargs }) => ({ type, kwargs })));
  });

  it("tells of each expectation what it is", () => {
    expect(summary.results[0]?.expectation_config).toEqual({
      type: "expect_column_values_to_be_between",
      kwargs: { column: "a", max_value: 3, batch_id: "data" },
      meta: {},
      id: "first",
      severity: "critical",
    });
    expect(summary.results[4]?.expectation_config).toMatchObject({
      severity: "info",
      notes: "hello",
      description: "desc",
    });
  });

  it("counts and lists unexpected values", () => {
    expect(resultOf(summary, 0)).toEqual({
      element_count: 7,
      unexpected_count: 3,
      unexpected_percent: 50,
      partial_unexpected_list: [4, 5, 5],
      missing_count: 1,
      missing_percent: 14.285714285714285,
      unexpected_percent_total: 42.857142857142854,
      unexpected_percent_nonmissing: 50,
      partial_unexpected_counts: [
        { value: 5, count: 2 },
        { value: 4, count: 1 },
      ],
      partial_unexpected_index_list: [3, 4, 5],
    });
    expect(summary.results[0]?.exception_info).toEqual(noException);
  });

  it("lists them also where mostly lets them pass", () => {
    expect(summary.results[8]).toMatchObject({
      success: true,
      result: { partial_unexpected_list: [4, 5, 5] },
    });
  });

  it("tells nothing of missing values where the expectation is about them", () => {
    expect(resultOf(summary, 1)).toEqual({
      element_count: 7,
      unexpected_count: 1,
      unexpected_percent: 14.285714285714285,
      partial_unexpected_list: [null],
      partial_unexpected_counts: [{ value: null, count: 1 }],
      partial_unexpected_index_list: [6],
    });
  });

  it("shows pairs as lists and several columns as records", () => {
    const pairs = [
      [2, 1],
      [4, 5],
      [5, 6],
      [null, 7],
    ];
    expect(resultOf(summary, 2)).toMatchObject({
      partial_unexpected_list: pairs,
      missing_count: 0,
      partial_unexpected_index_list: [1, 3, 5, 6],
    });
    expect(resultOf(summary, 3)).toMatchObject({
      partial_unexpected_list: [
        { b: 1, a: 2 },
        { b: 3, a: 3 },
        { b: 5, a: 4 },
        { b: 5, a: 5 },
        { b: 6, a: 5 },
        { b: 7, a: null },
      ],
    });
  });

  it("writes times as Python does", () => {
    expect(resultOf(summary, 4)).toMatchObject({
      unexpected_percent: 66.66666666666666,
      partial_unexpected_list: [
        "2020-01-03T00:00:00",
        "2020-01-05T00:00:00",
        "2020-01-05T00:00:00",
        "2020-01-06T00:00:00",
      ],
      partial_unexpected_counts: [
        { value: "2020-01-05T00:00:00", count: 2 },
        { value: "2020-01-03T00:00:00", count: 1 },
        { value: "2020-01-06T00:00:00", count: 1 },
      ],
    });
    expect(resultOf(summary, 5)).toEqual({ observed_value: "2020-01-06T00:00:00" });
  });

  it("keys the exception of an unknown column by the metric, and has no result", () => {
    const [info] = Object.values(Object(summary.results[6]?.exception_info));
    expect(summary.results[6]).toMatchObject({ success: false, result: {} });
    expect(info).toMatchObject({
      raised_exception: true,
      exception_message: expect.stringContaining('"nope"'),
    });
  });

  it("keeps to the rows of the condition", () => {
    expect(resultOf(summary, 7)).toMatchObject({
      element_count: 5,
      missing_count: 1,
      unexpected_count: 2,
      partial_unexpected_list: ["q", "q"],
      partial_unexpected_index_list: [5, 6],
    });
  });
});

describe("the formats of a result", () => {
  const keysOf = (result: GxExpectationResult | undefined) => Object.keys(Object(result?.result)).sort();
  const basic = [
    "element_count",
    "missing_count",
    "missing_percent",
    "partial_unexpected_list",
    "unexpected_count",
    "unexpected_percent",
    "unexpected_percent_nonmissing",
    "unexpected_percent_total",
  ];

  it("BOOLEAN_ONLY says whether, nothing else", async () => {
    const { results } = await validated("BOOLEAN_ONLY");
    expect(results.map(({ result }) => result)).toEqual(results.map(() => ({})));
    expect(results.map(({ success }) => success)).toEqual([...Array(8).fill(false), true]);
  });

  it("BASIC lists the first values", async () => {
    expect(keysOf((await validated("BASIC")).results[0])).toEqual(basic);
  });

  it("COMPLETE lists all values and the rows by their number", async () => {
    const { results } = await validated("COMPLETE");
    expect(keysOf(results[0])).toEqual(
      [
        ...basic,
        "partial_unexpected_counts",
        "partial_unexpected_index_list",
        "unexpected_index_list",
        "unexpected_index_query",
        "unexpected_list",
      ].sort(),
    );
    expect(results[0]?.result).toMatchObject({
      unexpected_list: [4, 5, 5],
      unexpected_index_list: [3, 4, 5],
      unexpected_index_query: "df.filter(items=[3, 4, 5], axis=0)",
    });
  });

  it("COMPLETE names rows by the index columns that are asked for", async () => {
    const { results } = await validated("COMPLETE", ["b"]);
    expect(results[4]?.result).toMatchObject({
      unexpected_index_column_names: ["b"],
      unexpected_index_list: [
        { t: "2020-01-03T00:00:00", b: 3 },
        { t: "2020-01-05T00:00:00", b: 5 },
        { t: "2020-01-05T00:00:00", b: 6 },
        { t: "2020-01-06T00:00:00", b: 7 },
      ],
    });
  });
});

it("calls a suite without expectations a success, of no percent", async () => {
  const folder = temporaryFolder();
  const file = await writeQuery("SELECT 1 AS a", folder);
  const suite = JSON.stringify({ name: "s", expectations: [] });
  const { gx } = await runSuite({ suite, file, cwd: folder, now: new Date() });
  expect(gx).toMatchObject({ success: true, results: [], statistics: { success_percent: null } });
});
