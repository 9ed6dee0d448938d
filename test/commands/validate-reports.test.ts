import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { folderWith, reportIn, validate } from "./validate-case.ts";

const contract = `rows: {min: 5}
columns:
  - name: a
    max: 1
  - match: "f_*"
    max: 3
unique:
  - [a]
`;

function project(): string {
  return folderWith({ "x.csv": "a,f_x\n1,2\n1,9\n", "c.yaml": contract });
}

const args = ["--data-path", "x.csv", "--contract", "c.yaml"];
const issues = z.array(
  z.object({
    description: z.string(),
    fingerprint: z.string(),
    location: z.object({ path: z.string(), lines: z.object({ begin: z.number() }) }),
  }),
);

describe("the reports of mlops validate", () => {
  it("come all from one run", async () => {
    const cwd = project();
    const places = [
      "--junit-path",
      "out/j.xml",
      "--html-path",
      "out/h.html",
      "--code-quality-path",
      "out/q.json",
    ];
    expect((await validate(cwd, [...args, ...places])).code).toBe(3);
    const read = (name: string) => readFileSync(path.join(cwd, "out", name), "utf8");
    const cases = read("j.xml").match(/<testcase /g) ?? [];
    expect(cases).toHaveLength(reportIn(cwd).checks.length);
    expect(read("j.xml").match(/<failure/g)).toHaveLength(3);
    expect(read("h.html")).toMatch(/^<!doctype html>/i);
    expect(read("h.html")).not.toMatch(/(src|href)="https?:/);
    expect(issues.parse(JSON.parse(read("q.json")))).toHaveLength(3);
  });

  it("name in the code quality report the line at which a rule is written", async () => {
    const cwd = project();
    await validate(cwd, [...args, "--code-quality-path", "q.json"]);
    const found = issues.parse(JSON.parse(readFileSync(path.join(cwd, "q.json"), "utf8")));
    const lines = found.map((one) => [
      /max|unique|rows/.exec(one.description)?.[0],
      one.location.path,
      one.location.lines.begin,
    ]);
    expect(lines.toSorted()).toEqual(
      [
        ["max", "c.yaml", 5],
        ["rows", "c.yaml", 1],
        ["unique", "c.yaml", 8],
      ].toSorted(),
    );
    expect(new Set(found.map((one) => one.fingerprint)).size).toBe(3);
  });

  it("name table checks at their lines, and the file of a suite", async () => {
    const rules = `columns: [{name: a}]
checks:
  - assert: a  >  5
  - {sql: FROM data, name: none at all}
  - {in: {columns: a, data: known.csv, key: id}}
  - script: [sh, -c, exit 1]
  - sql: FROM data
`;
    const suite = {
      name: "s",
      expectations: [{ type: "expect_column_to_exist", kwargs: { column: "z" }, meta: {} }],
      meta: {},
    };
    const cwd = folderWith({
      "x.csv": "a\n1\n",
      "known.csv": "id\n2\n",
      "c.yaml": rules,
      "s.json": JSON.stringify(suite),
    });
    await validate(cwd, [...args, "--suite", "s.json", "--code-quality-path", "q.json"], {
      PATH: "/usr/bin:/bin",
    });
    const found = issues.parse(JSON.parse(readFileSync(path.join(cwd, "q.json"), "utf8")));
    const lines = found.map((one) => `${one.location.path}:${one.location.lines.begin}`);
    expect(lines.toSorted()).toEqual([
      "c.yaml:3",
      "c.yaml:4",
      "c.yaml:5",
      "c.yaml:6",
      "c.yaml:7",
      "s.json:1",
    ]);
  });

  it("name the rules of mlops.yaml at their lines too", async () => {
    const cwd = folderWith({
      "x.csv": "a\n5\n",
      "mlops.yaml": "validate:\n  data_path: x.csv\n  columns:\n    - {name: a, max: 1}\n",
    });
    await validate(cwd, [], { MLOPS_CODE_QUALITY_PATH: "q.json" });
    const [found] = issues.parse(JSON.parse(readFileSync(path.join(cwd, "q.json"), "utf8")));
    expect(found?.location).toEqual({ path: "mlops.yaml", lines: { begin: 4 } });
  });

  it("say on stdout what --json and --quiet ask for, and leave values for later jobs", async () => {
    const cwd = project();
    const json = await validate(cwd, [...args, "--json", "--dotenv", "job.env"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ verdict: "fail", summary: { fail: 3 } });
    const env = readFileSync(path.join(cwd, "job.env"), "utf8");
    expect(env).toContain("VALIDATION_VERDICT=fail\nDATASET_ROWS=2\nDATASET_SHA256=");
    const quiet = await validate(cwd, [...args, "--quiet"]);
    expect(quiet.stderr).toBe("");
    expect(quiet.stdout).toContain("FAIL");
  });

  it("are asked for by mlops.yaml and by the environment as well", async () => {
    const cwd = project();
    writeFileSync(
      path.join(cwd, "mlops.yaml"),
      "validate: {data_path: x.csv, contract: c.yaml, junit_path: j.xml, failing_rows: bad.parquet, key_column: [a]}\n",
    );
    expect(
      (
        await validate(cwd, [], {
          MLOPS_HTML_PATH: "h.html",
          MLOPS_THREADS: "1",
          MLOPS_MEMORY_LIMIT: "300MB",
        })
      ).code,
    ).toBe(3);
    for (const name of ["j.xml", "h.html", "bad.parquet"])
      expect(readFileSync(path.join(cwd, name)).length).toBeGreaterThan(0);
  });
});

describe("--previous-report", () => {
  const rules = { "x.csv": "a\n1\n2\n3\n", "c.yaml": "rows: {change: [0.5, 2]}\n" };
  const change = (cwd: string) => reportIn(cwd).checks.find((one) => one.name === "rows.change");

  it("is what the rows are compared with", async () => {
    const cwd = folderWith({ ...rules, "one.csv": "a\n1\n", "two.csv": "a\n1\n2\n" });
    for (const name of ["one", "two"])
      await validate(cwd, ["--data-path", `${name}.csv`, "--output-path", `${name}.json`]);
    expect((await validate(cwd, [...args, "--previous-report", "one.json"])).code).toBe(3);
    expect(change(cwd)).toMatchObject({
      verdict: "fail",
      observed: 3,
      limit: [0.5, 2],
      details: { previousRows: 1 },
    });
    expect((await validate(cwd, [...args, "--previous-report", "two.json"])).code).toBe(0);
    expect(change(cwd)).toMatchObject({ verdict: "pass", observed: 1.5 });
  });

  it("is missed where the contract asks for it, but no failure", async () => {
    const cwd = folderWith(rules);
    expect((await validate(cwd, args)).code).toBe(0);
    expect(change(cwd)?.verdict).toBe("skipped");
  });

  it.each([
    ["none.json", "cannot be read"],
    ["x.csv", "is no validation report"],
    ["unjudged.json", "judged no data"],
  ])("gives no verdict with %s: exit 4", async (name, words) => {
    const cwd = folderWith(rules);
    await validate(cwd, ["--data-path", "none.csv", "--output-path", "unjudged.json"]);
    const { code, stderr } = await validate(cwd, [...args, "--previous-report", name]);
    expect(stderr).toContain(words);
    expect(code).toBe(4);
  });

  it("is not written over", async () => {
    const cwd = folderWith(rules);
    await validate(cwd, ["--data-path", "x.csv"]);
    const { code, stderr } = await validate(cwd, [...args, "--previous-report", "validation_report.json"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--output-path is validation_report.json, which is an input");
    expect(reportIn(cwd).dataset.rows).toBe(3);
  });
});
