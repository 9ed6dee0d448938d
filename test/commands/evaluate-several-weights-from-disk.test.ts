import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { cases } from "../support/full.ts";
import { evaluate, parquetIn } from "./evaluate-case.ts";
import { endsWhenTold, rowsOf } from "./from-disk-case.ts";
import { classes, labels, predicted, resultOf, rows, scored, subgroups } from "./several-from-disk-case.ts";

/** Of any size; every 13th is 0. */
const anySize = "CASE WHEN id % 13 = 0 THEN 0 ELSE (hash(id, 77) % 1000003) / 200000.3 END";
const wide = "10.0::DOUBLE ** ((hash(id, 77) % 17)::INT - 8)";
const weighted = (table: string, weight = anySize) => `SELECT *, (${weight})::DOUBLE AS w FROM (${table})`;

/** Most probabilities are one of eleven, so that more rows than fit into memory have the same. */
const tied = `SELECT * REPLACE (round(probability_ant * 20) / 20 AS probability_ant, round(probability_bee * 20)::FLOAT / 20 AS probability_bee)
  FROM (${classes("FLOAT", 2 * rows)})`;
/** Rows of weight 0 alone have the lowest and the highest scores, and -0 among them. */
const spread = `SELECT * REPLACE (CASE id % 26 WHEN 0 THEN -3 WHEN 13 THEN '-0'::DOUBLE ELSE score_l0 END AS score_l0) FROM (${labels})`;
const given = `SELECT * EXCLUDE (score_l0, score_l1, score_l2) FROM (${predicted(3 * rows)})`;
const both = ["--prediction", "prediction", "--row-id", "name", "--threads", "1"];

type Case = readonly [what: string, table: string, weight: string, args: readonly string[], limit: string];

const short: readonly Case[] = [
  ["probabilities", classes(), anySize, [...scored, ...subgroups, "--row-id", "id"], "40MB"],
  ["32-bit probabilities with ties", tied, wide, [...scored, "--row-id", "key"], "44MB"],
  ["labels with scores", labels, anySize, ["--task", "multilabel", ...subgroups], "60MB"],
  ["labels of which some rows count not", spread, anySize, ["--task", "multilabel"], "60MB"],
];
const further: readonly Case[] = [
  [
    "predicted classes",
    classes("FLOAT", 3 * rows),
    "id % 3",
    ["--task", "multiclass", "--prediction", "prediction", "--subgroup", "h"],
    "30MB",
  ],
  ["both", classes(), "1 + id % 2", [...scored, ...both], "44MB"],
  ["labels with predictions too", predicted(), wide, ["--task", "multilabel", "--row-id", "key"], "60MB"],
  ["predicted labels", given, anySize, ["--task", "multilabel", ...subgroups], "30MB"],
];

describe("mlops evaluate of classes or labels with weights from disk", { timeout: 240_000 }, () => {
  it.each(cases(short, further))(
    "gives the result of a table that fits: %s",
    async (_name, table, weight, args, limit) => {
      const cwd = temporaryFolder();
      await parquetIn(cwd, "p.parquet", weighted(table, weight));
      const asked = [...args, "--weight", "w", "--scores-path", "s.parquet"];
      const whole = await resultOf(cwd, ...asked);
      const wholeRows = await rowsOf(path.join(cwd, "s.parquet"));
      const stored = await resultOf(cwd, ...asked, "--memory-limit", limit);
      expect(stored).toEqual({ ...whole, scores: expect.anything() });
      expect(stored.scores?.sha256).toBe(whole.scores?.sha256);
      expect(await rowsOf(path.join(cwd, "s.parquet"))).toEqual(wholeRows);
      expect(whole.notes.join().includes("have weight 0")).toBe(weight === anySize || weight === "id % 3");
    },
  );

  it("gives the same figures whatever the order of the rows", async () => {
    const cwd = temporaryFolder();
    const args = [...scored, ...subgroups, "--row-id", "id", "--weight", "w", "--memory-limit", "44MB"];
    const figures = [];
    for (const order of ["id", "hash(id)"]) {
      await parquetIn(cwd, "p.parquet", `SELECT * FROM (${weighted(tied)}) ORDER BY ${order}`);
      const { metrics, subgroups: found, perClass, curves, evalSet } = await resultOf(cwd, ...args);
      figures.push({ metrics, found, perClass, curves, evalSet });
    }
    expect(figures[1]).toEqual(figures[0]);
  });

  it.each([
    [
      "below 0",
      "CASE id WHEN 5 THEN -1 WHEN 900000 THEN -0.5 ELSE 1 END",
      `has 2 of ${rows} values below 0, which no weight is: row 6 is "-1.0", row 900001 is "-0.5"`,
    ],
    ["that are all 0", "0", `has ${rows} of ${rows} values that are 0, so nothing would count: row 1 is`],
    ["that are missing", "CASE WHEN id = 899999 THEN NULL ELSE 1 END", "no numbers: row 900000 is missing"],
  ])("refuses weights %s as in memory", async (_name, weight, message) => {
    const cwd = temporaryFolder();
    for (const [table, args] of [
      [classes(), scored],
      [labels, ["--task", "multilabel"]],
    ] as const) {
      await parquetIn(cwd, "p.parquet", weighted(table, weight));
      const said: string[] = [];
      for (const limit of [[], ["--memory-limit", "40MB"]]) {
        const asked = ["--predictions", "p.parquet", ...args, "--weight", "w", ...limit];
        const outcome = await evaluate(cwd, ...asked);
        expect([outcome.code, outcome.stderr]).toEqual([4, expect.stringContaining(message)]);
        said.push(...outcome.stderr.split("\n").filter((line) => line.includes("weight column")));
      }
      expect(said[1]).toBe(said[0]);
    }
    expect(readdirSync(cwd)).toEqual(["p.parquet"]);
  });

  it("ends at once when it is told to, and leaves nothing", async () => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", weighted(classes()));
    const args = ["evaluate", "--predictions", "p.parquet", ...scored, "--weight", "w"];
    await endsWhenTold({ cwd, args: [...args, "--memory-limit", "40MB"], whenThere: /^room\.columns$/ });
  });
});
