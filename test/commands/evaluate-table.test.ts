import { copyFileSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openDuckDb } from "../../src/data/engine/duckdb.ts";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, resultIn, tableIn } from "./evaluate-case.ts";

const fixtures = path.resolve(import.meta.dirname, "../../fixtures/evaluation");

describe("a table of predictions", () => {
  it("is measured overall and by subgroup, and says which columns were taken", async () => {
    const cwd = temporaryFolder();
    copyFileSync(path.join(fixtures, "binary.csv"), path.join(cwd, "p.csv"));
    const args = [
      "--predictions",
      "p.csv",
      "--score",
      "score_candidate",
      "--subgroup",
      "group",
      "--dotenv",
      "e.env",
    ];
    const { code, stdout, stderr } = await evaluate(cwd, ...args);
    expect(code).toBe(0);
    expect(stderr).toContain("label label, score score_candidate, subgroups group (label found by name)");
    expect(stdout).toMatch(/roc_auc by group, worst first\n {2}D {2}0\.8781/);
    const result = resultIn(cwd);
    expect(result).toMatchObject({
      task: "binary",
      count: 400,
      positives: 118,
      negatives: 282,
      verdict: "pass",
    });
    expect(result.metrics["roc_auc"]).toBeCloseTo(0.9495582401730978, 14);
    expect(result.subgroups["group"]?.["A"]).toMatchObject({ count: 76, positives: 28 });
    expect(readFileSync(path.join(cwd, "e.env"), "utf8")).toContain("METRIC_ROC_AUC=0.94955");
  });

  it("of a regression, with a group of rows without a value", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "target,prediction,area\n1,1.5,a\n2,2,\n3.5,3,a\n");
    expect((await evaluate(cwd, "--predictions-path", "p.csv", "--subgroup", "area")).code).toBe(0);
    const result = resultIn(cwd);
    expect(result).toMatchObject({ task: "regression", positives: null });
    expect(result.metrics["mae"]).toBeCloseTo(1 / 3, 15);
    expect(result.subgroups["area"]?.["(missing)"]).toMatchObject({
      count: 1,
      metrics: { mae: 0, r2: null },
    });
    expect(result.subgroups["area"]?.["(missing)"]?.undefined["r2"]).toContain("fewer than two rows");
  });

  it("of class labels: what needs scores is undefined; --positive-class names the class that counts", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "label,score\nyes,0.9\nno,0.2\nyes,0.4\n");
    expect((await evaluate(cwd, "--predictions", "p.csv", "--positive-class", "yes")).code).toBe(0);
    expect(resultIn(cwd).metrics).toMatchObject({ roc_auc: 1, recall: 0.5 });
    tableIn(cwd, "label,prediction\nTrue,True\nFalse,True\n");
    expect((await evaluate(cwd, "--predictions", "p.csv")).code).toBe(0);
    expect(resultIn(cwd)).toMatchObject({ task: "binary", metrics: { roc_auc: null, accuracy: 0.5 } });
  });

  it("of predicted classes as texts, or as 0 and 1 beside labels that are texts", async () => {
    const cwd = temporaryFolder();
    const rows = [
      ["yes", "yes", "1"],
      ["no", "yes", "1"],
      ["yes", "no", "0"],
      ["yes", "yes", "1"],
    ];
    for (const place of [1, 2]) {
      tableIn(cwd, ["label,prediction", ...rows.map((row) => `${row[0]},${row[place]}`), ""].join("\n"));
      const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", "--positive-class", "yes");
      expect(code, stderr).toBe(0);
      expect(resultIn(cwd)).toMatchObject({
        task: "binary",
        positives: 3,
        metrics: { accuracy: 0.5, precision: 2 / 3 },
      });
    }
    tableIn(cwd, "label,prediction\nyes,no\nno,no\n");
    expect((await evaluate(cwd, "--predictions", "p.csv", "--positive-class", "yes")).code).toBe(0);
    expect(resultIn(cwd).metrics).toMatchObject({ accuracy: 0.5, recall: 0 });
    tableIn(cwd, "label,prediction\nyes,ja\nno,nein\n");
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", "--positive-class", "yes");
    expect([code, stderr]).toEqual([
      4,
      expect.stringContaining('"prediction" holds ja, nein, which no label is'),
    ]);
  });

  it("has one identity in any order of rows, with --row-id", async () => {
    const digests: string[] = [];
    for (const rows of ["7,0,0.1\n8,1,0.6\n9,1,0.5\n", "9,1,0.5\n7,0,0.1\n8,1,0.6\n"]) {
      const cwd = temporaryFolder();
      tableIn(cwd, `id,label,score\n${rows}`);
      expect((await evaluate(cwd, "--predictions", "p.csv", "--row-id", "id")).code).toBe(0);
      const { evalSet, scores } = resultIn(cwd);
      expect(evalSet).toMatchObject({ rows: 3, identifiedBy: "row-id" });
      digests.push(`${evalSet.sha256} ${scores.sha256}`);
    }
    expect(digests[0]).toBe(digests[1]);
  });

  it("subgroups called like JavaScript's own properties are groups like any other", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "label,score,g\n0,0.1,__proto__\n1,0.9,__proto__\n1,0.8,constructor\n");
    expect((await evaluate(cwd, "--predictions", "p.csv", "--subgroup", "g")).code).toBe(0);
    const text = readFileSync(path.join(cwd, "evaluation_results.json"), "utf8");
    expect(Object.keys(JSON.parse(text).subgroups.g).sort()).toEqual(["__proto__", "constructor"]);
  });

  it("a dry run looks at the columns and writes nothing", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "label,score\n0,0.1\n");
    const { code, stdout } = await evaluate(cwd, "--predictions", "p.csv", "--dry-run");
    expect([code, stdout.startsWith("Dry run")]).toEqual([0, true]);
    expect(existsSync(path.join(cwd, "evaluation_results.json"))).toBe(false);
  });
});

describe("a subgroup column of floats in Parquet", () => {
  it("has rows without a value in one group, be they null or NaN", async () => {
    const cwd = temporaryFolder();
    const rows = "(0, 0.1, 1.5), (1, 0.9, NULL), (1, 0.8, 'NaN'::DOUBLE)";
    const db = await openDuckDb();
    await db.query(
      `COPY (SELECT * FROM (VALUES ${rows}) AS t(label, score, g)) TO '${path.join(cwd, "p.parquet")}' (FORMAT parquet)`,
    );
    await db.close();
    expect((await evaluate(cwd, "--predictions", "p.parquet", "--subgroup", "g")).code).toBe(0);
    const groups = Object.entries(resultIn(cwd).subgroups["g"] ?? {});
    expect(groups.map(([name, { count }]) => [name, count])).toEqual([
      ["(missing)", 2],
      ["1.5", 1],
    ]);
  });
});

describe("a name in the table", () => {
  it("cannot write lines of its own into the job log", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, 'label,score,"g\nx"\n1,0.9,"a\nPASS\u001b[2K"\n0,0.2,b\n');
    const { stdout, stderr } = await evaluate(cwd, "--predictions", "p.csv", "--subgroup", "g\nx");
    expect(stdout).toContain("  a·PASS·[2K  undefined");
    expect(`${stdout}${stderr}`).not.toContain("\u001b");
    expect(stderr).toContain('subgroups "g·x"');
    expect(Object.keys(resultIn(cwd).subgroups["g\nx"] ?? {})).toEqual(["a\nPASS\u001b[2K", "b"]);
  });
});

describe("a CSV", () => {
  it("is measured as the same rows in Parquet are, also where its names want quotes", async () => {
    const [csv, parquet] = [temporaryFolder(), temporaryFolder()];
    const select =
      'SELECT i AS "row ""id""", i % 3 % 2 AS "a label", (i * 7919 % 1009) / 1009 AS "p, ü", nullif(i % 5, 4) AS "g*h" FROM range(3000) t(i)';
    for (const [cwd, file] of [
      [csv, "p.csv"],
      [parquet, "p.parquet"],
    ] as const)
      await tableOf(cwd, file, select);
    const flags = ["--label", "a label", "--score", "p, ü", "--row-id", 'row "id"', "--subgroup", "g*h"];
    const results = [];
    for (const [cwd, file] of [
      [csv, "p.csv"],
      [parquet, "p.parquet"],
    ] as const) {
      const { code, stderr } = await evaluate(cwd, "--predictions", file, ...flags);
      expect(code, stderr).toBe(0);
      const { startedAt: _start, finishedAt: _end, inputs: _inputs, ...rest } = resultIn(cwd);
      results.push(rest);
    }
    expect(results[0]).toEqual(results[1]);
  });
});

async function tableOf(cwd: string, file: string, select: string): Promise<void> {
  const db = await openDuckDb();
  try {
    await db.query(`COPY (${select}) TO '${path.join(cwd, file)}'`);
  } finally {
    await db.close();
  }
}
