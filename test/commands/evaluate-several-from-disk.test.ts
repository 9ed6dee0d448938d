import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, parquetIn, resultIn } from "./evaluate-case.ts";
import { endsWhenTold, rowsOf } from "./from-disk-case.ts";

const rows = 1_000_000;
const fromDisk = "p.parquet does not fit into memory: measured from disk, ";

/** A number in [0, 1) of a row. */
const draw = (seed: number) => `(hash(i, ${seed}) % 1000003) / 1000003.0::DOUBLE`;
const groups = `CASE WHEN i % 7 < 2 THEN 'a' ELSE 'b' END AS g, CASE WHEN i % 7 = 0 THEN NULL ELSE i % 7 // 3 END AS h`;
const ids = `i AS id, i * 7919 % 6000023 AS key, 'k' || i * 7919 % 6000023 AS name, ${groups}`;

/** Of three classes; a fifth of the probabilities is 0. */
const classes = (width = "DOUBLE", count = rows) =>
  `SELECT ${ids}, (['ant', 'bee', 'cat'])[1 + (i * 31 % 3)::INT] AS label, (['ant', 'bee', 'cat'])[1 + (i * 31 % 7 % 3)::INT] AS prediction,
  CASE WHEN i % 5 = 0 THEN 0 ELSE ${draw(1)} / 2 END::${width} AS probability_ant, (${draw(2)} / 2)::${width} AS probability_bee,
  0.25::${width} AS probability_cat FROM range(${count}) t(i)`;

/** Of three labels. */
const predicted = `SELECT ${ids}, ${[0, 1, 2]
  .map(
    (place) =>
      `(hash(i, ${place}) % 10 < 3)::TINYINT AS label_l${place}, (${draw(place + 9)} / 2 + (hash(i, ${place}) % 10 < 3)::INT * 0.2) AS score_l${place},
      (hash(i, ${place + 20}) % 3 = 0)::TINYINT AS prediction_l${place}`,
  )
  .join(", ")} FROM range(${rows}) t(i)`;

const labels = `SELECT * EXCLUDE (prediction_l0, prediction_l1, prediction_l2) FROM (${predicted})`;

const probabilities = ["ant", "bee", "cat"].flatMap((one) => ["--probability", `probability_${one}`]);
const scored = ["--task", "multiclass", ...probabilities];
const subgroups = ["--subgroup", "g", "--subgroup", "g*h"];

/** The result without its times. */
async function resultOf(cwd: string, ...args: string[]) {
  const outcome = await evaluate(cwd, "--predictions", "p.parquet", ...args);
  expect(outcome.code, outcome.stderr).toBe(0);
  expect(outcome.stderr.includes(fromDisk), outcome.stderr).toBe(args.includes("--memory-limit"));
  const { startedAt: _, finishedAt: __, ...result } = resultIn(cwd);
  return { ...result, notes: outcome.stderr.split("\n").filter((line) => line.includes("do not sum")) };
}

describe("mlops evaluate of classes or labels that do not fit into memory", { timeout: 240_000 }, () => {
  it.each([
    ["probabilities", classes(), [...scored, ...subgroups, "--row-id", "id"], "30MB"],
    ["32-bit probabilities", classes("FLOAT", 2 * rows), [...scored, "--row-id", "key"], "40MB"],
    [
      "predicted classes",
      classes("FLOAT", 3 * rows),
      ["--task", "multiclass", "--prediction", "prediction", "--subgroup", "h"],
      "24MB",
    ],
    [
      "both",
      classes(),
      [...scored, "--prediction", "prediction", "--row-id", "name", "--threads", "1"],
      "39MB",
    ],
    ["labels with scores", labels, ["--task", "multilabel", ...subgroups], "60MB"],
    ["labels with predictions too", predicted, ["--task", "multilabel", "--row-id", "key"], "60MB"],
  ])("gives the result of a table that does: %s", async (_name, table, args, limit) => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", table);
    const kept = [...args, "--scores-path", "s.parquet"];
    const whole = await resultOf(cwd, ...kept);
    const wholeRows = await rowsOf(path.join(cwd, "s.parquet"));
    const stored = await resultOf(cwd, ...kept, "--memory-limit", limit);
    expect(stored).toEqual({ ...whole, scores: expect.anything() });
    expect(stored.scores?.sha256).toBe(whole.scores?.sha256);
    expect(await rowsOf(path.join(cwd, "s.parquet"))).toEqual(wholeRows);
  });

  it("names rows that cannot be measured by their numbers in the table", async () => {
    const cwd = temporaryFolder();
    const bad = "CASE id WHEN 7 THEN NULL WHEN 900000 THEN 'nan'::DOUBLE ELSE 0.5 END AS probability_ant";
    await parquetIn(cwd, "p.parquet", `SELECT * REPLACE (${bad}) FROM (${classes()})`);
    const outcome = await evaluate(cwd, "--predictions", "p.parquet", ...scored, "--memory-limit", "30MB");
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain(
      `the probability column "probability_ant" has 2 of ${rows} values that are no numbers: row 8 is missing, row 900001 is "nan"`,
    );
  });

  it("is refused with weights", async () => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", classes());
    const args = [...scored, "--weight", "id", "--memory-limit", "30MB"];
    const outcome = await evaluate(cwd, "--predictions", "p.parquet", ...args);
    expect([outcome.code, outcome.stderr]).toEqual([
      4,
      expect.stringContaining("several classes or labels without weights"),
    ]);
    expect(readdirSync(cwd)).toEqual(["p.parquet"]);
  });

  it("ends at once when it is told to, and leaves nothing", async () => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", classes());
    const args = ["evaluate", "--predictions", "p.parquet", ...scored, "--memory-limit", "30MB"];
    await endsWhenTold({ cwd, args, whenThere: /^room\.columns$/ });
  });
});
