"""Trains models of several labels a row and of survival, and writes what each library itself makes of the table."""

import warnings

warnings.filterwarnings("ignore")
import joblib
import lightgbm
import numpy as np
import onnxruntime
import pandas as pd
import pyarrow as pa
import xgboost
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sksurv.ensemble import GradientBoostingSurvivalAnalysis, RandomSurvivalForest
from sksurv.linear_model import CoxPHSurvivalAnalysis, IPCRidge
from sksurv.svm import FastSurvivalSVM
from sksurv.util import Surv

rng = np.random.default_rng(3)
n = 500
table = pd.DataFrame({"row": np.arange(n), "heat": rng.normal(20, 6, n), "damp": rng.random(n)})
noise = rng.normal(0, 1, (n, 3))
table["label_rain"] = (table.damp * 4 - 2 + noise[:, 0] > 0).astype(int)
table["label_wind"] = (table.heat / 6 - 3 + noise[:, 1] > 0).astype(int)
table["label_fog"] = (table.damp - table.heat / 40 + noise[:, 2] / 4 > 0).astype(int)
table["duration"] = (rng.exponential(50 / (1 + 3 * table.damp))).round(2) + 1.01
table["event"] = (rng.random(n) < 0.7).astype(int)
table.to_csv("several.csv", index=False)
table = pd.read_csv("several.csv")
x = table[["heat", "damp"]]
labels = table[["label_rain", "label_wind", "label_fog"]]
y = labels.to_numpy()
seen = Surv.from_arrays(table.event == 1, table.duration)


def expect(name, *columns):
    arrays = [pa.array(np.ascontiguousarray(column)) for column in columns]
    batch = pa.record_batch(arrays, names=[str(place) for place in range(len(arrays))])
    with pa.ipc.new_file(f"{name}.expected", batch.schema) as file:
        file.write_batch(batch)


def keep(name, model, *columns):
    joblib.dump(model, f"{name}.joblib")
    expect(name, *columns)


def seconds(given):
    return [one[:, 1] for one in given]


scaled = make_pipeline(StandardScaler(), MultiOutputClassifier(LogisticRegression()))
keep("multi_output", scaled.fit(x, y), *seconds(scaled.predict_proba(x)))
forest = RandomForestClassifier(20, random_state=0).fit(x, y)
keep("forest", forest, *seconds(forest.predict_proba(x)))
rest = OneVsRestClassifier(LogisticRegression()).fit(x, y)
keep("rest", rest, *rest.predict_proba(x).T)
chain = ClassifierChain(LogisticRegression(), order=[2, 0, 1]).fit(x, y)
keep("chain", chain, *chain.predict_proba(x).T)
network = MLPClassifier((6,), max_iter=80, random_state=0).fit(x, y)
keep("network", network, *network.predict_proba(x).T)
ridge = RidgeClassifier().fit(x, y)
keep("ridge", ridge, *ridge.predict(x).T.astype("float64"))
boosted = xgboost.XGBClassifier(n_estimators=10).fit(x, y)
keep("boosted", boosted, *boosted.predict_proba(x).T)
boosted.save_model("boosted.ubj")
light = MultiOutputClassifier(lightgbm.LGBMClassifier(n_estimators=10, verbose=-1)).fit(x, y)
keep("light", light, *seconds(light.predict_proba(x)))
constant = MultiOutputClassifier(RandomForestClassifier(5, random_state=0)).fit(x, np.column_stack([y[:, 0], np.zeros(n, int), np.ones(n, int)]))
keep("constant", constant, constant.predict_proba(x)[0][:, 1], np.zeros(n), np.ones(n))
joblib.dump(LogisticRegression(max_iter=1000).fit(x, y.sum(axis=1).clip(0, 2)), "one_class.joblib")
joblib.dump(RandomForestClassifier(5).fit(x, np.column_stack([y[:, 0], y.sum(axis=1)])), "four_classes.joblib")
xgboost.XGBClassifier(n_estimators=5).fit(x, y.sum(axis=1)).save_model("one_class.ubj")

matrix = [("X", FloatTensorType([None, 2]))]
for name, model in {"onnx_network": network, "onnx_rest": rest}.items():
    exported = to_onnx(model, initial_types=matrix, target_opset=18, options={id(model): {"zipmap": False}}).SerializeToString()
    open(f"{name}.onnx", "wb").write(exported)
    session = onnxruntime.InferenceSession(exported)
    (given,) = session.run(["probabilities"], {"X": x.to_numpy("float32")})
    expect(name, *given.T)

cox = make_pipeline(StandardScaler(), CoxPHSurvivalAnalysis()).fit(x, seen)
keep("cox", cox, cox.predict(x))
survival_forest = RandomSurvivalForest(10, random_state=0).fit(x, seen)
keep("survival_forest", survival_forest, survival_forest.predict(x))
search = GridSearchCV(GradientBoostingSurvivalAnalysis(n_estimators=10, random_state=0), {"max_depth": [2]}, cv=2).fit(x, seen)
keep("search", search, search.predict(x))
squared = GradientBoostingSurvivalAnalysis(loss="ipcwls", n_estimators=10, random_state=0).fit(x, seen)
keep("squared", squared, squared.predict(x))
inverse = make_pipeline(StandardScaler(), IPCRidge()).fit(x, seen)
keep("inverse", inverse, inverse.predict(x))
svm = make_pipeline(StandardScaler(), FastSurvivalSVM(rank_ratio=0.5, random_state=0)).fit(x, seen)
keep("svm", svm, svm.predict(x))
signed = np.where(table.event == 1, table.duration, -table.duration)
xgb_cox = xgboost.XGBRegressor(objective="survival:cox", n_estimators=10).fit(x, signed)
keep("xgb_cox", xgb_cox, xgb_cox.predict(x))
xgb_cox.save_model("xgb_cox.ubj")
bounds = xgboost.DMatrix(x)
bounds.set_float_info("label_lower_bound", table.duration)
bounds.set_float_info("label_upper_bound", table.duration.where(table.event == 1, np.inf))
xgb_aft = xgboost.train({"objective": "survival:aft"}, bounds, 10)
xgb_aft.save_model("xgb_aft.ubj")
expect("xgb_aft", xgb_aft.predict(xgboost.DMatrix(x)))
plain = RandomForestRegressor(10, random_state=0).fit(x, table.duration)
keep("plain", plain, plain.predict(x))
joblib.dump(LogisticRegression().fit(x, table.event), "classifier.joblib")
exported = to_onnx(plain, initial_types=matrix, target_opset=18).SerializeToString()
open("onnx_plain.onnx", "wb").write(exported)
(given,) = onnxruntime.InferenceSession(exported).run(None, {"X": x.to_numpy("float32")})
expect("onnx_plain", given[:, 0])
