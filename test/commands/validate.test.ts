import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../../src/main.ts";
import { type ValidationReport, validationReport } from "../../src/results/validation-report.ts";
import { testContext } from "../support/context.ts";
import { temporaryFolder } from "../support/folder.ts";

const fixtures = path.resolve(import.meta.dirname, "..", "..", "fixtures", "data");

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function validate(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  const context = testContext({ cwd, env });
  const code = await run(["validate", ...args], context);
  return { code, ...context.printed() };
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const cwd = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(cwd, name), text);
  return cwd;
}

function reportIn(cwd: string, name = "validation_report.json"): ValidationReport {
  return validationReport.parse(JSON.parse(readFileSync(path.join(cwd, name), "utf8")));
}

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

  it("takes data and rules from mlops.yaml, flags over the file", async () => {
    const cwd = folderWith({
      "x.csv": "a,b\n1,\n2,3\n",
      "mlops.yaml":
        "validate:\n  data_path: x.csv\n  max_null_ratio: 50%\n  columns:\n    - {name: a, type: integer, max: 1}\n",
    });
    expect((await validate(cwd, [])).code).toBe(3);
    expect(
      reportIn(cwd)
        .checks.filter((one) => one.verdict === "fail")
        .map((one) => one.name),
    ).toEqual(["max(a)"]);
    await validate(cwd, ["--max-null-ratio", "0.1"]);
    expect(
      reportIn(cwd)
        .checks.filter((one) => one.verdict === "fail")
        .map((one) => one.name),
    ).toEqual(["max(a)", "nulls(b)"]);
  });

  it("takes the path from the environment, and warnings only are exit 0", async () => {
    const cwd = folderWith({ "x.csv": "a\n1\n1\n", "c.yaml": "unique: [{columns: [a], severity: warn}]\n" });
    const { code } = await validate(cwd, ["--contract", "c.yaml"], { MLOPS_DATA_PATH: "x.csv" });
    expect(code).toBe(0);
    expect(reportIn(cwd)).toMatchObject({ verdict: "pass", summary: { warn: 1 } });
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

  it("refuses a broken contract with every problem at its line: exit 2 and no report", async () => {
    const contract =
      "columns:\n  - name: a\n    type: integer\n    mn: 3\n  - name: b\n    nulls: {max_ratio: 5}\nrows: {min: 1, maks: 2}\n";
    const cwd = folderWith({ "x.csv": "a\n1\n", "c.yaml": contract });
    const { code, stderr } = await validate(cwd, ["--data-path", "x.csv", "--contract", "c.yaml"]);
    expect(code).toBe(2);
    expect(stderr).toContain('c.yaml:4: unknown key "columns.0.mn"; did you mean "min"');
    expect(stderr).toContain("c.yaml:6: columns.1.nulls.max_ratio: is ambiguous");
    expect(stderr).toContain('c.yaml:7: unknown key "rows.maks"; did you mean "max"');
    expect(existsSync(path.join(cwd, "validation_report.json"))).toBe(false);
  });

  it("refuses a broken contract in mlops.yaml in the same words", async () => {
    const cwd = folderWith({ "mlops.yaml": "validate:\n  columns:\n    - {name: a, typ: integer}\n" });
    const { code, stderr } = await validate(cwd, ["--data-path", "x.csv"]);
    expect(code).toBe(2);
    expect(stderr).toContain('mlops.yaml:3: unknown key "validate.columns.0.typ"; did you mean "type"');
  });

  it.each([
    [[], "--data-path is missing"],
    [["--data-path", "x.csv", "--max-null-ratio", "5"], "--max-null-ratio"],
    [["--data-path", "x.csv", "--min-rows", "-1"], '--min-rows is "-1"'],
    [["--data-path", "x.csv", "--delimiter", "ab"], "--delimiter"],
    [["--data-path", "x.csv", "--contract", "no.yaml"], "no.yaml"],
  ])("refuses %j: exit 2", async (args, words) => {
    const { code, stderr } = await validate(folderWith({ "x.csv": "a\n1\n" }), args);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  it("shows rules and SQL in a dry run and writes nothing", async () => {
    const cwd = folderWith({
      "x.csv": 'a,"""; drop"\n1,2\n',
      "c.yaml": 'columns: [{name: "\\"; drop", min: 1}]\n',
    });
    const { code, stdout } = await validate(cwd, [
      "--data-path",
      "x.csv",
      "--contract",
      "c.yaml",
      "--dry-run",
      "-v",
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('min("; drop)');
    expect(stdout).toContain("SELECT count(*)");
    expect(readdirSync(cwd).toSorted()).toEqual(["c.yaml", "x.csv"]);
  });

  it("leaves nothing in the working folder but the report", async () => {
    const cwd = folderWith({ "x.csv": "a\n1\n1\n", "c.yaml": "unique: [[a]]\n" });
    await validate(cwd, ["--data-path", "x.csv", "--contract", "c.yaml"]);
    expect(readdirSync(cwd).toSorted()).toEqual(["c.yaml", "validation_report.json", "x.csv"]);
  });

  it("does not let names of the data write into the job log", async () => {
    const cwd = folderWith({ "x.csv": 'a,"\u001b[31mred\nline"\n1,\n' });
    const { stdout } = await validate(cwd, ["--data-path", "x.csv"]);
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toContain("nulls(·[31mred·line)");
  });

  it.each(["x.csv", "sub/../x.csv", "c.yaml"])(
    "never writes the report over an input: %s",
    async (output) => {
      const files = { "x.csv": "a\n1\n", "c.yaml": "rows: {min: 1}\n" };
      const cwd = folderWith(files);
      const args = ["--data-path", "x.csv", "--contract", "c.yaml", "--output-path", output];
      const { code, stderr } = await validate(cwd, args);
      expect([code, stderr]).toEqual([2, expect.stringContaining("is an input at the same time")]);
      for (const [name, text] of Object.entries(files))
        expect(readFileSync(path.join(cwd, name), "utf8")).toBe(text);
    },
  );

  it("leaves no report of an earlier start where it ends without one", async () => {
    const cwd = folderWith({ "x.csv": "a\n1\n", "validation_report.json": '{"verdict": "pass"}' });
    expect((await validate(cwd, ["--data-path", "s3://bucket/x.csv"])).code).toBe(2);
    expect(readdirSync(cwd)).toEqual(["x.csv"]);
  });

  it("counts one row and one column in the singular", async () => {
    const cwd = folderWith({ "x.csv": "a\n1\n" });
    const { stdout } = await validate(cwd, ["--data-path", "x.csv"]);
    expect(stdout).toContain("x.csv: 1 row, 1 column ·");
  });
});
