import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, parquetIn, tableIn } from "./evaluate-case.ts";

const head = "label,score,w,id,g,p_a,p_b,class,q";
const good = ["0,0.1,1,1,x,0.9,0.1,a,1", "1,0.8,2,2,y,0.2,0.8,b,1"];
/** Two good rows, and a third with other values in some columns. */
function withRow(changes: Readonly<Record<string, string>>): string {
  const names = head.split(",");
  const third = (good[0] ?? "").split(",").map((cell, index) => changes[names[index] ?? ""] ?? cell);
  const isNamed = "id" in changes;
  if (!isNamed) third[names.indexOf("id")] = "3";
  return [head, ...good, third.join(","), ""].join("\n");
}
const classes = [
  "--label",
  "class",
  "--probability",
  "p_a",
  "--class",
  "a",
  "--probability",
  "p_b",
  "--class",
  "b",
];

describe("a table with one bad row is exit 4, names column, count and row, and leaves no result", () => {
  it.each([
    [
      "a score that is NaN",
      { score: "nan" },
      [],
      'the score column "score" has 1 of 3 values that are no numbers: row 3 is "nan"',
    ],
    ["an infinite score", { score: "-inf" }, [], 'row 3 is "-inf"'],
    ["a missing score", { score: "" }, [], "row 3 is missing"],
    ["a score that is a text", { score: "high" }, [], 'row 3 is "high".'],
    [
      "a score with a comma",
      { score: '"0,5"' },
      [],
      'row 3 is "0,5" (numbers are written with a decimal point).',
    ],
    [
      "a label that is 2",
      { label: "2" },
      [],
      'the label column "label" has 1 of 3 values that are not 0 or 1: row 3 is "2"',
    ],
    ["a missing label", { label: "" }, [], "row 3 is missing"],
    [
      "a negative weight",
      { w: "-0.5" },
      ["--weight", "w"],
      'the weight column "w" has 1 of 3 values below 0, which no weight is: row 3 is "-0.5"',
    ],
    ["a weight that is NaN", { w: "nan" }, ["--weight", "w"], "values that are no numbers"],
    ["a row id twice", { id: "2" }, ["--row-id", "id"], "1 row id stands more than once: 2***(1)"],
    ["a missing row id", { id: "" }, ["--row-id", "id"], "1 of 3 row ids (id) are missing"],
    [
      "a class without a probability",
      { class: "c" },
      classes,
      'the label column "class" holds c, which is no class that was named (a, b)',
    ],
    [
      "a missing class",
      { class: "" },
      classes,
      'the label column "class" has 1 of 3 values that are missing',
    ],
    [
      "a probability above 1",
      { p_a: "1.2" },
      classes,
      'the probability column "p_a" has 1 of 3 values outside [0, 1], which no probability is: row 3 is "1.2"',
    ],
    [
      "a probability that is NaN",
      { p_b: "nan" },
      classes,
      'the probability column "p_b" has 1 of 3 values that are no numbers',
    ],
    [
      "a missing query",
      { q: "" },
      ["--task", "ranking", "--query", "q"],
      'the query column "q" has 1 of 3 values that are missing',
    ],
    [
      "a relevance below 0",
      { label: "-1" },
      ["--task", "ranking", "--query", "q"],
      "below 0, which no relevance is",
    ],
    [
      "a truth that is infinite",
      { label: "inf" },
      ["--task", "regression", "--prediction", "score"],
      'row 3 is "inf"',
    ],
    [
      "a quantile that is missing",
      { p_a: "" },
      ["--quantile", "0.5=p_a"],
      'the quantile column "p_a" has 1 of 3',
    ],
    [
      "a predicted class that no label is",
      { g: "z" },
      ["--task", "multiclass", "--label", "class", "--prediction", "g", "--class", "a", "--class", "b"],
      'the prediction column "g" holds x, y, z',
    ],
  ])("%s", async (_title, changes, args, message) => {
    const cwd = temporaryFolder();
    tableIn(cwd, withRow(changes));
    writeFileSync(path.join(cwd, "evaluation_results.json"), '{"auc": 0.99}');
    const { code, stdout, stderr } = await evaluate(cwd, "--predictions", "p.csv", ...args);
    expect([code, stdout], stderr).toEqual([4, ""]);
    expect(stderr).toContain(message);
    expect(existsSync(path.join(cwd, "evaluation_results.json"))).toBe(false);
  });

  it("all of them at once, and weights that are all 0", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "label,score,w\n0,nan,0\n7,0.5,0\n");
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", "--weight", "w");
    expect(code).toBe(4);
    expect(stderr).toContain("not 0 or 1");
    expect(stderr).toContain('row 1 is "nan"');
    expect(stderr).toContain("2 of 2 values that are 0, so nothing would count");
  });
});

describe("a Parquet file with bad values", () => {
  it.each([
    ["NaN as a float", "CAST('nan' AS DOUBLE)", 'row 2 is "nan"'],
    ["infinity as a 32-bit float", "CAST('inf' AS FLOAT)", 'row 2 is "inf"'],
    ["NULL as an integer", "CAST(NULL AS INTEGER)", "row 2 is missing"],
    ["a text", "'maybe'", 'row 2 is "maybe"'],
    ["a decimal beyond all", "NULL", "row 2 is missing"],
  ])("%s is exit 4", async (_title, value, message) => {
    const cwd = temporaryFolder();
    await parquetIn(
      cwd,
      "p.parquet",
      `SELECT 0 AS label, 0.5 AS score UNION ALL BY NAME SELECT 1 AS label, ${value} AS score`.replace(
        "0.5",
        value === "'maybe'" ? "'0.5'" : "CAST(0.5 AS DOUBLE)",
      ),
    );
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.parquet");
    expect([code, stderr]).toEqual([4, expect.stringContaining(message)]);
  });

  it.each(["label", "score", "w"])("a date, a list or a blob as %s is exit 4", async (role) => {
    for (const value of ["DATE '2026-01-02'", "[1, 2]", "'a'::BLOB", "{'a': 1}"]) {
      const cwd = temporaryFolder();
      await parquetIn(
        cwd,
        "p.parquet",
        `SELECT * REPLACE (${value} AS ${role}) FROM (SELECT 0 AS label, 0.5 AS score, 1 AS w)`,
      );
      const { code, stderr } = await evaluate(cwd, "--predictions", "p.parquet", "--weight", "w");
      expect([code, stderr], value).toEqual([4, expect.stringContaining("1 of 1 values that are no")]);
    }
  });

  it("a million rows with one bad score in the middle name its row", async () => {
    const cwd = temporaryFolder();
    await parquetIn(
      cwd,
      "p.parquet",
      "SELECT i % 2 AS label, CASE WHEN i = 654321 THEN 'nan'::DOUBLE ELSE i / 1e6 END AS score FROM range(1000000) t(i)",
    );
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.parquet");
    expect([code, stderr]).toEqual([
      4,
      expect.stringContaining('1 of 1000000 values that are no numbers: row 654322 is "nan"'),
    ]);
  });
});

describe("numbers with a decimal comma", () => {
  const comma = ["label;prediction", "9,89;1,5", "7,2;1,5", ",5;-3,0", "8,1;1,5", ""].join("\n");

  it("are no classes", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, comma);
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv");
    const message = 'row 3 is ",5", row 4 is "8,1" (numbers are written with a decimal point)';
    expect([code, stderr]).toEqual([4, expect.stringContaining(message)]);
    expect(existsSync(path.join(cwd, "evaluation_results.json"))).toBe(false);
  });

  it("are names where the task has names", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, comma);
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", "--task", "multiclass");
    expect(code, stderr).toBe(0);
  });
});

describe("columns that are not there", () => {
  it.each([
    [["--weight", "weigth"], "(--weight)", "weight"],
    [["--row-id", "row"], "(--row-id)", "rowid"],
    [["--subgroup", "weight*nothing"], '"nothing" (--subgroup)', undefined],
    [["--quantile", "0.9=p90"], '"p90" (--quantile)', undefined],
    [["--interval", "0.9=low:high"], '"low" (--interval)', undefined],
    [["--probability", "a", "--probability", "b"], '"a" (--probability)', undefined],
    [["--task", "ranking"], "no column called query, query_id, qid", undefined],
    [["--task", "quantile"], "say which columns hold quantiles", undefined],
    [["--class", "x", "--class", "y"], "no column called probability_x, probability_y", undefined],
  ])("%j is exit 4", async (args, message, meant) => {
    const cwd = temporaryFolder();
    tableIn(cwd, "label,score,weight,rowid\n0,0.1,1,1\n1,0.9,1,2\n");
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", ...args);
    expect([code, stderr]).toEqual([4, expect.stringContaining(message)]);
    if (meant !== undefined) expect(stderr).toContain(`did you mean "${meant}"`);
    expect(stderr).toContain("Its columns: label, score, weight, rowid.");
  });
});
