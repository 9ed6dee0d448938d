import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openDuckDb } from "../../src/data/engine/duckdb.ts";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, parquetIn, resultIn } from "./evaluate-case.ts";
import { endsWhenTold, rowsOf } from "./from-disk-case.ts";

const rows = 400_000;
const small = ["--memory-limit", "24MB"];
const fromDisk = /^p\.parquet does not fit into memory: measured from disk, 400000 rows\n/m;
/** Who waits for long is told how long. */
const waiting = /^.+ \(\d of 3\) · .+\n/gm;
const draw = (seed: number) => `(hash(i * 64 + ${seed}) % 1000003) / 1000003.0::DOUBLE`;

/** Of about 20,000 series, whose rows stand all over the table, some of one row; a seventh of the groups is missing. */
const forecasts = (
  columns = "id AS id",
) => `SELECT * REPLACE (${columns}) FROM (SELECT i AS id, i * 7919 % 1000003 AS key,
  'k' || (i * 7919 % 1000003) AS text, i AS i, -100 * ln(${draw(1)} + 1e-9) AS label, 20 + 80 * ${draw(2)} AS prediction,
  3 * ${draw(3)} AS weight, 1 + floor(20 * ${draw(4)}) / 4 AS scale, 15 * ${draw(5)} AS p10, 40 + 60 * ${draw(6)} AS p90,
  floor(20000 * sqrt(${draw(7)}))::INT AS shop, 1 + i % 13 AS week,
  CASE WHEN i % 7 < 2 THEN 'a' ELSE 'b' END AS g, CASE WHEN i % 7 = 0 THEN NULL ELSE i % 7 // 3 END AS h FROM range(${rows}) t(i))`;

/** Two years of each series, in no order of time or series. */
const history = (columns = "shop AS shop") =>
  `SELECT * REPLACE (${columns}) FROM (SELECT i % 20000 AS shop, i // 20000 AS time, 50 * ${draw(8)} AS label
  FROM range(480000) t(i)) ORDER BY hash(shop * 100 + time)`;

const task = ["--predictions", "p.parquet", "--task", "forecasting"];
const series = ["--series", "shop", "--horizon", "week"];
const groups = ["--subgroup", "g", "--subgroup", "g*h"];
const spread = ["--quantile", "0.1=p10", "--quantile", "0.9=p90", "--interval", "0.8=p10:p90"];
const trained = ["--history", "h.parquet"];

/** The result without its times. */
async function resultOf(cwd: string, ...args: string[]) {
  const outcome = await evaluate(cwd, ...task, ...args);
  expect(outcome.code, outcome.stderr).toBe(0);
  expect(fromDisk.test(outcome.stderr), outcome.stderr).toBe(args.includes("--memory-limit"));
  const { startedAt: _, finishedAt: __, ...result } = resultIn(cwd);
  return { result, notes: outcome.stderr.replace(fromDisk, "").replaceAll(waiting, "") };
}

/** Measures a table in memory and from disk; answers the metrics. */
async function compared(cwd: string, args: readonly string[], limit = "24MB") {
  const kept = [...args, "--scores-path", "s.parquet"];
  const whole = await resultOf(cwd, ...kept);
  const wholeRows = await rowsOf(path.join(cwd, "s.parquet"));
  const stored = await resultOf(cwd, ...kept, "--memory-limit", limit);
  expect(stored.result).toEqual({ ...whole.result, scores: expect.anything() });
  expect({ ...stored.result.scores, file: undefined }).toEqual({ ...whole.result.scores, file: undefined });
  expect(JSON.stringify(Object.keys(stored.result.metrics))).toBe(
    JSON.stringify(Object.keys(whole.result.metrics)),
  );
  expect(stored.notes).toBe(whole.notes);
  expect(await rowsOf(path.join(cwd, "s.parquet"))).toEqual(wholeRows);
  return stored;
}

describe("mlops evaluate of forecasts that do not fit into memory", { timeout: 240_000 }, () => {
  // DuckDB sorts wide rows, and by names, in no less than a little more.
  it.each<[string, string, string[], string?]>([
    ["truths and forecasts alone", forecasts(), ["--row-id", "id"]],
    ["one scale of all", forecasts(), [...series, "--training-mae", "12.5", "--row-id", "key"]],
    [
      "scales by row, weights, quantiles, horizons and subgroups",
      forecasts(
        "CASE WHEN i % 13 = 0 THEN 0 ELSE weight END AS weight, CASE i WHEN 7 THEN 999 ELSE p10 END AS p10",
      ),
      [
        ...series,
        ...groups,
        ...spread,
        "--training-mae",
        "scale",
        "--training-rmse",
        "weight",
        "--weight",
        "weight",
      ],
      "40MB",
    ],
    [
      "series with names, and row ids that are texts",
      forecasts("'shop ' || shop AS shop"),
      [...series, "--training-rmse", "scale", "--row-id", "text"],
      "32MB",
    ],
    ["scales without series", forecasts(), ["--training-mae", "scale", "--subgroup", "g"]],
  ])("gives the result of a table that does: %s", async (_name, table, args, limit) => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", table);
    const { result } = await compared(cwd, args, limit);
    expect(result.metrics).toMatchObject({ rmse: expect.any(Number), smape: expect.any(Number) });
    expect([result.metrics["mase"], result.metrics["rmsse"]].some((value) => typeof value === "number")).toBe(
      args.some((arg) => arg.startsWith("--training")),
    );
  });

  it.each<[string, string, string, string[], string?]>([
    ["whole numbers", forecasts(), history(), [...series, "--subgroup", "g", "--season", "12"]],
    [
      "names",
      forecasts("'shop ' || shop AS shop"),
      history("'shop ' || shop AS shop"),
      [...series, "--weight", "weight"],
      "40MB",
    ],
    [
      "numbers that are texts in one of the tables",
      forecasts(),
      history("shop::VARCHAR AS shop, time::VARCHAR AS time"),
      [...series, "--quantile", "0.5=prediction"],
      "32MB",
    ],
    ["one for all rows", forecasts(), `SELECT label, shop * 100 + time AS time FROM (${history()})`, groups],
  ])("scales by a history: %s", async (_name, table, training, args, limit) => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", table);
    await parquetIn(cwd, "h.parquet", training);
    const { result } = await compared(cwd, [...trained, ...args], limit);
    expect(result.metrics).toMatchObject({ mase: expect.any(Number), rmsse: expect.any(Number) });
    expect(result.inputs.map((one) => [one.role, one.uri])).toEqual([
      ["predictions", "p.parquet"],
      ["training series", "h.parquet"],
    ]);
  });

  it("gives the result of CSVs that do", async () => {
    const cwd = temporaryFolder();
    const db = await openDuckDb();
    try {
      const large = `SELECT shop, label, prediction, g FROM (${forecasts()}), range(3)`;
      await db.query(`COPY (${large}) TO '${path.join(cwd, "p.csv")}'`);
      await db.query(`COPY (${history()}) TO '${path.join(cwd, "h.csv")}'`);
    } finally {
      await db.close();
    }
    const args = ["--predictions", "p.csv", "--task", "forecasting", "--series", "shop", "--subgroup", "g"];
    const results = [[], ["--memory-limit", "90MB"]].map(async (limit) => {
      const outcome = await evaluate(
        cwd,
        ...args,
        "--history",
        "h.csv",
        ...limit,
        "--output-path",
        `r${limit.length}`,
      );
      expect([outcome.code, outcome.stderr.includes("measured from disk")]).toEqual([0, limit.length > 0]);
      const {
        startedAt: _,
        finishedAt: __,
        ...result
      } = JSON.parse(readFileSync(path.join(cwd, `r${limit.length}`), "utf8"));
      return result;
    });
    const [whole, stored] = await Promise.all(results);
    expect(whole.metrics).toMatchObject({ mase: expect.any(Number) });
    expect(stored).toEqual(whole);
  });

  it.each([
    [
      "series that it lacks",
      `SELECT * FROM (${history()}) WHERE shop NOT IN (2, 10, 100, 1000, 11, 19, 77)`,
      "no rows of 7 series of the forecasts: 10, 100, 1000, 11, 19, …",
    ],
    [
      "series that are too short",
      `SELECT * FROM (${history()}) WHERE shop NOT IN (2, 10) OR time < 3`,
      "2 series have no two values 5 steps apart: 10, 2 (--season)",
    ],
    [
      "a time that stands twice",
      `(${history()}) UNION ALL SELECT 5, 3, 1.0`,
      "a time (time) stands more than once in one series",
    ],
    [
      "one row of no series",
      history("CASE WHEN shop = 7 AND time = 3 THEN NULL ELSE shop END AS shop"),
      "rows have no series (shop)",
    ],
    [
      "values that are none",
      history("CASE WHEN time = 1 AND shop < 5 THEN 'nan' ELSE label END AS label"),
      "5 of 480000 values of label are no numbers",
    ],
  ])("refuses a history with %s, as for a table in memory", async (_name, training, message) => {
    const cwd = temporaryFolder();
    // The series of each number has rows.
    await parquetIn(cwd, "p.parquet", forecasts("i % 20000 AS shop"));
    await parquetIn(cwd, "h.parquet", training);
    const args = [...task, ...series, ...trained, "--season", "5"];
    const whole = await evaluate(cwd, ...args);
    const stored = await evaluate(cwd, ...args, ...small);
    expect([stored.code, stored.stderr]).toEqual([4, expect.stringContaining(message)]);
    expect([stored.code, stored.stderr]).toEqual([whole.code, whole.stderr]);
    expect(readdirSync(cwd).sort()).toEqual(["h.parquet", "p.parquet"]);
  });

  it("names rows that cannot be measured by their numbers in the table", async () => {
    const cwd = temporaryFolder();
    const bad = `CASE WHEN i IN (7, 250000) THEN 'nan' ELSE label END AS label, CASE i WHEN 8 THEN 'inf' ELSE prediction END AS prediction,
      CASE i WHEN 150000 THEN -2 ELSE scale END AS scale, CASE i WHEN 390000 THEN NULL ELSE shop END AS shop,
      CASE i WHEN 5 THEN -1 ELSE weight END AS weight`;
    await parquetIn(cwd, "p.parquet", forecasts(bad));
    const args = [...task, ...series, "--training-mae", "scale", "--weight", "weight"];
    const whole = await evaluate(cwd, ...args);
    const stored = await evaluate(cwd, ...args, ...small);
    expect([stored.code, stored.stderr]).toEqual([4, whole.stderr]);
    for (const sentence of [
      `the label column "label" has 2 of ${rows} values that are no numbers: row 8 is "nan", row 250001 is "nan"`,
      `the series column "shop" has 1 of ${rows} values that are missing: row 390001 is missing`,
      `the training error column "scale" has 1 of ${rows} values below 0, which no error is: row 150001 is "-2.0"`,
    ])
      expect(stored.stderr).toContain(sentence);
  });

  it("says that a training series never changes, as of a table in memory", async () => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", forecasts("CASE WHEN shop % 5 = 0 THEN 0 ELSE scale END AS scale"));
    const { result } = await compared(cwd, [...series, "--training-mae", "scale", "--subgroup", "g"]);
    expect(result.undefined["mase"]).toMatch(/^zero division: the training series of \d+ of 400000 rows/);
  });

  it.each([
    ["row ids that stand twice", ["--row-id", "g"], "399998 row ids stand more than once"],
    ["horizons of too many values", ["--horizon", "shop"], 'the horizon column "shop" has'],
  ])("is refused with %s", async (_name, args, message) => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", forecasts());
    const outcome = await evaluate(cwd, ...task, ...args, ...small);
    expect([outcome.code, outcome.stderr]).toEqual([4, expect.stringContaining(message)]);
    expect(readdirSync(cwd)).toEqual(["p.parquet"]);
  });

  it("ends at once when it is told to, and leaves nothing", async () => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", forecasts());
    const args = ["evaluate", ...task, ...series, "--training-mae", "scale", ...small];
    await endsWhenTold({ cwd, args, whenThere: /^by-series-truths\.column$/ });
  });
});
