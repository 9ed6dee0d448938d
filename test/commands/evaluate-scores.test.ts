import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openDuckDb } from "../../src/data/engine/duckdb.ts";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, resultIn, tableIn } from "./evaluate-case.ts";

async function rowsOf(file: string) {
  const db = await openDuckDb();
  try {
    return await db.query(`SELECT * FROM '${file}'`);
  } finally {
    await db.close();
  }
}

describe("kept scores", () => {
  it("hold row id, label, score, weight and subgroups, and are measured as the table was", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "n,truth,p,w,label\nb,no,0.1,1,x\na,yes,0.75,2,y\nc,yes,0.5,1,\n");
    const roles = ["--label", "truth", "--positive-class", "yes", "--score", "p", "--row-id", "n"];
    const more = ["--weight", "w", "--subgroup", "label", "--scores-path", "kept/s.parquet"];
    const first = await evaluate(cwd, "--predictions", "p.csv", ...roles, ...more);
    expect(first.code, first.stderr).toBe(0);
    const before = resultIn(cwd);
    const file = path.join(cwd, "kept", "s.parquet");
    expect(readdirSync(path.join(cwd, "kept"))).toEqual(["s.parquet"]);
    expect(before.scores.file).toEqual({
      uri: "kept/s.parquet",
      sha256: createHash("sha256").update(readFileSync(file)).digest("hex"),
    });
    const rest = { weight: "1", subgroup_label: "x" };
    expect((await rowsOf(file))[0]).toEqual({ row_id: "b", label: 0, score: 0.1, ...rest });
    const again = ["--row-id", "row_id", "--weight", "weight", "--subgroup", "subgroup_label"];
    expect((await evaluate(cwd, "--predictions", "kept/s.parquet", ...again)).code).toBe(0);
    const after = resultIn(cwd);
    expect(after.metrics).toEqual(before.metrics);
    expect([after.evalSet, after.scores.sha256]).toEqual([before.evalSet, before.scores.sha256]);
    expect(Object.values(after.subgroups)).toEqual(Object.values(before.subgroups));
  });

  it("of classes, quantiles and numbers are found again by name", async () => {
    const cwd = temporaryFolder();
    tableIn(
      cwd,
      "label,probability_a,probability_b,target,low,high,prediction\na,0.9,0.1,1,0,2,1.5\nb,0.4,0.6,2,1,2,2.5\n",
    );
    const keep = ["--scores-path", "s.parquet"];
    const file = path.join(cwd, "s.parquet");
    const task = ["--task", "multiclass", "--class", "a", "--class", "b"];
    expect((await evaluate(cwd, "--predictions", "p.csv", ...task, ...keep)).code).toBe(0);
    expect((await rowsOf(file))[1]).toEqual({ label: "b", probability_a: 0.4, probability_b: 0.6 });
    const quantile = ["--label", "target", "--quantile", "0.9=high", "--interval", "0.8=low:high"];
    expect((await evaluate(cwd, "--predictions", "p.csv", ...quantile, ...keep)).code).toBe(0);
    expect((await rowsOf(file))[0]).toEqual({
      label: 1,
      "quantile_0.9": 2,
      "interval_0.8_lower": 0,
      "interval_0.8_upper": 2,
    });
  });

  it("of an earlier start are gone where this one fails; without --scores-path a table keeps none", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "label,score\n0,0.1\n1,0.9\n");
    const keep = ["--predictions", "p.csv", "--scores-path", "s.parquet"];
    expect((await evaluate(cwd, ...keep)).code).toBe(0);
    tableIn(cwd, "label,score\n0,0.1\n7,0.9\n");
    expect((await evaluate(cwd, ...keep)).code).toBe(4);
    expect(existsSync(path.join(cwd, "s.parquet"))).toBe(false);
    tableIn(cwd, "label,score\n0,0.1\n1,0.9\n");
    expect((await evaluate(cwd, "--predictions", "p.csv")).code).toBe(0);
    expect(resultIn(cwd).scores.file).toBeNull();
    expect(readdirSync(cwd).sort()).toEqual(["evaluation_results.json", "p.csv"]);
  });
});
