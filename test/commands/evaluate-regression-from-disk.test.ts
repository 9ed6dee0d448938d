import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, parquetIn, resultIn } from "./evaluate-case.ts";
import { endsWhenTold, rowsOf } from "./from-disk-case.ts";

const rows = 200_000;
/** Measured in memory it needs 30 MB. */
const small = ["--memory-limit", "24MB"];
const fromDisk = /^p\.parquet does not fit into memory: measured from disk, (200000|1000000) rows\n/m;
const noise = (seed: number) => `abs(sin(i * 12.9898 + ${seed}) * 43758.5453) % 1`;

interface Values {
  readonly label?: string;
  readonly prediction?: string;
  readonly weight?: string;
  readonly count?: number;
}

const table = ({ label = `-100 * ln(${noise(1)} + 1e-9)`, prediction, weight, count = rows }: Values) =>
  `SELECT i AS id, i * 7919 % 1000003 AS key, 'k' || (i * 7919 % 1000003) AS text, ${label} AS label,
  ${prediction ?? `20 + 80 * ${noise(2)}`} AS prediction, ${weight ?? `3 * ${noise(3)}`} AS weight,
  CASE WHEN i % 7 < 2 THEN 'a' ELSE 'b' END AS g, CASE WHEN i % 7 = 0 THEN NULL ELSE i % 7 // 3 END AS h
  FROM range(${count}) t(i)`;

const groups = ["--subgroup", "g", "--subgroup", "g*h"];
const regression = ["--task", "regression"];
const asked = ["--predictions", "p.parquet", ...regression, ...groups];

/** The result without its times. */
async function resultOf(cwd: string, ...args: string[]) {
  const outcome = await evaluate(cwd, "--predictions", "p.parquet", ...groups, ...args);
  expect(outcome.code, outcome.stderr).toBe(0);
  expect(fromDisk.test(outcome.stderr)).toBe(args.includes("--memory-limit"));
  const { startedAt: _, finishedAt: __, ...result } = resultIn(cwd);
  return { result, notes: outcome.stderr.replace(fromDisk, "") };
}

describe("mlops evaluate of a regression that does not fit into memory", { timeout: 120_000 }, () => {
  it.each([
    ["costs", {}, []],
    [
      "32-bit floats and whole numbers",
      { label: "CAST(i % 11 AS TINYINT)", prediction: "CAST(i % 13 AS FLOAT)" },
      [],
    ],
    [
      "weights, some of them 0",
      { weight: `CASE WHEN i % 13 = 0 THEN 0 ELSE ${noise(3)} END` },
      ["--weight", "weight"],
    ],
  ])("gives the result of one that does: %s", async (_name, values, args) => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", table(values));
    const more = [...args, "--row-id", "id", "--scores-path", "s.parquet"];
    const whole = await resultOf(cwd, ...regression, ...more);
    const kept = await rowsOf(path.join(cwd, "s.parquet"));
    const found = await resultOf(cwd, ...regression, ...more, ...small);
    expect(found.result.metrics).toMatchObject({ rmse: expect.any(Number), pearson: expect.any(Number) });
    expect(found.result).toEqual({ ...whole.result, scores: expect.anything() });
    expect(found.result.scores?.sha256).toBe(whole.result.scores?.sha256);
    expect(found.notes).toBe(whole.notes);
    expect(await rowsOf(path.join(cwd, "s.parquet"))).toEqual(kept);
  });

  it.each(["key", "text"])("gives its digests in the order of the row ids: %s", async (id) => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", table({}));
    const { result } = await resultOf(cwd, ...regression, "--row-id", id);
    expect((await resultOf(cwd, ...regression, "--row-id", id, ...small)).result).toEqual(result);
  });

  it.each([
    ["quantiles", ["--quantile", "0.1=low", "--quantile", "0.9=high", "--row-id", "id"]],
    ["an interval", ["--interval", "0.8=low:high", "--row-id", "key"]],
    [
      "both, with weights",
      ["--quantile", "0.5=prediction", "--interval", "0.8=low:high", "--weight", "weight"],
    ],
  ])("gives the result of one of quantiles and intervals: %s", async (_name, args) => {
    const cwd = temporaryFolder();
    const select = `SELECT *, 90 * ${noise(4)} AS low, CAST(CASE WHEN i = 150000 THEN -1 ELSE 90 + 40 * ${noise(5)} END AS FLOAT) AS high`;
    await parquetIn(
      cwd,
      "p.parquet",
      `${select} FROM (SELECT *, id AS i FROM (${table({ weight: "i % 3", count: 1_000_000 })}))`,
    );
    const more = [...args, "--scores-path", "s.parquet"];
    const whole = await resultOf(cwd, ...more);
    const kept = await rowsOf(path.join(cwd, "s.parquet"));
    const found = await resultOf(cwd, ...more, "--memory-limit", "50MB");
    expect(found.result).toEqual({ ...whole.result, scores: expect.anything() });
    expect(found.result.scores?.sha256).toBe(whole.result.scores?.sha256);
    expect(found.notes).toBe(whole.notes);
    expect(found.notes.includes("the wrong way round")).toBe(args.includes("--interval"));
    expect(await rowsOf(path.join(cwd, "s.parquet"))).toEqual(kept);
  });

  it("names rows that cannot be measured by their numbers in the table", async () => {
    const cwd = temporaryFolder();
    const prediction = "CASE i WHEN 7 THEN NULL WHEN 190000 THEN 'nan'::DOUBLE ELSE i / 3e6 END";
    const weight = "CASE WHEN i IN (1, 150000) THEN -1 ELSE 1 END";
    await parquetIn(cwd, "p.parquet", table({ prediction, weight }));
    const outcome = await evaluate(cwd, ...asked, "--weight", "weight", ...small);
    expect([outcome.code, readdirSync(cwd)]).toEqual([4, ["p.parquet"]]);
    expect(outcome.stderr).toContain(
      `the prediction column "prediction" has 2 of ${rows} values that are no numbers: row 8 is missing, row 190001 is "nan"`,
    );
    expect(outcome.stderr).toContain(
      `the weight column "weight" has 2 of ${rows} values below 0, which no weight is: row 2 is "-1", row 150001 is "-1"`,
    );
  });

  it.each([
    [
      "nothing but weights of 0",
      { weight: "0" },
      ["--weight", "weight"],
      "that are 0, so nothing would count",
    ],
    ["row ids that are missing", {}, ["--row-id", "h"], "row ids (h) are missing"],
    ["row ids that stand twice", {}, ["--row-id", "g"], "199998 row ids stand more than once"],
    ["a score beside the prediction", {}, ["--score", "weight"], "Measured from disk are two classes"],
  ])("is refused with %s", async (_name, values, args, message) => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", table(values));
    const outcome = await evaluate(cwd, ...asked, ...args, ...small);
    expect([outcome.code, outcome.stderr]).toEqual([4, expect.stringContaining(message)]);
    expect(readdirSync(cwd)).toEqual(["p.parquet"]);
  });

  it("ends at once when it is told to, and leaves nothing", async () => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", table({ count: 1_000_000 }));
    const args = ["evaluate", ...asked, ...small];
    await endsWhenTold({ cwd, args, whenThere: /^scratch-[1-9]+\.column$/ });
  });
});
