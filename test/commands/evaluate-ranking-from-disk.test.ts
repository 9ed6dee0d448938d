import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openDuckDb } from "../../src/data/engine/duckdb.ts";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, parquetIn, resultIn } from "./evaluate-case.ts";
import { endsWhenTold, rowsOf } from "./from-disk-case.ts";

const rows = 1_000_000;

/** A number in [0, 1) of a row. */
const draw = (seed: number) => `(hash(i * 64 + ${seed}) % 1000003) / 1000003.0::DOUBLE`;

/**
 * Queries of one row, one of 20,000 rows and about 60,000 others; every fifth has no relevant row; a quarter of the scores are of twenty
 * values. Groups are missing in some rows.
 */
const ranked = (
  count = rows,
) => `SELECT *, CASE WHEN q % 5 = 0 THEN 0 ELSE greatest(0, floor(8 * (0.4 * score + 0.6 * chance) - 4)) / 2 END AS label
  FROM (SELECT i AS id, i * 7919 % 6000023 AS key, 'k' || i * 7919 % 6000023 AS name, ${draw(1)} AS chance,
    CASE WHEN i < 5000 THEN 100000 + i WHEN i % 50 = 0 THEN 7 ELSE (hash(i * 64) % 60000)::BIGINT END AS q,
    CASE WHEN i % 4 = 0 THEN floor(20 * ${draw(2)}) / 20 ELSE ${draw(2)} END AS score,
    floor(300 * ${draw(3)})::INT AS prediction,
    CASE WHEN i % 7 < 2 THEN 'a' ELSE 'b' END AS g, CASE WHEN i % 7 = 0 THEN NULL ELSE i % 7 // 3 END AS h FROM range(${count}) t(i))`;

const replaced = (columns: string, count = rows) => `SELECT * REPLACE (${columns}) FROM (${ranked(count)})`;
const texts = "'query ' || q AS q";
/** 0 and -0 are two queries, as in their texts. */
const doubles = "CASE q % 100 WHEN 1 THEN -0.0::DOUBLE WHEN 2 THEN 0.0::DOUBLE ELSE q / 8 END AS q";

const task = ["--task", "ranking", "--query", "q"];
const scored = [...task, "--score", "score"];
const subgroups = ["--subgroup", "g", "--subgroup", "g*h"];

/** The result without its times. */
async function resultOf(cwd: string, table: string, ...args: string[]) {
  const outcome = await evaluate(cwd, "--predictions", table, ...args);
  expect(outcome.code, outcome.stderr).toBe(0);
  const fromDisk = `${table} does not fit into memory: measured from disk, `;
  expect(outcome.stderr.includes(fromDisk), outcome.stderr).toBe(args.includes("--memory-limit"));
  const { startedAt: _, finishedAt: __, ...result } = resultIn(cwd);
  return result;
}

/** Measures a table in memory and from disk. */
async function compared(cwd: string, table: string, args: readonly string[], limit: string): Promise<void> {
  const kept = [...args, "--scores-path", "s.parquet"];
  const whole = await resultOf(cwd, table, ...kept);
  const wholeRows = await rowsOf(path.join(cwd, "s.parquet"));
  const stored = await resultOf(cwd, table, ...kept, "--memory-limit", limit);
  expect(stored).toEqual({ ...whole, scores: expect.anything() });
  expect({ ...stored.scores, file: undefined }).toEqual({ ...whole.scores, file: undefined });
  expect(await rowsOf(path.join(cwd, "s.parquet"))).toEqual(wholeRows);
}

describe("mlops evaluate of a ranking that does not fit into memory", { timeout: 240_000 }, () => {
  it.each([
    ["subgroups", ranked(), [...scored, ...subgroups, "--row-id", "id"], "30MB"],
    [
      "rows that stand in no order of their ids",
      ranked(),
      [...scored, "--row-id", "key", "--k", "3"],
      "30MB",
    ],
    [
      "32-bit scores of queries with names",
      replaced(`${texts}, score::FLOAT AS score`, 2 * rows),
      [...scored, "--row-id", "name", "--subgroup", "h", "--threads", "1"],
      "50MB",
    ],
    ["predictions", ranked(1_300_000), [...task, "--prediction", "prediction", ...subgroups], "32MB"],
    ["queries that are doubles", replaced(doubles), [...scored, "--subgroup", "g"], "30MB"],
  ])("gives the result of a table that does: %s", async (_name, table, args, limit) => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", table);
    await compared(cwd, "p.parquet", args, limit);
  });

  it("gives the result of a CSV that does", async () => {
    const cwd = temporaryFolder();
    const db = await openDuckDb();
    try {
      await db.query(
        `COPY (SELECT q, score, label, g FROM (${ranked(2_600_000)})) TO '${path.join(cwd, "p.csv")}'`,
      );
    } finally {
      await db.close();
    }
    await compared(cwd, "p.csv", [...scored, "--subgroup", "g"], "80MB");
  });

  it("names rows that cannot be measured by their numbers in the table", async () => {
    const cwd = temporaryFolder();
    const bad = `CASE WHEN id IN (70000, 900000) THEN NULL ELSE q END AS q, CASE id WHEN 800000 THEN -1 ELSE label END AS label,
      CASE id WHEN 7 THEN 'nan'::DOUBLE ELSE score END AS score`;
    await parquetIn(cwd, "p.parquet", replaced(bad));
    const whole = await evaluate(cwd, "--predictions", "p.parquet", ...scored);
    const outcome = await evaluate(cwd, "--predictions", "p.parquet", ...scored, "--memory-limit", "24MB");
    expect(outcome.code).toBe(4);
    for (const sentence of [
      `the label column "label" has 1 of ${rows} values below 0, which no relevance is: row 800001 is "-1.0"`,
      `the score column "score" has 1 of ${rows} values that are no numbers: row 8 is "nan"`,
      `the query column "q" has 2 of ${rows} values that are missing: row 70001 is missing, row 900001 is missing`,
    ]) {
      expect(outcome.stderr).toContain(sentence);
      expect(whole.stderr).toContain(sentence);
    }
  });

  it.each([
    ["a query of too many rows", replaced("1 AS q"), [], 4, "one of its queries has more than the "],
    [
      "too many subgroups",
      replaced("id % 240 AS g"),
      ["--subgroup", "g", "--max-groups", "300"],
      4,
      "figures of subgroups",
    ],
    ["weights", ranked(), ["--weight", "id"], 2, "--weight weighs rows, and a ranking is measured by query"],
  ])("is refused with %s", async (_name, table, args, code, sentence) => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", table);
    const outcome = await evaluate(
      cwd,
      "--predictions",
      "p.parquet",
      ...scored,
      ...args,
      "--memory-limit",
      "24MB",
    );
    expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringContaining(sentence)]);
    expect(readdirSync(cwd)).toEqual(["p.parquet"]);
  });

  it("ends at once when it is told to, and leaves nothing", async () => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", ranked());
    const args = ["evaluate", "--predictions", "p.parquet", ...scored, "--memory-limit", "24MB"];
    await endsWhenTold({ cwd, args, whenThere: /^score\.column$/ });
  });
});
