import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openSession } from "../../src/commands/session.ts";
import { testContext } from "../support/context.ts";
import { evaluate, resultIn } from "./evaluate-case.ts";
import { modelsInPython } from "./evaluate-models.ts";

describe("a model that is scored in Python", () => {
  const { kept, score } = modelsInPython();

  it.each([
    ["model.joblib", "csv"],
    ["model.pkl", "parquet"],
  ])("%s on %s gives what scikit-learn gives in Python itself", async (model, format) => {
    const outcome = await score(model, `test.${format}`, "--label", "death", "--subgroup", "sex");
    expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
    const expected = JSON.parse(readFileSync(path.join(kept.folder ?? "", "expected.json"), "utf8"));
    const result = resultIn(kept.folder ?? "");
    expect(result.metrics["roc_auc"]).toBeCloseTo(expected.auc[format], 13);
    expect(result.metrics["log_loss"]).toBeCloseTo(expected.loss[format], 13);
    expect(result.model).toMatchObject({ uri: model, type: "sklearn.pipeline.Pipeline" });
    expect(result.model?.features).toEqual(["age", "weight", "smokes", "sex", "region"]);
    expect(result.inputs.map((input) => input.role)).toEqual(["evaluation data", "model"]);
  });

  it("leaves its scores beside the result, which give the same figures without the model", async () => {
    const cwd = kept.folder ?? "";
    expect((await score("model.joblib", "test.csv", "--label", "death", "--subgroup", "sex")).code).toBe(0);
    const scored = resultIn(cwd);
    expect(scored.scores.file?.uri).toBe("scores.parquet");
    expect((await evaluate(cwd, "--predictions", "scores.parquet", "--subgroup", "sex")).code).toBe(0);
    const { metrics, evalSet, subgroups, scores } = resultIn(cwd);
    expect({ metrics, evalSet, subgroups }).toEqual({
      metrics: scored.metrics,
      evalSet: scored.evalSet,
      subgroups: scored.subgroups,
    });
    expect([scores.sha256, scores.dtype]).toEqual([scored.scores.sha256, scored.scores.dtype]);
  });

  it("a regressor without recorded names gets all columns but the label", async () => {
    expect((await score("regressor.joblib", "weights.csv")).code).toBe(0);
    const expected = JSON.parse(readFileSync(path.join(kept.folder ?? "", "expected.json"), "utf8"));
    const result = resultIn(kept.folder ?? "");
    expect(result).toMatchObject({ task: "regression", model: { features: ["age"] } });
    expect(result.metrics["mae"]).toBeCloseTo(expected.mae, 12);
  });

  it.each([
    ["floats", "0"],
    ["floats", "False"],
    ["booleans", "0"],
    ["booleans", "false"],
    ["floats_svc", "0"],
    ["integers_svc", "0.0"],
  ])("a model of %s scores the class %s that is named, not the other", async (model, named) => {
    const table = model === "booleans" && named === "false" ? "boolean.csv" : "encoded.csv";
    const outcome = await score(`${model}.joblib`, table, "--label", "death", "--positive-class", named);
    expect(outcome.code, outcome.stderr).toBe(0);
    const { metrics, positives, negatives } = resultIn(kept.folder ?? "");
    expect(positives).toBeGreaterThan(negatives ?? 0);
    expect(metrics["accuracy"]).toBeGreaterThan(0.95);
  });

  it("a model that was trained on 0 and 1 takes a table with texts", async () => {
    const named = ["--label", "death", "--positive-class", "yes"];
    expect((await score("floats.joblib", "words.csv", ...named)).code).toBe(0);
    expect(resultIn(kept.folder ?? "").metrics["accuracy"]).toBeGreaterThan(0.95);
    const other = await score("floats.joblib", "words.csv", "--label", "death", "--positive-class", "-1");
    expect(other.code).toBe(4);
    expect((await score("integers_svc.joblib", "words.csv", ...named)).code).toBe(0);
    expect(resultIn(kept.folder ?? "").metrics["accuracy"]).toBeGreaterThan(0.95);
  });

  it("a model that was trained on other texts is exit 8 and names them", async () => {
    const outcome = await score("german.joblib", "words.csv", "--label", "death", "--positive-class", "yes");
    expect([outcome.code, outcome.stderr]).toEqual([
      8,
      expect.stringContaining('the model knows the classes "ja", "nein", and not "yes"'),
    ]);
  });

  it("a Python without pyarrow is exit 8 and says what to install", async () => {
    const bare = path.join(kept.folder ?? "", "bare-python");
    writeFileSync(bare, `#!/bin/sh\nexec "${kept.python}" -S -E "$@"\n`, { mode: 0o755 });
    const outcome = await score("model.joblib", "test.csv", "--label", "death", "--python", bare);
    expect([outcome.code, outcome.stderr]).toEqual([
      8,
      expect.stringMatching(/cannot import pyarrow[\s\S]*pip install/),
    ]);
  });

  it("a model of the registry and of a run, by their addresses; the result names the run", async () => {
    const cwd = kept.folder ?? "";
    const context = testContext({ cwd });
    const session = await openSession({ trackingUri: undefined, storeDir: ".mlops/store" }, context);
    let runId = "";
    try {
      const experimentId = await session.client.ensureExperiment("demo");
      const request = { experimentId, name: "one", startTimeMs: Date.now(), tags: {}, idempotencyKey: "one" };
      const run = await session.client.createRun(request);
      runId = run.runId;
      await session.client.artifacts.uploadFile(
        run.artifactUri,
        "kept/model.joblib",
        path.join(cwd, "model.joblib"),
      );
      await session.client.ensureRegisteredModel("mortality");
      const source = `${run.artifactUri}/kept`;
      const { version } = await session.client.createModelVersion({
        name: "mortality",
        source,
        runId,
        tags: {},
      });
      await session.client.setAlias("mortality", "champion", version);
    } finally {
      await session.close();
    }
    for (const uri of [
      `runs:/${runId}/kept/model.joblib`,
      "models:/mortality/1",
      "models:/mortality@champion",
    ]) {
      const outcome = await score(uri, "test.csv", "--label", "death");
      expect(outcome.code, outcome.stderr).toBe(0);
      expect(resultIn(cwd)).toMatchObject({ runId, model: { uri, runId } });
    }
    const other = await score("models:/mortality@challenger", "test.csv", "--label", "death");
    expect([other.code, other.stderr]).toEqual([4, expect.stringContaining("has the alias challenger")]);
  });

  it("a table without the model's columns is exit 4 and names them; a missing model too", async () => {
    const other = await score("model.joblib", "weights.csv");
    expect([other.code, other.stderr]).toEqual([
      4,
      expect.stringContaining('does not have: "weight", "smokes"'),
    ]);
    const count = await score("regressor.joblib", "test.csv", "--label", "death");
    expect([count.code, count.stderr]).toEqual([4, expect.stringContaining("on 1 columns without names")]);
    const none = await score("nowhere.joblib", "test.csv", "--label", "death");
    expect([none.code, none.stderr]).toEqual([4, expect.stringContaining("does not exist")]);
  });
});
