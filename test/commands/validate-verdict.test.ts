import { copyFileSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { folderWith, reportIn, validate } from "./validate-case.ts";

const fixtures = path.resolve(import.meta.dirname, "..", "..", "fixtures", "data");

describe("mlops validate", () => {
  it("passes a good table: exit 0, verdict and report in the last line", async () => {
    const cwd = folderWith({ "x.csv": "a,b\n1,2\n3,4\n" });
    const { code, stdout } = await validate(cwd, ["--data-path", "x.csv"]);
    expect(code).toBe(0);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(
      "PASS: 3 checks (3 pass). Report: validation_report.json",
    );
    expect(stdout).toContain('CSV, delimiter ","');
    expect(reportIn(cwd)).toMatchObject({
      verdict: "pass",
      command: "validate",
      dataset: {
        uri: "x.csv",
        rows: 2,
        columns: [
          { name: "a", type: "integer" },
          { name: "b", type: "integer" },
        ],
      },
      inputs: [{ role: "data", uri: "x.csv", sizeBytes: 12 }],
      error: null,
    });
  });

  it("finds every kind of violation, worst first: exit 3 and a report all the same", async () => {
    const cwd = temporaryFolder();
    for (const name of ["patients.csv", "patients.contract.yaml"])
      copyFileSync(path.join(fixtures, name), path.join(cwd, name));
    const args = [
      "--data-path",
      "patients.csv",
      "--contract",
      "patients.contract.yaml",
      "--output-path",
      "out/r.json",
    ];
    const { code, stdout } = await validate(cwd, args);
    expect(code).toBe(3);
    const report = reportIn(cwd, "out/r.json");
    const named = (verdict: string) =>
      report.checks.filter((one) => one.verdict === verdict).map((one) => one.name);
    expect(named("fail").toSorted()).toEqual([
      "infinite(score)",
      "min(age)",
      "min(income)",
      "min(joined)",
      "nulls(score)",
      "required(height)",
      "type(age)",
      "type(joined)",
      "unique(id)",
      "values(sex)",
    ]);
    expect(named("warn")).toEqual(["rows.max", "extra_columns"]);
    expect(named("skipped")).toEqual(["type(height)", "min(height)"]);
    expect(report.summary).toEqual({ pass: 16, warn: 2, fail: 10, error: 0, skipped: 2 });
    const words = stdout.split("\n").map((line) => line.split(" ")[0]);
    expect(words.lastIndexOf("FAIL")).toBeLessThan(words.indexOf("WARN"));
    expect(words.indexOf("WARN")).toBeLessThan(words.indexOf("pass"));
    expect(stdout).toContain("U***(7)");
    expect(`${stdout}${JSON.stringify(report)}`).not.toContain("Unknown");
    expect(report.inputs.map((input) => input.role)).toEqual(["data", "contract"]);
  });

  it("prints the report as JSON where asked to", async () => {
    const cwd = folderWith({ "x.csv": "a\n1\n" });
    const { stdout } = await validate(cwd, ["--data-path", "x.csv", "--json"]);
    expect(JSON.parse(stdout)).toEqual(
      JSON.parse(readFileSync(path.join(cwd, "validation_report.json"), "utf8")),
    );
  });

  it.each([
    ["missing", {}, "x.csv", "DATA_FILE_MISSING"],
    ["ragged", { "x.csv": "a,b\n1\n" }, "x.csv", "DATA_CSV_MALFORMED"],
    ["of an unknown kind", { "x.doc": "a" }, "x.doc", "DATA_FORMAT_UNKNOWN"],
    ["a broken Parquet file", { "x.parquet": "PAR1abc" }, "x.parquet", "DATA_PARQUET_BROKEN"],
  ])(
    "cannot judge a file that is %s: exit 4, with the reason in the report",
    async (_title, files, name, code) => {
      const cwd = folderWith(files);
      const outcome = await validate(cwd, ["--data-path", name, "--json"]);
      expect(outcome.code).toBe(4);
      expect(outcome.stderr).toContain(name);
      expect(reportIn(cwd)).toMatchObject({
        verdict: "error",
        error: { code },
        dataset: { uri: name, rows: null },
        checks: [],
      });
      expect(JSON.parse(outcome.stdout)).toMatchObject({ verdict: "error" });
    },
  );

  it("fails on an empty table: exit 3, and 0 with --min-rows 0", async () => {
    const cwd = folderWith({ "x.csv": "a,b\n" });
    expect((await validate(cwd, ["--data-path", "x.csv"])).code).toBe(3);
    expect((await validate(cwd, ["--data-path", "x.csv", "--min-rows", "0"])).code).toBe(0);
  });

  it("does not let names of the data write into the job log", async () => {
    const cwd = folderWith({ "x.csv": 'a,"\u001b[31mred\nline"\n1,\n' });
    const { stdout } = await validate(cwd, ["--data-path", "x.csv"]);
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toContain("nulls(·[31mred·line)");
  });

  it("counts one row and one column in the singular", async () => {
    const cwd = folderWith({ "x.csv": "a\n1\n" });
    const { stdout } = await validate(cwd, ["--data-path", "x.csv"]);
    expect(stdout).toContain("x.csv: 1 row, 1 column ·");
  });
});
