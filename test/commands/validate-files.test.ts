import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, validate } from "./validate-case.ts";

describe("mlops validate", () => {
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
    expect((await validate(cwd, ["--data-path", "gs://bucket/x.csv"])).code).toBe(2);
    expect(readdirSync(cwd)).toEqual(["x.csv"]);
  });
});
