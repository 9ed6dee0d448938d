import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, reportIn, validate } from "./validate-case.ts";

const checksOf = (lines: readonly string[]) =>
  `columns: [{name: a, max: 2}]\nchecks:\n${lines.map((line) => `  - ${line}\n`).join("")}`;

function project(lines: readonly string[]): string {
  return folderWith({
    "x.csv": "a,b\n1,2\n3,4\n",
    "secret.csv": "password\nhunter2\n",
    "c.yaml": checksOf(lines),
  });
}

const args = ["--data-path", "x.csv", "--contract", "c.yaml"];

async function checkIn(cwd: string, kind: string) {
  const { code } = await validate(cwd, args);
  const report = reportIn(cwd);
  return {
    code,
    check: report.checks.find((one) => one.kind === kind),
    all: report.checks,
    text: JSON.stringify(report),
  };
}

describe("an sql check", () => {
  it.each([
    "COPY data TO 'out.csv'",
    "COPY (SELECT 1) TO '/tmp/mlops-sandbox-out.csv'",
    "EXPORT DATABASE 'out'",
    "ATTACH 'out.db'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "RESET lock_configuration",
    "CREATE TABLE t AS FROM data",
    "DROP VIEW data",
    "FROM data; DROP VIEW data",
    "FROM data; COPY data TO 'out.csv'",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('secret.csv')",
    "SELECT * FROM 'secret.csv'",
    "SELECT * FROM read_csv('*.csv')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_parquet('s3://bucket/key.parquet')",
    "SELECT * FROM read_csv('https://127.0.0.1:1/x.csv')",
    "SELECT * FROM query('COPY data TO ''out.csv''')",
    "SELECT * FROM sqlite_scan('x.db', 't')",
    "SELECT * FROM no_such_table",
    "SELECT error(b::VARCHAR) AS b FROM data",
    "SELECT count(*) FROM data) UNION ALL (SELECT 1",
  ])("gets no verdict for %s, and harms no other rule", async (sql) => {
    const cwd = project([`sql: ${JSON.stringify(sql)}`]);
    const { code, check, all, text } = await checkIn(cwd, "sql");
    expect(check).toMatchObject({ verdict: "error", examples: [] });
    expect(check?.reason).toBeTruthy();
    expect(text).not.toMatch(/hunter2|root:/);
    expect(all.find((one) => one.name === "max(a)")).toMatchObject({ verdict: "fail", failingRows: 1 });
    expect(code).toBe(3);
    expect(readdirSync(cwd).toSorted()).toEqual(["c.yaml", "secret.csv", "validation_report.json", "x.csv"]);
  });

  it("sees the table, tables that the contract names, and nothing else of the folder", async () => {
    const cwd = folderWith({
      "x.csv": "a\n1\n3\n",
      "known.csv": "id\n1\n",
      "c.yaml":
        "tables: {known: known.csv}\nchecks:\n  - sql: SELECT * FROM data WHERE a NOT IN (SELECT id FROM known);\n    name: known\n",
    });
    const { code, check } = await checkIn(cwd, "sql");
    expect(check).toMatchObject({ name: "known", verdict: "fail", failingRows: 1 });
    expect(code).toBe(3);
  });
});

describe("an assertion", () => {
  it.each([
    "a < (SELECT max(b) FROM data)",
    "a < 9) FROM read_csv('secret.csv') WHERE (true",
    "true); COPY data TO 'out.csv'; SELECT (true",
    "a < 9, b < 9",
    "sum(a) OVER () < 9",
    "COLUMNS(*) > 0",
    "no_such < 1",
  ])("gets no verdict for %s", async (assert) => {
    const cwd = project([`assert: ${JSON.stringify(assert)}`]);
    const { code, check, all } = await checkIn(cwd, "assertion");
    expect(check?.verdict).toBe("error");
    expect(all.find((one) => one.name === "max(a)")).toMatchObject({ verdict: "fail", failingRows: 1 });
    expect(code).toBe(3);
    expect(readdirSync(cwd)).not.toContain("out.csv");
  });

  it("may end with a comment, as may its condition", async () => {
    const cwd = project(["{assert: 'a > 1 -- more than one', when: 'b = 4 -- the last'}"]);
    expect((await checkIn(cwd, "assertion")).check).toMatchObject({ verdict: "pass", judgedRows: 1 });
  });

  it("has no verdict with a condition that is more than one expression", async () => {
    const cwd = project(["{assert: a > 1, when: 'b IN (SELECT 4)'}"]);
    expect((await checkIn(cwd, "assertion")).check?.verdict).toBe("error");
  });
});

describe("names of columns", () => {
  const names = [
    '"; drop',
    "_c0",
    "_v1",
    "a'b",
    "select",
    "a.b",
    "%s",
    "über",
    "data",
    "source",
    "one",
    "key_hashes",
  ];

  it("mean nothing to the program", async () => {
    const cards = names.map((name) => ({
      name,
      type: "integer",
      max: 1,
      unique: true,
      nulls: { max_ratio: 0 },
    }));
    const quoted = names.map((name) => `"${name.replaceAll('"', '""')}"`);
    const cwd = folderWith({
      "x.csv": `${quoted.join(",")}\n${names.map(() => 1).join(",")}\n${names.map(() => 2).join(",")}\n`,
      "c.yaml": JSON.stringify({ columns: cards, checks: quoted.map((name) => ({ assert: `${name} < 2` })) }),
    });
    const { all, code } = await checkIn(cwd, "assertion");
    const found = all.filter((one) => one.kind === "range" || one.kind === "assertion");
    expect(found.map((one) => [one.verdict, one.failingRows])).toEqual(found.map(() => ["fail", 1]));
    expect(found).toHaveLength(2 * names.length);
    expect(code).toBe(3);
  });

  it("that differ in case only are two columns, but no SQL of a user can tell them apart", async () => {
    const cwd = folderWith({
      "x.csv": "a,A\n1,5\n2,6\n",
      "c.yaml": "columns: [{name: a, max: 1}, {name: A, max: 5}]\nchecks: [{assert: a < 2}]\n",
    });
    const { all } = await checkIn(cwd, "assertion");
    expect(all.find((one) => one.name === "max(a)")).toMatchObject({ observed: 2, failingRows: 1 });
    expect(all.find((one) => one.name === "max(A)")).toMatchObject({ observed: 6, failingRows: 1 });
    expect(all.find((one) => one.kind === "assertion")?.verdict).toBe("error");
  });
});

describe("names of tables", () => {
  it("mean nothing to the program", async () => {
    const names = [
      "select",
      "main",
      "failing_rows",
      "key_hashes",
      "key_candidates",
      "failing_texts_0",
      "other",
      "source",
      "t",
      "sampled",
      "first_rows",
    ];
    const cwd = folderWith({
      "x.csv": "a,b\n1,y\n3,y\n3,z\n",
      "k.csv": "id\n1\n",
      "c.yaml": JSON.stringify({
        tables: Object.fromEntries(names.map((name) => [name, "k.csv"])),
        columns: [
          { name: "a", max: 1, unique: true },
          { name: "b", unique: true, pattern: "^(?=x)" },
        ],
        checks: names.flatMap((name) => [
          { sql: `FROM "${name}"` },
          { in: { columns: "a", table: name, key: "id" } },
        ]),
      }),
    });
    const { all, code } = await checkIn(cwd, "sql");
    expect(code).toBe(3);
    expect(all.filter((one) => one.kind === "sql").map((one) => one.failingRows)).toEqual(names.map(() => 1));
    expect(all.filter((one) => one.kind === "reference").map((one) => one.failingRows)).toEqual(
      names.map(() => 2),
    );
    expect(all.filter((one) => one.kind === "unique").map((one) => one.failingRows)).toEqual([2, 2]);
  });

  it("are good for nothing where a key is no column there, which is said", async () => {
    const cwd = folderWith({
      "x.csv": "a\n1\n",
      "k.csv": "id\n1\n",
      "c.yaml": "checks: [{in: {columns: a, data: k.csv, key: nope}}]\n",
    });
    const { check, code } = await checkIn(cwd, "reference");
    expect(check).toMatchObject({
      verdict: "error",
      reason: "the other table has no column nope; it has id",
    });
    expect(code).toBe(4);
  });
});

describe("names of files", () => {
  it.each([
    "it's.csv",
    "a*b.csv",
    "[x].csv",
    "a b.csv",
    "line\nend.csv",
    "-x.csv",
    "{a,b}.csv",
    "?.csv",
    'q"q.csv',
    "$HOME.csv",
  ])("are names and no patterns, options or SQL: %j", async (name) => {
    const cwd = folderWith({ "c.yaml": "checks: [{sql: FROM data WHERE a > 1}]\n" });
    writeFileSync(path.join(cwd, name), "a\n1\n2\n");
    mkdirSync(path.join(cwd, "other"));
    writeFileSync(path.join(cwd, "axb.csv"), "a\n7\n7\n7\n");
    const { code } = await validate(cwd, [`--data-path=${name}`, "--contract", "c.yaml"]);
    expect(code).toBe(3);
    expect(reportIn(cwd)).toMatchObject({
      dataset: { rows: 2 },
      checks: expect.arrayContaining([expect.objectContaining({ kind: "sql", failingRows: 1 })]),
    });
  });
});
