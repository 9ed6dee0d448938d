import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, parquetIn, resultIn } from "./evaluate-case.ts";
import { endsWhenTold, rowsOf } from "./from-disk-case.ts";

const rows = 2_000_000;
/** The arrays of a table of doubles need 40 MB. */
const small = ["--memory-limit", "38MB"];
const fromDisk = `p.parquet does not fit into memory: measured from disk, ${rows} rows`;

/** `score` of another `i`. */
const table = (score: string) =>
  `SELECT i AS id, i * 7919 % 11 < 4 AS label, ${score} AS score, CASE WHEN i % 7 < 2 THEN 'a' ELSE 'b' END AS g,
  CASE WHEN i % 7 = 0 THEN NULL ELSE i % 7 // 3 END AS h FROM range(${rows}) t(i)`;

const columns = ["--label", "label", "--score", "score", "--subgroup", "g", "--subgroup", "g*h"];

/** The result without its times. */
async function resultOf(cwd: string, ...args: string[]) {
  const outcome = await evaluate(cwd, "--predictions", "p.parquet", ...columns, ...args);
  expect(outcome.code, outcome.stderr).toBe(0);
  expect(outcome.stderr.includes(fromDisk)).toBe(args.includes("--memory-limit"));
  const { startedAt: _, finishedAt: __, ...result } = resultIn(cwd);
  return result;
}

describe("mlops evaluate of a table that does not fit into memory", { timeout: 120_000 }, () => {
  it.each([
    ["float64 scores", "CAST((i * 7919 % 1000003) / 1000003 AS DOUBLE)"],
    ["float32 scores of either sign", "CAST(ln((i * 7919 % 1000003 + 1) / 500000) AS FLOAT)"],
    ["a third of them equal", "CASE WHEN i % 3 = 0 THEN 0.25 ELSE (i * 7919 % 1000003) / 1000003 END"],
  ])("gives the result of a table that does: %s", async (_name, score) => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", table(score));
    const args = ["--row-id", "id", "--scores-path", "s.parquet"];
    const whole = await resultOf(cwd, ...args);
    const kept = await rowsOf(path.join(cwd, "s.parquet"));
    const limit = score.includes("FLOAT") ? ["--memory-limit", "23MB"] : small;
    expect(await resultOf(cwd, ...args, ...limit)).toEqual({ ...whole, scores: expect.anything() });
    expect(resultIn(cwd).scores?.sha256).toBe(whole.scores?.sha256);
    expect(await rowsOf(path.join(cwd, "s.parquet"))).toEqual(kept);
  });

  it("names rows that cannot be measured by their numbers in the table", async () => {
    const cwd = temporaryFolder();
    const score = "CASE i WHEN 7 THEN NULL WHEN 1900000 THEN 'nan'::DOUBLE ELSE i / 3e6 END";
    await parquetIn(cwd, "p.parquet", table(score));
    const outcome = await evaluate(cwd, "--predictions", "p.parquet", ...columns, ...small);
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain(
      `the score column "score" has 2 of ${rows} values that are no numbers: row 8 is missing, row 1900001 is "nan"`,
    );
  });

  it.each([
    ["numbers", "i * 7919 % 3000017"],
    ["texts", "'k' || (i * 7919 % 3000017)"],
  ])("gives its digests in the order of the row ids: %s", async (_name, key) => {
    const cwd = temporaryFolder();
    await parquetIn(
      cwd,
      "p.parquet",
      `SELECT *, ${key} AS key FROM (${table("i / 3e6")}) t(i, label, score, g, h)`,
    );
    const whole = await resultOf(cwd, "--row-id", "key");
    expect(await resultOf(cwd, "--row-id", "key", "--threads", "1", ...small)).toEqual(whole);
  });

  it("is refused with a task that is measured in memory only", async () => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", table("i / 3e6"));
    const survival = ["--task", "survival", "--duration", "id", "--event", "label", "--score", "score"];
    const outcome = await evaluate(cwd, "--predictions", "p.parquet", ...survival, ...small);
    expect([outcome.code, outcome.stderr]).toEqual([
      4,
      expect.stringContaining("Measured from disk are two classes"),
    ]);
    expect(readdirSync(cwd)).toEqual(["p.parquet"]);
  });

  it.each([
    ["row ids that are missing", ["--row-id", "h"], "row ids (h) are missing"],
    ["row ids that stand twice", ["--row-id", "g"], "1999998 row ids stand more than once"],
  ])("is refused with %s", async (_name, args, message) => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", table("i / 3e6"));
    const outcome = await evaluate(cwd, "--predictions", "p.parquet", ...columns, ...args, ...small);
    expect([outcome.code, outcome.stderr]).toEqual([4, expect.stringContaining(message)]);
    expect(readdirSync(cwd)).toEqual(["p.parquet"]);
  });

  it("ends at once when it is told to, and leaves nothing", async () => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", table("i / 3e6"));
    const args = ["evaluate", "--predictions", "p.parquet", ...columns, ...small];
    await endsWhenTold({ cwd, args, whenThere: /^sorted-payloads\.column$/ });
  });
});
