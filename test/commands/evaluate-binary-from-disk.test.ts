import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, parquetIn, resultIn } from "./evaluate-case.ts";

const rows = 2_100_000;
/** Predicted classes need 12 bytes a row, and DuckDB some 40 MB to sort row ids. */
const manyRows = 4_000_000;
const fromDisk = "p.parquet does not fit into memory: measured from disk";

/** `i` in another order, from 0 to 1. */
const share = "CAST((i * 7919 % 1000003) / 1000003 AS DOUBLE)";

function table({ score = share, weight = "1.0", count = rows } = {}): string {
  return `SELECT i * 7919 % 5000011 AS id, i * 6007 % 11 < 4 AS label, ${score} AS score, i * 5003 % 13 < 5 AS predicted,
    CAST(${weight} AS DOUBLE) AS w, CASE WHEN i % 7 < 2 THEN 'a' ELSE 'b' END AS g FROM range(${count}) t(i)`;
}

/** The result without its times. */
async function resultOf(cwd: string, ...args: string[]) {
  const outcome = await evaluate(cwd, "--predictions", "p.parquet", "--label", "label", ...args);
  expect(outcome.code, outcome.stderr).toBe(0);
  expect(outcome.stderr.includes(fromDisk)).toBe(args.includes("--memory-limit"));
  const { startedAt: _, finishedAt: __, ...result } = resultIn(cwd);
  return { ...result, warnings: outcome.stderr.split("\n").filter((line) => line.startsWith("warning:")) };
}

/** Of the same table in memory and from disk. */
async function bothWays(cwd: string, limit: string, ...args: string[]) {
  const whole = await resultOf(cwd, ...args);
  return { whole, stored: await resultOf(cwd, ...args, "--memory-limit", limit) };
}

describe("mlops evaluate of two classes that do not fit into memory", { timeout: 120_000 }, () => {
  it.each([
    ["of any size", share, "i % 1013 * 0.37 + i % 5 + 1e-9"],
    ["of which many are 0", `CASE WHEN i % 3 = 0 THEN 0.25 ELSE ${share} END`, "i % 4 // 2 * 0.1"],
    ["of 32-bit scores of both signs", `CAST(ln(${share} + 1e-3) AS FLOAT)`, "1 + i % 3"],
  ])("measures weights %s as in memory, and says the same of them", async (_name, score, weight) => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", table({ score, weight }));
    const args = ["--score", "score", "--weight", "w", "--subgroup", "g", "--row-id", "id"];
    const { whole, stored } = await bothWays(cwd, "44MB", ...args);
    expect(stored).toEqual(whole);
    expect(whole.warnings.join().includes("have weight 0")).toBe(weight.includes("//"));
  });

  it("measures predicted classes as in memory, with weights too", async () => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", table({ weight: "i % 7 * 0.1", count: manyRows }));
    const args = ["--task", "binary", "--prediction", "predicted", "--subgroup", "g", "--row-id", "id"];
    const weighted = await bothWays(cwd, "44MB", ...args, "--weight", "w");
    expect(weighted.stored).toEqual(weighted.whole);
    expect(weighted.whole.scores).toMatchObject({ kind: "prediction" });
  });

  it("keeps predicted classes as in memory", async () => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", table({ count: manyRows }));
    const args = [
      "--label",
      "label",
      "--prediction",
      "predicted",
      "--row-id",
      "id",
      "--scores-path",
      "s.parquet",
    ];
    const kept: unknown[] = [];
    for (const limit of [[], ["--memory-limit", "44MB"]]) {
      const outcome = await evaluate(cwd, "--predictions", "p.parquet", ...args, ...limit);
      expect(outcome.code, outcome.stderr).toBe(0);
      expect(outcome.stderr.includes("measured from disk")).toBe(limit.length > 0);
      const { metrics, scores, evalSet } = resultIn(cwd);
      expect((await evaluate(cwd, "--predictions", "s.parquet", "--row-id", "row_id")).code).toBe(0);
      expect(resultIn(cwd)).toMatchObject({ metrics, evalSet, scores: { sha256: scores?.sha256 } });
      kept.push({ metrics, evalSet, sha256: scores?.sha256 });
    }
    expect(kept[1]).toEqual(kept[0]);
  });

  it("measures millions of scores that are nearly equal as in memory", async () => {
    const cwd = temporaryFolder();
    // All but some are within 1e-9 of each other, in one cell of scores.
    const score = `CASE WHEN i % 1000 = 0 THEN ${share} ELSE 0.5 + i * 4e-16 END`;
    await parquetIn(cwd, "p.parquet", table({ score, weight: "i % 3 + 0.1" }));
    for (const weight of [[], ["--weight", "w"]]) {
      const args = ["--score", "score", "--subgroup", "g", ...weight];
      const { whole, stored } = await bothWays(cwd, "38MB", ...args);
      expect(stored).toEqual(whole);
    }
  });

  it.each([
    [
      "below 0",
      "CASE i WHEN 5 THEN -1 WHEN 2000000 THEN -0.5 ELSE 1 END",
      'has 2 of 2100000 values below 0, which no weight is: row 6 is "-1.0", row 2000001 is "-0.5"',
    ],
    ["that are all 0", "0", "has 2100000 of 2100000 values that are 0, so nothing would count: row 1 is"],
    ["that are missing", "CASE WHEN i = 1999999 THEN NULL ELSE 1 END", "no numbers: row 2000000 is missing"],
  ])("refuses weights %s as in memory", async (_name, weight, message) => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", table({ weight }));
    const args = ["--predictions", "p.parquet", "--label", "label", "--score", "score", "--weight", "w"];
    for (const limit of [[], ["--memory-limit", "40MB"]]) {
      const outcome = await evaluate(cwd, ...args, ...limit);
      expect([outcome.code, outcome.stderr]).toEqual([4, expect.stringContaining(message)]);
    }
  });
});
