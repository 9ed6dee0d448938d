import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, expect } from "vitest";
import { run } from "../../src/main.ts";
import { testContext } from "../support/context.ts";
import { pythonOfTests, runPython } from "../support/python.ts";

const models = `
import joblib, json, pandas as pd, numpy as np, pickle, sys
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score, log_loss, mean_absolute_error
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC
from sklearn.preprocessing import OneHotEncoder
rng = np.random.default_rng(7)
n = 400
table = pd.DataFrame({"age": rng.integers(20, 80, n), "weight": rng.normal(70, 9, n).round(2), "smokes": rng.random(n) < 0.3,
  "sex": rng.choice(["f", "m"], n), "region": rng.choice(["N", "NA", "S"], n)})
table.loc[::7, "weight"] = np.nan
table["death"] = (rng.random(n) < 1 / (1 + np.exp((50 - table.age) / 9))).astype(int)
table.to_csv("test.csv", index=False)
table.to_parquet("test.parquet")
csv = pd.read_csv("test.csv")
x = csv.drop(columns="death")
model = make_pipeline(ColumnTransformer([("words", OneHotEncoder(handle_unknown="ignore"), ["sex", "region"]),
  ("numbers", SimpleImputer(), ["age", "weight", "smokes"])]), LogisticRegression(max_iter=1000)).fit(x, csv.death)
joblib.dump(model, "model.joblib")
with open("model.pkl", "wb") as file: pickle.dump(model, file)
expected = {"csv": model.predict_proba(x)[:, 1], "parquet": model.predict_proba(table.drop(columns="death"))[:, 1]}
regressor = RandomForestRegressor(20, random_state=0).fit(csv[["age"]].to_numpy(), csv.weight.fillna(70))
joblib.dump(regressor, "regressor.joblib")
csv[["age"]].assign(target=csv.weight.fillna(70)).to_csv("weights.csv", index=False)
plain = pd.DataFrame({"x": np.linspace(0, 1, 200)})
dead = (plain.x > 0.7).astype(int)
for name, values in {"encoded": dead, "boolean": dead.astype(bool), "words": np.where(dead, "yes", "no")}.items():
    plain.assign(death=values).to_csv(name + ".csv", index=False)
fit = lambda kind, values: kind.fit(plain, values)
joblib.dump(fit(LogisticRegression(C=1e4), dead.astype(float)), "floats.joblib")
joblib.dump(fit(LogisticRegression(C=1e4), dead.astype(bool)), "booleans.joblib")
joblib.dump(fit(LogisticRegression(C=1e4), np.where(dead, "ja", "nein")), "german.joblib")
joblib.dump(fit(LinearSVC(C=1e4), dead.astype(float)), "floats_svc.joblib")
joblib.dump(fit(LinearSVC(C=1e4), dead), "integers_svc.joblib")
open("cut.joblib", "wb").write(open("model.joblib", "rb").read()[:300])
open("text.pkl", "w").write("hello")
open("empty.joblib", "w").close()
json.dump({"auc": {k: roc_auc_score(csv.death, v) for k, v in expected.items()},
  "loss": {k: log_loss(csv.death, v) for k, v in expected.items()},
  "mae": mean_absolute_error(csv.weight.fillna(70), regressor.predict(csv[["age"]].to_numpy()))}, open("expected.json", "w"))
`;

/**
 * Lets scikit-learn make a folder of models and tables before the tests of the describe that calls this, and removes it after them.
 * `further` are Python files by name: each is written into the folder and run there once the models are made, in this order.
 * `score` is `mlops evaluate` of one of the models; `kept` names the folder and the Python.
 */
export function modelsInPython(further: Readonly<Record<string, string>> = {}) {
  const kept: { folder?: string; python?: string } = {};
  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "mlops-models-"));
    for (const [name, text] of Object.entries({ "models.py": models, ...further })) {
      writeFileSync(path.join(folder, name), text);
      const made = await runPython({ args: [name], cwd: folder });
      expect(made.exitCode, made.stderr).toBe(0);
    }
    Object.assign(kept, { folder, python: await pythonOfTests() });
    return () => rm(folder, { recursive: true, force: true });
  });

  async function score(model: string, table: string, ...args: string[]) {
    const [cwd = "", python = ""] = [kept.folder, kept.python];
    const context = testContext({ cwd, env: { PATH: process.env["PATH"] ?? "", PYTHONPATH: cwd } });
    const argv = ["evaluate", "--model-path", model, "--eval-data-path", table, "--python", python, ...args];
    return { code: await run(argv, context), ...context.printed() };
  }

  return { kept, score };
}
