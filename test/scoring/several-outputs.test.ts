import { describe, expect, it } from "vitest";
import { trainedModels } from "./models.ts";

const columns = ["row", "label_rain", "label_wind", "label_fog", "duration", "event"];

describe("models of several labels, and of survival", () => {
  const { score, expected } = trainedModels("make_several.py");
  const several = async (uri: string) =>
    await score(uri, "several.csv", { task: "multilabel", exclude: columns });
  const survival = async (uri: string) =>
    await score(uri, "several.csv", { task: "survival", exclude: columns });

  it.each([
    ["multi_output.joblib", "label-scores", "predict_proba"],
    ["forest.joblib", "label-scores", "predict_proba"],
    ["rest.joblib", "label-scores", "predict_proba"],
    ["chain.joblib", "label-scores", "predict_proba"],
    ["network.joblib", "label-scores", "predict_proba"],
    ["light.joblib", "label-scores", "predict_proba"],
    ["boosted.joblib", "label-scores", "predict_proba"],
    ["boosted.ubj", "label-scores", "predict (binary:logistic)"],
    ["ridge.joblib", "label-predictions", "predict"],
    ["onnx_network.onnx", "label-scores", "probabilities"],
    ["onnx_rest.onnx", "label-scores", "probabilities"],
  ])("%s gives a column a label, as the library itself to the last bit", async (uri, kind, call) => {
    const scores = await several(uri);
    expect(scores).toMatchObject({ kind, call, classes: [], positiveClass: undefined });
    expect(scores.values).toEqual(await expected(uri.replace(/\..*$/, "")));
    const isSingle = uri.startsWith("boosted") || uri.startsWith("onnx");
    expect(scores.dtype).toBe(isSingle ? "float32" : "float64");
  });

  it("says which output of a model saw one class only in its training", async () => {
    const scores = await several("constant.joblib");
    expect(scores.values).toEqual(await expected("constant"));
    const notes = scores.notes.filter((note) => note.includes("it says the same of every row"));
    expect(notes.map((note) => /of output (\d)/.exec(note)?.[1])).toEqual(["2", "3"]);
  });

  it.each([
    ["one_class.joblib", "SCORER_NO_LABELS", "predicts one class a row, and no labels"],
    ["one_class.ubj", "SCORER_NO_LABELS", "the objective multi:softprob gives one class among several"],
    ["four_classes.joblib", "SCORER_CLASSES", 'output 2 of the model, whose classes are "0", "1", "2", "3"'],
    ["plain.joblib", "SCORER_SCORES_SHAPE", "expected a column for each label"],
  ])("refuses %s, which is no model of labels", async (uri, code, message) => {
    await expect(several(uri)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it.each([
    ["cox.joblib", "score", "sklearn.pipeline.Pipeline"],
    ["survival_forest.joblib", "score", "sksurv.ensemble.forest.RandomSurvivalForest"],
    ["search.joblib", "score", "sklearn.model_selection._search.GridSearchCV"],
    ["xgb_cox.joblib", "score", "xgboost.sklearn.XGBRegressor"],
    ["xgb_cox.ubj", "score", "xgboost.core.Booster"],
    ["squared.joblib", "prediction", "sksurv.ensemble.boosting.GradientBoostingSurvivalAnalysis"],
    ["inverse.joblib", "prediction", "sklearn.pipeline.Pipeline"],
    ["svm.joblib", "prediction", "sklearn.pipeline.Pipeline"],
    ["xgb_aft.ubj", "prediction", "xgboost.core.Booster"],
  ])("%s gives what it is known to give: %s", async (uri, kind, modelType) => {
    const scores = await survival(uri);
    expect(scores).toMatchObject({ kind, modelType });
    expect(scores.values).toEqual(await expected(uri.replace(/\..*$/, "")));
    const times = scores.notes.filter((note) => note.includes("predicts times"));
    expect(times).toHaveLength(kind === "score" ? 0 : 1);
    expect(scores.notes.join()).not.toContain("nothing says");
  });

  it.each(["plain.joblib", "onnx_plain.onnx"])("%s is taken for a risk, and that is said", async (uri) => {
    const scores = await survival(uri);
    expect(scores.kind).toBe("score");
    expect(scores.values).toEqual(await expected(uri.replace(/\..*$/, "")));
    expect(scores.notes.join()).toContain("nothing says whether the model gives risks or times");
  });

  it("refuses a classifier, whose classes are no risks", async () => {
    await expect(survival("classifier.joblib")).rejects.toMatchObject({ code: "SCORER_NO_RISK" });
  });
});
