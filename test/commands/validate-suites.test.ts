import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { folderWith, reportIn, validate } from "./validate-case.ts";

const parameterised = {
  name: "ages",
  expectations: [
    {
      type: "expect_column_values_to_be_between",
      kwargs: { column: "a", min_value: 0, max_value: { $PARAMETER: "max_age" } },
      meta: {},
    },
  ],
  meta: {},
};

function project(): string {
  return folderWith({
    "x.csv": "a,id\n1,p\n120,q\n",
    "ages.json": JSON.stringify(parameterised),
    "rows.json": JSON.stringify({
      name: "rows",
      expectations: [{ type: "expect_table_row_count_to_equal", kwargs: { value: 2 }, meta: {} }],
      meta: {},
    }),
  });
}

const data = ["--data-path", "x.csv"];

const gxResult = z.object({
  success: z.boolean(),
  results: z.array(z.object({ success: z.boolean(), result: z.record(z.string(), z.unknown()) })),
});

function resultIn(cwd: string, name: string) {
  return gxResult.parse(JSON.parse(readFileSync(path.join(cwd, name), "utf8")));
}

describe("--suite", () => {
  it("runs several suites beside the contract, with values for their parameters", async () => {
    const cwd = project();
    const { code } = await validate(cwd, [
      ...data,
      "--suite",
      "ages.json",
      "--suite",
      "rows.json",
      "--param",
      "max_age=99",
    ]);
    expect(code).toBe(3);
    const report = reportIn(cwd);
    const found = report.checks.filter((one) => one.kind === "expectation");
    expect(found.map((one) => [one.suite, one.verdict])).toEqual([
      ["ages", "fail"],
      ["rows", "pass"],
    ]);
    expect(report.inputs.map((one) => one.uri)).toEqual(["x.csv", "ages.json", "rows.json"]);
    expect((await validate(cwd, [...data, "--suite", "ages.json", "--param", "max_age=120"])).code).toBe(0);
  });

  it.each([
    [["--suite", "ages.json"], "max_age"],
    [
      ["--suite", "ages.json", "--param", "max_age=99", "--param", "min_age=1"],
      "No suite asks for the parameter min_age",
    ],
    [["--param", "max_age=99"], "No suite asks for the parameter max_age"],
    [["--suite", "ages.json", "--param", "max_age"], "max_age"],
    [["--suite", "none.json"], "none.json cannot be read"],
    [["--suite", "x.csv"], "x.csv"],
    [["--format", "gx"], "no suite is given"],
    [["--format", "xml", "--suite", "rows.json"], "--format"],
    [["--suite", "rows.json", "--format", "gx", "--result-format", "ALL"], "--result-format"],
    [["--suite", "rows.json", "--index-column", "id"], "--index-column says how --format gx names rows"],
  ])("refuses %j: exit 2, no report", async (args, words) => {
    const cwd = project();
    const { code, stderr } = await validate(cwd, [...data, ...args]);
    expect(stderr).toContain(words);
    expect(code).toBe(2);
    expect(existsSync(path.join(cwd, "validation_report.json"))).toBe(false);
  });

  it("takes suites from mlops.yaml and from the environment", async () => {
    const cwd = project();
    writeFileSync(path.join(cwd, "mlops.yaml"), "validate: {data_path: x.csv, suite: [rows.json]}\n");
    await validate(cwd, []);
    expect(reportIn(cwd).checks.map((one) => one.suite)).toContain("rows");
    await validate(cwd, [], { MLOPS_SUITE: "ages.json", MLOPS_PARAM: "max_age=99" });
    expect(reportIn(cwd).checks.map((one) => one.suite)).toContain("ages");
  });
});

describe("--format gx", () => {
  it.each([
    ["BOOLEAN_ONLY", []],
    ["BASIC", ["unexpected_count", "partial_unexpected_list"]],
    ["SUMMARY", ["unexpected_count", "partial_unexpected_counts"]],
    ["COMPLETE", ["unexpected_list", "unexpected_index_list"]],
  ])("writes Great Expectations' own result, as much as %s says", async (format, keys) => {
    const cwd = project();
    const args = [
      "--suite",
      "ages.json",
      "--param",
      "max_age=99",
      "--format",
      "gx",
      "--result-format",
      format,
      "--output-path",
      "gx.json",
    ];
    const { code } = await validate(cwd, [...data, ...args]);
    expect(code).toBe(3);
    const { success, results } = resultIn(cwd, "gx.json");
    expect([success, results[0]?.success]).toEqual([false, false]);
    expect(Object.keys(results[0]?.result ?? {})).toEqual(expect.arrayContaining(keys));
    if (keys.length === 0) expect(results[0]?.result).toEqual({});
  });

  it("names the unexpected rows by --index-column", async () => {
    const cwd = project();
    const args = [
      "--suite",
      "ages.json",
      "--param",
      "max_age=99",
      "--format",
      "gx",
      "--result-format",
      "COMPLETE",
      "--index-column",
      "id",
    ];
    await validate(cwd, [...data, ...args]);
    expect(resultIn(cwd, "validation_report.json").results[0]?.result["unexpected_index_list"]).toEqual([
      { a: 120, id: "q" },
    ]);
  });

  it("refuses an --index-column that the table has not", async () => {
    const cwd = project();
    const args = [
      "--suite",
      "rows.json",
      "--format",
      "gx",
      "--result-format",
      "COMPLETE",
      "--index-column",
      "nope",
    ];
    const { code, stderr } = await validate(cwd, [...data, ...args]);
    expect(stderr).toContain("--index-column nope");
    expect(code).toBe(2);
  });

  it("takes the expect checks of a contract for a suite, and is written for all suites as a list", async () => {
    const cwd = project();
    writeFileSync(path.join(cwd, "c.yaml"), "checks: [{expect: expect_column_to_exist, column: a}]\n");
    await validate(cwd, [...data, "--contract", "c.yaml", "--format", "gx"]);
    expect(resultIn(cwd, "validation_report.json").success).toBe(true);
    await validate(cwd, [...data, "--contract", "c.yaml", "--suite", "rows.json", "--format", "gx"]);
    expect(JSON.parse(readFileSync(path.join(cwd, "validation_report.json"), "utf8"))).toHaveLength(2);
  });
});
