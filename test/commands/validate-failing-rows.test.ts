import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDuckDb, type Row } from "../../src/data/engine/duckdb.ts";
import { quoteText } from "../../src/data/engine/sql.ts";
import { runPython } from "../support/python.ts";
import { folderWith, reportIn, validate } from "./validate-case.ts";

const table = "id,name,age\n1,Ada,36\n2,Bob,\n3,Cleo,200\n4,Dora,300\n";
const contract =
  "columns:\n  - {name: age, max: 120, nulls: {max_ratio: 0}}\n  - {name: name, length: {max: 3}}\n";

async function rowsOf(file: string): Promise<{ readonly columns: string[]; readonly rows: Row[] }> {
  const db = await openDuckDb({ threads: 1 });
  onTestFinished(() => db.close());
  const rows = await db.query(`SELECT * FROM ${quoteText(file)}`);
  const described = await db.query(`DESCRIBE SELECT * FROM ${quoteText(file)}`);
  return { columns: described.map((row) => String(row["column_name"])), rows };
}

async function kept(cwd: string, more: readonly string[] = []) {
  const args = ["--data-path", "x.csv", "--contract", "c.yaml", "--failing-rows", "out/bad.parquet"];
  const { code, stderr } = await validate(cwd, [...args, ...more]);
  return { code, stderr, file: path.join(cwd, "out", "bad.parquet") };
}

describe("--failing-rows", () => {
  it("keeps every row of every broken rule, the key first and as it is, all else masked", async () => {
    const cwd = folderWith({ "x.csv": table, "c.yaml": contract });
    const { code, file } = await kept(cwd, ["--key-column", "id"]);
    expect(code).toBe(3);
    const { columns, rows } = await rowsOf(file);
    expect(columns).toEqual(["failed_rule", "id", "name", "age"]);
    expect(rows).toEqual([
      { failed_rule: "nulls(age)", id: "2", name: "B***(3)", age: null },
      { failed_rule: "max(age)", id: "3", name: "C***(4)", age: "2***(3)" },
      { failed_rule: "max(age)", id: "4", name: "D***(4)", age: "3***(3)" },
      { failed_rule: "length(name)", id: "3", name: "C***(4)", age: "2***(3)" },
      { failed_rule: "length(name)", id: "4", name: "D***(4)", age: "3***(3)" },
    ]);
    expect(reportIn(cwd).failingRowsFile).toEqual({ path: "out/bad.parquet", rows: 5 });
    expect(readdirSync(path.dirname(file))).toEqual(["bad.parquet"]);
  });

  it("shows values where that is asked for", async () => {
    const { file } = await kept(folderWith({ "x.csv": table, "c.yaml": contract }), ["--show-values"]);
    const { columns, rows } = await rowsOf(file);
    expect(columns).toEqual(["failed_rule", "id", "name", "age"]);
    expect(rows[1]).toEqual({ failed_rule: "max(age)", id: "3", name: "Cleo", age: "200" });
  });

  it("replaces an older file, and holds no row where no rule is broken", async () => {
    const cwd = folderWith({ "x.csv": table, "c.yaml": contract });
    await kept(cwd);
    writeFileSync(path.join(cwd, "c.yaml"), "columns: [{name: age, nulls: {max_ratio: 1}}]\n");
    const { code, file } = await kept(cwd, ["--max-null-ratio", "1"]);
    expect(code).toBe(0);
    expect((await rowsOf(file)).rows).toEqual([]);
    expect(reportIn(cwd).failingRowsFile).toEqual({ path: "out/bad.parquet", rows: 0 });
  });

  it("keeps the rows of duplicates, references, queries and patterns of JavaScript", async () => {
    const rules = `unique: [[name]]
columns: [{name: name, pattern: "^(?!Bob)"}]
checks:
  - {in: {columns: id, data: known.csv, key: id}}
  - {sql: "SELECT *, 1 AS more FROM data WHERE age = 9", name: nine}
`;
    const cwd = folderWith({
      "x.csv": "id,name,age\n1,Ada,1\n2,Ada,2\n3,Bob,9\n",
      "known.csv": "id\n1\n3\n",
      "c.yaml": rules,
    });
    const { file, stderr } = await kept(cwd, ["--key-column", "id", "--key-column", "age"]);
    expect(stderr).toBe("");
    const { columns, rows } = await rowsOf(file);
    expect(columns).toEqual(["failed_rule", "id", "age", "name"]);
    const found = rows.map((row) => [row["failed_rule"], row["id"]]);
    expect(found.toSorted()).toEqual(
      [
        ["in(id -> known.csv)", "2"],
        ["nine", "3"],
        ["pattern(name)", "3"],
        ["unique(name)", "1"],
        ["unique(name)", "2"],
      ].toSorted(),
    );
  });

  it("names the rule in a column of its own where the table has one of that name, and tells a from A", async () => {
    const cwd = folderWith({
      "x.csv": "failed_rule,a,A\nx,1,2\n",
      "c.yaml": "columns: [{name: a, max: 0}]\n",
    });
    const { code, file, stderr } = await kept(cwd, ["--key-column", "A"]);
    expect(stderr).toBe("");
    expect(code).toBe(3);
    expect((await rowsOf(file)).columns).toHaveLength(4);
  });

  it("refuses a key column that the table has not: exit 2, and nothing is left", async () => {
    const cwd = folderWith({ "x.csv": table, "c.yaml": contract });
    await kept(cwd);
    const { code, stderr, file } = await kept(cwd, ["--key-column", "ident"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--key-column ident is no column of the table");
    expect(stderr).toContain('"id", "name", "age"');
    expect(existsSync(file)).toBe(false);
    expect(existsSync(path.join(cwd, "validation_report.json"))).toBe(false);
  });

  it("leaves nothing where the data cannot be judged", async () => {
    const cwd = folderWith({ "x.csv": "id,age\n1,2,3\n", "c.yaml": contract });
    const { code, file } = await kept(cwd);
    expect(code).toBe(4);
    expect(existsSync(path.dirname(file)) ? readdirSync(path.dirname(file)) : []).toEqual([]);
  });

  it.each([["--key-column", "id"], ["--show-values"]])("is needed by %s", async (...args) => {
    const cwd = folderWith({ "x.csv": table });
    const { code, stderr } = await validate(cwd, ["--data-path", "x.csv", ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${args[0]} says how --failing-rows is written, which is missing`);
  });

  it("says clearly where it cannot write", async () => {
    const cwd = folderWith({ "x.csv": table, "c.yaml": contract, out: "a file" });
    const { code, stderr } = await kept(cwd);
    expect(code).toBe(2);
    expect(stderr).toContain("out/bad.parquet");
    expect(readFileSync(path.join(cwd, "out"), "utf8")).toBe("a file");
  });

  it("names columns that have no name, or one that SQL cannot write", async () => {
    const cwd = folderWith({ "c.yaml": 'checks: [{assert: "false"}]\n' });
    const columns = String.raw`{"": [1], "a\0b": [2], "Unnamed: 0": [3]}`;
    const script = `import pyarrow as pa, pyarrow.parquet as pq; pq.write_table(pa.table(${columns}), "x.parquet")`;
    const python = await runPython({ args: ["-c", script], cwd });
    expect(python.exitCode, python.stderr).toBe(0);
    const args = ["--contract", "c.yaml", "--failing-rows", "bad.parquet", "--show-values"];
    const { code, stderr } = await validate(cwd, ["--data-path", "x.parquet", ...args]);
    expect(code, stderr).toBe(3);
    const { columns: names, rows } = await rowsOf(path.join(cwd, "bad.parquet"));
    expect(names).toEqual(["failed_rule", "Unnamed: 0", "ab", "Unnamed: 0_2"]);
    expect(rows.map((row) => Object.values(row).slice(1).map(String))).toEqual([["1", "2", "3"]]);
  });
});
