import { describe, expect, it } from "vitest";
import { trainedModels } from "./models.ts";

describe("models of every kind", () => {
  const { score, expected } = trainedModels();

  it.each([
    ["pipeline.joblib", "table.csv", "pipeline", "sklearn.pipeline.Pipeline"],
    ["pipeline.skops", "table.csv", "pipeline", "sklearn.pipeline.Pipeline"],
    ["mlflow_sklearn", "table.csv", "pipeline", "sklearn.pipeline.Pipeline"],
    ["boosted.json", "table.csv", "boosted", "xgboost.core.Booster"],
    ["boosted.ubj", "table.csv", "boosted", "xgboost.core.Booster"],
    ["mlflow_xgboost", "table.csv", "boosted", "xgboost.core.Booster"],
    ["early.ubj", "table.csv", "early", "xgboost.core.Booster"],
    ["xgb_words.ubj", "table.csv", "xgb_words", "xgboost.core.Booster"],
    ["xgb_words.joblib", "table.csv", "xgb_words", "xgboost.sklearn.XGBClassifier"],
    ["light.txt", "spaces.csv", "light", "lightgbm.basic.Booster"],
    ["mlflow_lightgbm", "spaces.csv", "light", "lightgbm.sklearn.LGBMClassifier"],
    ["light_words.txt", "table.csv", "light_words", "lightgbm.basic.Booster"],
    ["light_words.joblib", "table.csv", "light_words", "lightgbm.sklearn.LGBMClassifier"],
    ["mlflow_own", "table.csv", "own", "own_model.Threshold"],
    ["onnx_pipeline.onnx", "table.csv", "onnx_pipeline", "onnx"],
    ["onnx_pipeline_zipmap.onnx", "table.csv", "onnx_pipeline", "onnx"],
  ])(
    "%s on %s gives the probabilities of the library itself, to the last bit",
    async (uri, table, name, type) => {
      const scores = await score(uri, table, { task: "binary" });
      expect(scores).toMatchObject({ kind: "score", modelType: type });
      expect(scores.values).toEqual(await expected(name));
      const isSingle = ["boosted", "early", "xgb_words", "onnx_pipeline"].includes(name);
      expect(scores.dtype).toBe(isSingle ? "float32" : "float64");
      expect(scores.positiveClass).toBe(name === "own" ? undefined : "1");
    },
  );

  it.each([
    ["three.joblib", "table.csv", "three", ["adelie", "chinstrap", "gentoo"]],
    ["xgb_three.json", "table.csv", "xgb_three", ["0", "1", "2"]],
    ["light_three.model", "table.csv", "light_three", ["0", "1", "2"]],
    ["onnx_three.onnx", "table.csv", "onnx_three", ["adelie", "chinstrap", "gentoo"]],
    ["onnx_three_zipmap.onnx", "table.csv", "onnx_three", ["adelie", "chinstrap", "gentoo"]],
    ["onnx_network.onnx", "filled.csv", "onnx_network", ["adelie", "chinstrap", "gentoo"]],
    ["onnx_network_zipmap.onnx", "filled.csv", "onnx_network", ["adelie", "chinstrap", "gentoo"]],
  ])("%s gives one column a class, with its name", async (uri, table, name, classes) => {
    const scores = await score(uri, table);
    expect(scores).toMatchObject({ kind: "probabilities", classes });
    expect(scores.values).toEqual(await expected(name));
  });

  it.each([
    ["regressor.joblib", "table.csv", "regressor", []],
    ["xgb_regressor.ubj", "table.csv", "xgb_regressor", ["region", "sex"]],
    ["onnx_regressor.onnx", "filled.csv", "onnx_regressor", []],
  ])("%s predicts what the library predicts", async (uri, table, name, others) => {
    const scores = await score(uri, table, { task: "regression", exclude: ["row", "death", ...others] });
    expect(scores).toMatchObject({ kind: "prediction", classes: [] });
    expect(scores.values).toEqual(await expected(name));
  });

  it("gives the other class's probability where that one counts as 1", async () => {
    for (const uri of ["pipeline.joblib", "onnx_pipeline.onnx"]) {
      const one = await score(uri, "table.csv", { task: "binary" });
      const zero = await score(uri, "table.csv", { task: "binary", positiveClass: "0" });
      expect(zero.positiveClass).toBe("0");
      expect((zero.values[0][3] ?? 0) + (one.values[0][3] ?? 0)).toBeCloseTo(1, 6);
    }
  });

  it("warns before it loads a pickle of unknown origin, and of nothing else", async () => {
    const { warnings } = await score("pipeline.joblib", "table.csv");
    expect(warnings).toEqual([
      expect.stringMatching(
        /^pipeline\.joblib is a pickle, and loading it runs the code in it: .* sha256 is [0-9a-f]{64}\.$/,
      ),
    ]);
    expect((await score("mlflow_own", "table.csv")).warnings).toHaveLength(1);
    for (const uri of ["pipeline.skops", "boosted.json", "onnx_pipeline.onnx"])
      expect((await score(uri, "table.csv")).warnings).toEqual([]);
  });

  it("takes columns by name, and says what it left out and that the order was another", async () => {
    for (const uri of ["pipeline.joblib", "onnx_pipeline.onnx"]) {
      const scores = await score(uri, "turned.parquet");
      expect(scores.features).toEqual(["age", "weight", "region", "sex"]);
      expect(scores.notes).toEqual([
        'columns that the model does not know were left out: "extra"',
        'the columns stand in another order than in training and were taken by name: "age", "weight", "region", "sex"',
      ]);
    }
    expect((await score("onnx_pipeline.onnx", "turned.parquet")).values).toEqual(
      await expected("onnx_pipeline"),
    );
  });

  it("names the versions of what scored", async () => {
    const { versions } = await score("boosted.ubj", "table.csv");
    expect(versions).toMatchObject({
      python: expect.stringMatching(/^3\./),
      xgboost: expect.stringMatching(/^\d/),
    });
    expect((await score("onnx_pipeline.onnx", "table.csv")).versions).toEqual({
      "onnxruntime-node": "1.30.0",
    });
  });

  it.each([
    ["pipeline.joblib", "filled.csv", "FEATURES_MISSING", 'does not have: "region", "sex"'],
    ["onnx_pipeline.onnx", "filled.csv", "FEATURES_MISSING", 'does not have: "region", "sex"'],
    [
      "xgb_regressor.ubj",
      "table.csv",
      "FEATURES_MISMATCH",
      "on 2 columns without names, and the table has 4",
    ],
    [
      "onnx_regressor.onnx",
      "table.csv",
      "FEATURES_MISMATCH",
      "takes 2 columns without names, and the table has 4",
    ],
    ["xgb_three.json", "worded.csv", "FEATURES_TYPE", 'these columns hold text: "age"'],
    [
      "mlflow_sklearn",
      "coded.csv",
      "FEATURES_TYPE",
      '"region" holds number (int64), and the model was logged with string',
    ],
    ["onnx_pipeline.onnx", "coded.csv", "FEATURES_TYPE", '"region" holds int64, and the model takes text'],
    ["mlflow_own", "ageless.csv", "FEATURES_TYPE", '"age" holds double values that are no int32'],
    ["onnx_pipeline.onnx", "nowhere.csv", "FEATURES_TYPE", '"region" misses 2 values'],
    [
      "xgb_words.ubj",
      "strange.csv",
      "FEATURES_CATEGORIES",
      '"region" holds categories that the training did not have: "moon"',
    ],
  ])("%s on %s: no verdict, and the column is named", async (uri, table, code, message) => {
    const refused = await score(uri, table).catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: "not-evaluable", code, message: expect.stringContaining(message) });
  });

  describe.each([
    ["pipeline.joblib", "pipeline", ["age", "weight", "region", "sex"]],
    ["boosted.json", "boosted", ["age", "weight"]],
    ["light_words.txt", "light_words", ["age", "weight", "region", "sex"]],
    ["light_words.joblib", "light_words", ["age", "weight", "region", "sex"]],
    ["mlflow_sklearn", "pipeline", ["age", "weight", "region", "sex"]],
    ["mlflow_own", "own", ["age", "weight"]],
    ["onnx_pipeline.onnx", "onnx_pipeline", ["age", "weight", "region", "sex"]],
  ])("%s, which recorded its columns,", (uri, name, features) => {
    it("takes them by name from a table with others, in another order", async () => {
      const moved = await score(uri, "moved.csv", { task: "binary" });
      expect(moved).toMatchObject({ features, values: await expected(name) });
      const others = features.length === 2 ? '"sex", "region", "extra"' : '"extra"';
      expect(moved.notes.slice(-2)).toEqual([
        `columns that the model does not know were left out: ${others}`,
        expect.stringContaining("stand in another order than in training and were taken by name"),
      ]);
    });

    it("names the one that is missing", async () => {
      const refused = score(uri, "less.csv", { task: "binary" });
      const message = expect.stringContaining('does not have: "age"; it has "row", "weight", "region"');
      await expect(refused).rejects.toMatchObject({
        kind: "not-evaluable",
        code: "FEATURES_MISSING",
        message,
      });
    });

    it("names the one that holds something else", async () => {
      const refused = score(uri, "heavy.csv", { task: "binary" });
      // A pipeline records names and no types: what it says itself of the text is all that there is.
      const isPlain = uri.startsWith("pipeline");
      const wanted = isPlain
        ? { kind: "child-failed", message: expect.stringContaining("heavy") }
        : { kind: "not-evaluable", code: "FEATURES_TYPE", message: expect.stringContaining('"weight"') };
      await expect(refused).rejects.toMatchObject(wanted);
    });
  });

  it("counts the categories that LightGBM takes for missing", async () => {
    for (const uri of ["light_words.txt", "light_words.joblib"]) {
      const scores = await score(uri, "strange.csv");
      expect(scores.values).toEqual(await expected("light_moon"));
      expect(scores.notes.join()).toMatch(
        /^\d+ values of "region" are categories that the training did not have/,
      );
    }
  });
});
