import { describe, expect, it } from "vitest";
import { modelsInPython } from "./evaluate-models.ts";

const careless = `
import joblib, pickle, pandas as pd
from sklearn.cluster import KMeans
from sklearn.ensemble import IsolationForest
from sklearn.preprocessing import StandardScaler
plain = pd.read_csv("encoded.csv")[["x"]]
pd.read_csv("encoded.csv").assign(x="one metre").to_csv("texts.csv", index=False)
joblib.dump(KMeans(2, n_init=1, random_state=0).fit(plain), "clusters.joblib")
joblib.dump(IsolationForest(n_estimators=5).fit(plain), "outliers.joblib")
joblib.dump(StandardScaler().fit(plain), "scaler.joblib")
model = joblib.load("floats.joblib")
joblib.dump({"model": model, "threshold": 0.3}, "bundle.joblib")
for packing in ("zlib", "bz2", "lzma"): joblib.dump(model, "packed-" + packing, compress=(packing, 3))
for protocol in (0, 5):
    with open("protocol-%d" % protocol, "wb") as file: pickle.dump(model, file, protocol)
import sklearn
with open("old.pkl", "wb") as file: file.write(pickle.dumps(model).replace(sklearn.__version__.encode(), b"1.2.0"))
import lightgbm, xgboost, numpy as np
dead = pd.read_csv("encoded.csv").death
raw = xgboost.train({"objective": "binary:logitraw"}, xgboost.DMatrix(plain, dead), 3)
raw.save_model("raw.ubj")
rank = xgboost.train({"objective": "rank:ndcg"}, xgboost.DMatrix(plain, dead, qid=np.arange(len(plain)) // 10), 3)
rank.save_model("rank.ubj")
data = lightgbm.Dataset(plain, dead, group=[10] * (len(plain) // 10))
lightgbm.train({"objective": "lambdarank", "verbose": -1}, data, 3).save_model("rank.txt")
open("train.py", "w").write("import sklearn\\n")
`;

describe("mlops evaluate, used carelessly", () => {
  const { score } = modelsInPython({ "careless.py": careless });

  it.each([
    ["clusters.joblib", 8, "a KMeans is neither classifier nor regressor but clusterer"],
    ["outliers.joblib", 8, "a IsolationForest is neither classifier nor regressor but outlier_detector"],
    ["scaler.joblib", 8, "a StandardScaler has neither predict_proba nor predict"],
    ["bundle.joblib", 8, 'It holds "model", "threshold": save the one that is the model by itself.'],
    ["raw.ubj", 8, "the objective binary:logitraw gives logits and no probabilities"],
    ["rank.ubj", 8, "the objective rank:ndcg ranks rows within queries"],
    ["rank.txt", 8, "the objective lambdarank ranks rows within queries"],
    ["train.py", 4, "train.py is no model that this program knows, neither by its ending nor by its content"],
    ["encoded.csv", 4, "encoded.csv is no model that this program knows"],
    ["s3://bucket/model.joblib", 2, '--model-path is "s3://bucket/model.joblib", which is no model address.'],
    ["https://example.org/m.onnx", 2, "fetch a model from anywhere else before"],
    ["runs:model", 2, '--model-path is "runs:model", which is no model address.'],
  ])("%s is no model: exit %i in one sentence", async (name, code, message) => {
    const outcome = await score(name, "encoded.csv", "--label", "death");
    expect([outcome.code, outcome.stdout]).toEqual([code, ""]);
    expect(outcome.stderr).toContain(message);
  });

  it("says first what a model raised, and with which columns", async () => {
    const outcome = await score("floats.joblib", "texts.csv", "--label", "death");
    expect([outcome.code, outcome.stdout]).toEqual([8, ""]);
    expect(outcome.stderr).toContain(
      "Scoring with floats.joblib failed: predict_proba raised ValueError: could not convert string to float: 'one metre':\n",
    );
    expect(outcome.stderr).toContain('It was given "x" as string.');
  });

  it("takes the predictions of a clusterer where the task was said", async () => {
    const outcome = await score("clusters.joblib", "encoded.csv", "--label", "death", "--task", "regression");
    expect(outcome.code, outcome.stderr).toBe(0);
  });

  it.each(["packed-zlib", "packed-bz2", "packed-lzma", "protocol-0", "protocol-5"])(
    "%s is known as a pickle by its content",
    async (name) => {
      const outcome = await score(name, "encoded.csv", "--label", "death", "--json");
      expect(outcome.code, outcome.stderr).toBe(0);
      expect(JSON.parse(outcome.stdout).metrics.roc_auc).toBe(1);
    },
  );

  it("says which class it took for 1 where the names say nothing of it", async () => {
    const note = 'the model knows the classes "ja" and "nein": the second was taken for the label 1';
    expect((await score("german.joblib", "encoded.csv", "--label", "death")).stderr).toContain(note);
    const silent = await score("floats.joblib", "encoded.csv", "--label", "death");
    expect(silent.stderr).not.toContain("was taken for the label 1");
  });

  it("says that a model was made with another scikit-learn", async () => {
    const outcome = await score("old.pkl", "encoded.csv", "--label", "death");
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(outcome.stderr).toMatch(
      /the model was made with scikit-learn 1\.2\.0, which may give other scores than \d/,
    );
  });
});
