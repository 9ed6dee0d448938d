import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, reportIn, validate } from "./validate-case.ts";

/** A project whose contract stands in a folder of its own, with data, a table and a suite beside it. */
function project(contract: string): string {
  const cwd = folderWith({});
  mkdirSync(path.join(cwd, "rules"));
  const files = {
    "contract.yaml": contract,
    "x.csv": "a\n1\n3\n",
    "known.csv": "id\n1\n",
    "suite.json": JSON.stringify({
      name: "s",
      expectations: [{ type: "expect_column_to_exist", kwargs: { column: "a" }, meta: {} }],
      meta: {},
    }),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(cwd, "rules", name), text);
  return cwd;
}

const rules =
  "checks: [{in: {columns: a, table: known, key: id}}, {in: {columns: a, data: known.csv, key: id}}]\n";
const args = ["--contract", "rules/contract.yaml"];

describe("the paths of a contract", () => {
  it("are relative to its folder: data, tables, references and suites", async () => {
    const cwd = project(`data: x.csv\ntables: {known: known.csv}\nsuites: [suite.json]\n${rules}`);
    const { code } = await validate(cwd, args);
    expect(code).toBe(3);
    const report = reportIn(cwd);
    expect(report.dataset.uri).toBe("rules/x.csv");
    expect(report.checks.filter((one) => one.kind === "reference").map((one) => one.failingRows)).toEqual([
      1, 1,
    ]);
    expect(report.checks.map((one) => one.suite)).toContain("s");
  });

  it("may name variables of the environment, absolute ones too", async () => {
    const cwd = project(`data: '\${ROOT}/rules/\${NAME}.csv'\n`);
    expect((await validate(cwd, args, { ROOT: cwd, NAME: "x" })).code).toBe(0);
    expect(reportIn(cwd).dataset.rows).toBe(2);
  });

  it("are refused where a variable is not set", async () => {
    const { code, stderr } = await validate(project(`data: '\${NO_SUCH}/x.csv'\n`), args);
    expect(code).toBe(2);
    expect(stderr).toContain("names the variable NO_SUCH, which is not set");
  });

  it("give way to --data-path, which is relative to the working folder", async () => {
    const cwd = project("data: x.csv\n");
    writeFileSync(path.join(cwd, "y.csv"), "a\n7\n");
    await validate(cwd, [...args, "--data-path", "y.csv"]);
    expect(reportIn(cwd).dataset.uri).toBe("y.csv");
  });

  it("are those of the folder of mlops.yaml where the contract stands there", async () => {
    const cwd = project("{}\n");
    writeFileSync(
      path.join(cwd, "rules", "mlops.yaml"),
      `validate:\n  data: x.csv\n  tables: {known: known.csv}\n  checks: [{in: {columns: a, table: known, key: id}}]\n`,
    );
    expect((await validate(cwd, ["--config", "rules/mlops.yaml"])).code).toBe(3);
    expect(reportIn(cwd).dataset.uri).toBe("rules/x.csv");
  });
});
