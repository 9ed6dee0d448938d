import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openSession } from "../../src/commands/session.ts";
import { expected, fixtureColumn } from "../metrics/binary/cases.ts";
import { testContext } from "../support/context.ts";
import { comparison, evaluated, noise, of } from "./compare-paired-case.ts";
import { folderWith, mlops } from "./gate-case.ts";

const ids = fixtureColumn(0).map((_, row) => `r${row}`);
const [labels, candidate, baseline, groups] = [0, 1, 2, 3].map(fixtureColumn);
const binary = (scores: readonly string[] = []) => ({
  id: ids,
  label: labels ?? [],
  score: scores,
  group: groups ?? [],
});
const fixture = () =>
  evaluated([binary(baseline), binary(candidate)], ["--threshold", "0.5", "--subgroup", "group"]);

describe("mlops compare of the same rows", () => {
  it("gives paired intervals, as pROC and statsmodels have them, whatever the order of the rows", async () => {
    const { changeOf, paired, result, reason } = await comparison(await fixture());
    expect(reason).toBeNull();
    expect(paired).toEqual(
      expect.arrayContaining([
        "roc_auc",
        "gini",
        "log_loss",
        "brier",
        "accuracy",
        "recall",
        "specificity",
        "fpr",
        "fnr",
      ]),
    );
    const [low, high] = expected.delong_pROC.ci95_difference;
    expect(changeOf("roc_auc")).toMatchObject({ paired: true, word: "better" });
    expect(changeOf("roc_auc")?.low).toBeCloseTo(low, 12);
    expect(changeOf("roc_auc")?.high).toBeCloseTo(high, 12);
    expect(changeOf("gini")?.high).toBeCloseTo(2 * high, 12);
    const { diff, se } = expected.paired_mean_differences.log_loss;
    expect(changeOf("log_loss")?.low).toBeCloseTo(diff - 1.965927295920968 * se, 10);
    expect(changeOf("fnr")?.low).toBeCloseTo(-(changeOf("recall")?.high ?? 0), 12);
    expect(result.pairings[0]?.bootstrap).toEqual({ replicates: 1000, seed: 20_141_211 });
    const methods = ["roc_auc", "log_loss", "recall", "precision", "average_precision"];
    expect(methods.map((metric) => changeOf(metric)?.method)).toEqual([
      "delong",
      "paired-t",
      "newcombe",
      "delta",
      "bootstrap",
    ]);
    // 20,000 resamples of NumPy's gave a standard deviation of 0.0237.
    const ap = changeOf("average_precision");
    expect(((ap?.high ?? 0) - (ap?.low ?? 0)) / 2 / 1.96).toBeCloseTo(0.0237, 2);
    expect(result.subgroups.map((row) => row.changes[0]?.paired)).toEqual([true, true, true, true, true]);
  });

  it("says so in the text", async () => {
    const { stdout } = await mlops(await fixture(), ["compare", "old.json", "new.json"]);
    expect(stdout).toContain("B and A are paired row by row");
    expect(stdout).toMatch(/roc_auc .*\+0\.0432 \[\+0\.0152, \+0\.0711\] paired {2}better/);
    expect(stdout).toContain(
      "[95 % interval] paired: of the differences between the two models on the same rows",
    );
    expect(stdout).toContain("without a closed form by 1000 bootstrap resamples (sfc32, seed 20141211)");
  });

  it("pairs the rows of other tasks too", async () => {
    const rows = 60;
    const truth = of(rows, (row) => 10 + 5 * noise(1)(row));
    const made = (seed: number) => of(rows, (row) => 10 + 5 * noise(1)(row) + noise(seed)(row) - 0.4);
    const id = of(rows, (row) => row);
    const regression = (seed: number) => ({ id, label: truth, prediction: made(seed) });
    const errors = await comparison(
      await evaluated([regression(2), regression(3)], ["--task", "regression"]),
    );
    expect(errors.reason).toBeNull();
    expect(errors.paired).toEqual(expect.arrayContaining(["mae", "mse", "rmse"]));

    const kinds = of(rows, (row) => ["cat", "dog", "fish"][Math.floor(3 * noise(4)(row))] ?? "");
    const share = (seed: number, kind: number) => (row: number) =>
      (noise(seed + kind)(row) + 0.1) / [0, 1, 2].reduce((sum, one) => sum + noise(seed + one)(row) + 0.1, 0);
    const classes = (seed: number) => ({
      ...{ id, label: kinds, probability_cat: of(rows, share(seed, 0)) },
      ...{ probability_dog: of(rows, share(seed, 1)), probability_fish: of(rows, share(seed, 2)) },
    });
    const told = await comparison(await evaluated([classes(5), classes(9)], ["--task", "multiclass"]));
    expect(told.reason).toBeNull();
    expect(told.paired).toEqual(expect.arrayContaining(["accuracy", "log_loss", "brier"]));

    const quantiles = (seed: number) => ({
      ...{ id, label: truth, low: of(rows, (row) => 9 + noise(seed)(row)) },
      high: of(rows, (row) => 14 + noise(seed)(row)),
    });
    const levels = ["--quantile", "0.1=low", "--quantile", "0.9=high", "--interval", "0.8=low:high"];
    const spread = await comparison(await evaluated([quantiles(6), quantiles(7)], levels));
    expect(spread.reason).toBeNull();
    expect(spread.paired).toEqual(
      expect.arrayContaining(["pinball@0.1", "pinball@0.9", "interval_width@0.8", "winkler@0.8"]),
    );
  });

  it("does not pair what it cannot prove to be the same rows and scores, and says why", async () => {
    const cwd = await fixture();
    renameSync(path.join(cwd, "old.parquet"), path.join(cwd, "away.parquet"));
    expect((await comparison(cwd)).reason).toContain("A kept no scores that can be found");
    writeFileSync(path.join(cwd, "old.parquet"), readFileSync(path.join(cwd, "new.parquet")));
    const other = await comparison(cwd);
    expect(other.reason).toBe("the kept scores of A: the scores are not those of the result");
    expect(other.paired).toEqual([]);
    expect(other.changeOf("roc_auc")?.low).not.toBeNull();
    writeFileSync(path.join(cwd, "old.parquet"), "no Parquet");
    expect((await comparison(cwd)).reason).toContain("old.parquet");
  });

  it("does not pair rows of other weights, and rows without ids", async () => {
    const weights = (every: number) => ({ weight: ids.map((_, row) => 1 + (row % every)) });
    const tables = [
      { ...binary(baseline), ...weights(3) },
      { ...binary(candidate), ...weights(4) },
    ] as const;
    expect((await comparison(await evaluated(tables, ["--weight", "weight"]))).reason).toBe(
      "the weights of the rows differ",
    );
    const cwd = folderWith({ "p.csv": "label,score\n0,0.1\n0,0.6\n1,0.5\n1,0.9\n" });
    for (const name of ["old", "new"])
      await mlops(cwd, ["evaluate", "--predictions", "p.csv", "--output-path", `${name}.json`]);
    expect((await comparison(cwd)).reason).toBe("A was measured without row ids (--row-id)");
  });

  it("takes the kept scores of runs", async () => {
    const cwd = await fixture();
    const context = testContext({ cwd });
    const session = await openSession({ trackingUri: undefined, storeDir: ".mlops/store" }, context);
    const runs: string[] = [];
    try {
      const experimentId = await session.client.ensureExperiment("demo");
      for (const name of ["old", "new"]) {
        const request = { experimentId, name, startTimeMs: 1, tags: {}, idempotencyKey: name };
        const { runId, artifactUri } = await session.client.createRun(request);
        const upload = (to: string, file: string) =>
          session.client.artifacts.uploadFile(artifactUri, to, path.join(cwd, file));
        await upload("evaluation_results.json", `${name}.json`);
        await upload("scores.parquet", `${name}.parquet`);
        runs.push(runId);
      }
    } finally {
      await session.close();
    }
    const { stdout } = await mlops(cwd, ["compare", ...runs.map((id) => `runs:/${id}`)]);
    expect(stdout).toContain("B and A are paired row by row");
    expect(stdout).toMatch(/\[\+0\.0152, \+0\.0711\] paired/);
  });
});
