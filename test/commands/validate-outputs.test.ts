import { spawnSync } from "node:child_process";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, validate } from "./validate-case.ts";

const contract = "tables: {others: other.csv}\nsuites: [suite.json]\ncolumns: [{name: a, type: integer}]\n";
const suite = JSON.stringify({ name: "s", expectations: [], meta: {} });

function project(): string {
  return folderWith({
    "x.csv": "a\n1\n",
    "other.csv": "b\n1\n",
    "suite.json": suite,
    "contract.yaml": contract,
    "mlops.yaml": "validate: {}\n",
    "before.json": "{}",
  });
}

const given = ["--data-path", "x.csv", "--contract", "contract.yaml"];

describe("the outputs of mlops validate", () => {
  it.each([
    ["--output-path", "x.csv"],
    ["--junit-path", "contract.yaml"],
    ["--code-quality-path", "suite.json"],
    ["--html-path", "./other.csv"],
    ["--failing-rows", "mlops.yaml"],
    ["--dotenv", "x.csv"],
  ])("are refused where they would write over an input: %s %s", async (flag, file) => {
    const cwd = project();
    const before = readFileSync(path.join(cwd, file), "utf8");
    const { code, stderr } = await validate(cwd, [...given, flag, file]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${flag} is ${file}`);
    expect(readFileSync(path.join(cwd, file), "utf8")).toBe(before);
    expect(existsSync(path.join(cwd, "validation_report.json"))).toBe(false);
  });

  it.each([
    ["a pattern", "part-*.csv", "part-2.csv"],
    ["a folder", "parts", "parts/part-2.csv"],
    ["another name of the folder", "link", "parts/part-2.csv"],
  ])("are refused where a data file stands, named by %s", async (_title, written, file) => {
    const cwd = folderWith({ "part-1.csv": "a\n1\n", "part-2.csv": "a\n2\n" });
    mkdirSync(path.join(cwd, "parts"));
    for (const name of ["part-1.csv", "part-2.csv"])
      linkSync(path.join(cwd, name), path.join(cwd, "parts", name));
    symlinkSync("parts", path.join(cwd, "link"));
    const { code, stderr } = await validate(cwd, ["--data-path", written, "--output-path", file]);
    expect(code).toBe(2);
    expect(stderr).toContain("which is an input at the same time");
    expect(readFileSync(path.join(cwd, file), "utf8")).toBe("a\n2\n");
  });

  it.each([
    ["part-*.parquet", "part-bad.parquet"],
    ["parts/", "parts/deep/bad.parquet"],
  ])("keep failing rows out of the data: %s, %s", async (written, file) => {
    const cwd = folderWith({ "x.csv": "a\n1\n" });
    mkdirSync(path.join(cwd, "parts"));
    const { code, stderr } = await validate(cwd, ["--data-path", written, "--failing-rows", file]);
    expect(code).toBe(2);
    expect(stderr).toContain("would read as data");
  });

  it("are refused where two have one name, before anything is removed", async () => {
    const cwd = project();
    writeFileSync(path.join(cwd, "validation_report.json"), "old");
    const { code, stderr } = await validate(cwd, [
      ...given,
      "--junit-path",
      "r.xml",
      "--html-path",
      "./r.xml",
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain("--junit-path and --html-path are both ./r.xml");
    expect(readFileSync(path.join(cwd, "validation_report.json"), "utf8")).toBe("old");
  });

  it("never remove a folder, a pipe or a device", async () => {
    const cwd = project();
    mkdirSync(path.join(cwd, "out"));
    expect(spawnSync("mkfifo", [path.join(cwd, "pipe")]).status).toBe(0);
    for (const file of ["pipe", "out"]) {
      const { code, stderr } = await validate(cwd, ["--data-path", "x.csv", "--output-path", file]);
      expect(code).toBe(2);
      expect(stderr).toContain(`--output-path ${file} cannot be replaced`);
      expect(existsSync(path.resolve(cwd, file))).toBe(true);
    }
  });

  it("of an earlier start are gone where this one cannot judge, but for its report", async () => {
    const cwd = folderWith({
      "x.csv": "a,b\n1\n",
      "j.xml": "old",
      "h.html": "old",
      "bad.parquet": "old",
      "q.json": "old",
    });
    const args = ["--junit-path", "j.xml", "--html-path", "h.html", "--failing-rows", "bad.parquet"];
    const { code } = await validate(cwd, ["--data-path", "x.csv", ...args, "--code-quality-path", "q.json"]);
    expect(code).toBe(4);
    expect(readdirSync(cwd).toSorted()).toEqual([
      "h.html",
      "j.xml",
      "q.json",
      "validation_report.json",
      "x.csv",
    ]);
    expect(readFileSync(path.join(cwd, "j.xml"), "utf8")).toContain("DATA_CSV_MALFORMED");
    expect(readFileSync(path.join(cwd, "h.html"), "utf8")).toContain("</html>");
    expect(JSON.parse(readFileSync(path.join(cwd, "q.json"), "utf8"))).toBeInstanceOf(Array);
  });

  it.each(["--dry-run", "--explain"])("are not touched by %s", async (flag) => {
    const cwd = project();
    for (const name of ["validation_report.json", "j.xml"]) writeFileSync(path.join(cwd, name), "old");
    const before = readdirSync(cwd);
    const { code, stdout } = await validate(cwd, [
      ...given,
      "--junit-path",
      "j.xml",
      "--dotenv",
      "job.env",
      flag,
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain("type(a)");
    expect(readdirSync(cwd)).toEqual(before);
    expect(readFileSync(path.join(cwd, "j.xml"), "utf8")).toBe("old");
  });
});
