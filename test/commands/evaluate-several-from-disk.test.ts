import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, parquetIn } from "./evaluate-case.ts";
import { endsWhenTold, rowsOf } from "./from-disk-case.ts";
import { classes, labels, predicted, resultOf, rows, scored, subgroups } from "./several-from-disk-case.ts";

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
    ["labels with predictions too", predicted(), ["--task", "multilabel", "--row-id", "key"], "60MB"],
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

  it("ends at once when it is told to, and leaves nothing", async () => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", classes());
    const args = ["evaluate", "--predictions", "p.parquet", ...scored, "--memory-limit", "30MB"];
    await endsWhenTold({ cwd, args, whenThere: /^room\.columns$/ });
  });
});
