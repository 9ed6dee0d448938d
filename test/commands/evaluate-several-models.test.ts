import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { evaluate, parquetIn, resultIn } from "./evaluate-case.ts";
import { modelsInPython } from "./evaluate-models.ts";

const several = `
import joblib, json, pandas as pd, numpy as np
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.multioutput import MultiOutputClassifier
from sksurv.linear_model import CoxPHSurvivalAnalysis, IPCRidge
from sksurv.metrics import concordance_index_censored
from sksurv.util import Surv
rng = np.random.default_rng(5)
n = 300
table = pd.DataFrame({"heat": rng.normal(20, 6, n).round(2), "damp": rng.random(n).round(3)})
table["label_rain"] = (table.damp * 4 - 2 + rng.normal(0, 1, n) > 0).astype(int)
table["label_wind"] = (table.heat / 6 - 3 + rng.normal(0, 1, n) > 0).astype(int)
table["score_rain"] = 0.5
table["months"] = rng.exponential(50 / (1 + 3 * table.damp)).round(2) + 1.01
table["died"] = (rng.random(n) < 0.7).astype(int)
table.to_csv("weather.csv", index=False)
pd.DataFrame({"age": [30, 40, 50], "label": ["light", "heavy", "heavy"]}).to_csv("names.csv", index=False)
table = pd.read_csv("weather.csv")
x, y = table[["heat", "damp"]], table[["label_rain", "label_wind"]]
model = MultiOutputClassifier(LogisticRegression()).fit(x.to_numpy(), y)
joblib.dump(model, "labels.joblib")
ridge = RidgeClassifier().fit(x, y)
joblib.dump(ridge, "ridge.joblib")
given = np.column_stack([one[:, 1] for one in model.predict_proba(x.to_numpy())])
seen = Surv.from_arrays(table.died == 1, table.months)
cox, aft = CoxPHSurvivalAnalysis().fit(x, seen), IPCRidge().fit(x, seen)
joblib.dump(cox, "cox.joblib")
joblib.dump(aft, "aft.joblib")
index = lambda risk: concordance_index_censored(table.died == 1, table.months, risk)[0]
json.dump({"auc": roc_auc_score(y, given), "f1": f1_score(y, given >= 0.5, average="macro"), "ridge": f1_score(y, ridge.predict(x), average="macro"),
  "cox": index(cox.predict(x)), "aft": index(-aft.predict(x))}, open("several.json", "w"))
`;

describe("a model with several labels a row, or of survival", () => {
  const { kept, score } = modelsInPython({ "several.py": several });
  const expected = () => JSON.parse(readFileSync(path.join(kept.folder ?? "", "several.json"), "utf8"));
  const survival = ["--duration", "months", "--event", "died"];

  it("is measured by the scores of its labels, and gets no label as a feature", async () => {
    const cwd = kept.folder ?? "";
    // Without recorded names: all that is not named as a label is a feature.
    const outcome = await score("labels.joblib", "weather.csv", "--task", "multilabel");
    expect([outcome.code, outcome.stderr]).toEqual([4, expect.stringContaining("the table has 5")]);
    await parquetIn(
      cwd,
      "labels.parquet",
      `SELECT heat, damp, label_rain, label_wind FROM '${cwd}/weather.csv'`,
    );
    const done = await score("labels.joblib", "labels.parquet", "--task", "multilabel");
    expect(done.code, done.stderr).toBe(0);
    expect(done.stderr).toContain("taken for the labels in this order: rain, wind");
    const result = resultIn(cwd);
    expect(result).toMatchObject({
      task: "multilabel",
      threshold: 0.5,
      model: { features: ["heat", "damp"] },
    });
    expect(result.metrics["roc_auc_macro"]).toBeCloseTo(expected().auc, 13);
    expect(result.metrics["f1_macro"]).toBeCloseTo(expected().f1, 13);
    const again = await evaluate(cwd, "--predictions", "scores.parquet", "--task", "multilabel");
    expect(again.code, again.stderr).toBe(0);
    expect(resultIn(cwd).metrics).toEqual(result.metrics);
  });

  it("that predicts the labels themselves is measured by those", async () => {
    const cwd = kept.folder ?? "";
    const done = await score("ridge.joblib", "weather.csv", "--task", "multilabel");
    expect(done.code, done.stderr).toBe(0);
    const { metrics, scores, threshold } = resultIn(cwd);
    expect({ kind: scores.kind, threshold }).toEqual({ kind: "prediction", threshold: null });
    expect(metrics["f1_macro"]).toBeCloseTo(expected().ridge, 13);
  });

  it("is exit 4 where it predicts numbers, and the classes have names", async () => {
    const { code, stderr } = await score("regressor.joblib", "names.csv", "--task", "multiclass");
    expect([code, stderr]).toEqual([4, expect.stringContaining("and the label holds heavy, light")]);
  });

  it("is exit 4 where the table names more labels, or fewer", async () => {
    const args = ["--task", "multilabel", "--label", "label_*", "--class", "rain", "--class", "wind"];
    const cwd = kept.folder ?? "";
    await parquetIn(cwd, "fog.parquet", `SELECT *, 1 AS label_fog FROM '${cwd}/weather.csv'`);
    expect((await score("ridge.joblib", "fog.parquet", ...args)).code).toBe(0);
    const outcome = await score("ridge.joblib", "fog.parquet", ...args, "--class", "fog");
    expect([outcome.code, outcome.stderr]).toEqual([
      4,
      expect.stringContaining("there are 3 labels (rain, wind, fog), and the model gives 2 columns"),
    ]);
  });

  it.each([
    ["cox", "score", undefined],
    ["aft", "prediction", "the model predicts times, which were taken for the opposite of risks"],
  ])("%s gives scikit-survival's own concordance", async (name, kind, note) => {
    const cwd = kept.folder ?? "";
    const done = await score(`${name}.joblib`, "weather.csv", ...survival);
    expect(done.code, done.stderr).toBe(0);
    const result = resultIn(cwd);
    expect(result).toMatchObject({
      task: "survival",
      scores: { kind },
      model: { features: ["heat", "damp"] },
    });
    expect(result.metrics["concordance_index"]).toBeCloseTo(expected()[name], 13);
    if (note !== undefined) expect(done.stderr).toContain(note);
    expect(result.versions).toHaveProperty("sksurv");
  });
});
