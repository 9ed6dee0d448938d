import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, reportIn, validate } from "./validate-case.ts";

describe("mlops validate", () => {
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

  it("refuses regular expressions that RE2 has not before it reads data, all at their lines", async () => {
    const contract =
      'defaults: {pattern: "a{1,2000}"}\ncolumns:\n  - name: a\n    not_pattern: {value: \'\\cA\', severity: warn}\n  - name: b\n    pattern: "(?=a{1,2000})"\n';
    const cwd = folderWith({ "c.yaml": contract });
    for (const task of [[], ["--explain"]]) {
      const { code, stderr } = await validate(cwd, [
        "--data-path",
        "no.csv",
        "--contract",
        "c.yaml",
        ...task,
      ]);
      expect(code).toBe(2);
      expect(stderr).toContain(
        "c.yaml:1: defaults.pattern: is no regular expression of RE2: invalid repetition",
      );
      expect(stderr).toContain(
        "c.yaml:4: columns.0.not_pattern: is no regular expression of RE2: invalid escape",
      );
      expect(stderr).not.toContain("columns.1");
      expect(stderr).not.toContain("no.csv");
    }
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

  it("refuses more threads than any machine has", async () => {
    const cwd = folderWith({ "x.csv": "a\n1\n" });
    const { code, stderr } = await validate(cwd, ["--data-path", "x.csv", "--threads", "1000000"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--threads is 1000000, expected at most 1024");
  });

  it("refuses flags that no data could keep, and addresses that it cannot read", async () => {
    const cwd = folderWith({ "x.csv": "a\n1\n" });
    const reversed = await validate(cwd, ["--data-path", "x.csv", "--min-rows", "10", "--max-rows", "5"]);
    expect(reversed.code).toBe(2);
    expect(reversed.stderr).toContain("--min-rows 10 is more than --max-rows 5");
    const address = await validate(cwd, ["--data-path", "ftp://host/x.csv"]);
    expect(address.code).toBe(2);
    expect(address.stderr).toContain("only local files and s3:// addresses can be read so far");
  });
});
