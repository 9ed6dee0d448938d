"""Trains a small model of every kind that the test environment has, and writes what each library itself makes of the table."""

import warnings

warnings.filterwarnings("ignore")
import joblib
import lightgbm
import mlflow
import numpy as np
import onnxruntime
import pandas as pd
import pyarrow as pa
import skops.io
import xgboost
from mlflow.models import infer_signature
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import own_model

rng = np.random.default_rng(11)
n = 500
table = pd.DataFrame(
    {
        "row": np.arange(n),
        "age": rng.integers(20, 80, n),
        "weight": rng.normal(70, 9, n).round(2),
        "region": rng.choice(["N", "S", "north by north-west"], n),
        "sex": rng.choice(["f", "m"], n),
    }
)
table.loc[::7, "weight"] = np.nan
table["death"] = (rng.random(n) < 1 / (1 + np.exp((50 - table.age) / 9))).astype(int)
table.to_csv("table.csv", index=False)
table = pd.read_csv("table.csv")
# Other order, a column more, float32 and a category that no training saw.
turned = table[["sex", "death", "weight", "region", "age", "row"]].assign(extra=1.5)
turned.astype({"weight": "float32"}).to_parquet("turned.parquet")
strange = table.assign(region=table.region.where(table.row > 2, "moon"))
strange.to_csv("strange.csv", index=False)
table.assign(age=table.sex).to_csv("worded.csv", index=False)
table[["sex", "death", "weight", "region", "age", "row"]].assign(extra=1.5).to_csv("moved.csv", index=False)
table.drop(columns="age").to_csv("less.csv", index=False)
table.assign(weight="heavy").to_csv("heavy.csv", index=False)
table.assign(region=table.row % 3).to_csv("coded.csv", index=False)
table.assign(age=table.age.where(table.row > 1)).to_csv("ageless.csv", index=False)
table.assign(region=table.region.where(table.row > 1)).to_csv("nowhere.csv", index=False)

x = table[["age", "weight", "region", "sex"]]
numbers = x[["age", "weight"]]
species = np.array(["adelie", "chinstrap", "gentoo"])[(table.age // 21).clip(0, 2)]


def expect(name, *columns):
    arrays = [pa.array(np.ascontiguousarray(column)) for column in columns]
    batch = pa.record_batch(arrays, names=[str(place) for place in range(len(arrays))])
    with pa.ipc.new_file(f"{name}.expected", batch.schema) as file:
        file.write_batch(batch)


def pipeline(last):
    words = OneHotEncoder(handle_unknown="ignore")
    weight = make_pipeline(SimpleImputer(), StandardScaler())
    parts = [("words", words, ["region", "sex"]), ("weight", weight, ["weight"]), ("age", StandardScaler(), ["age"])]
    return make_pipeline(ColumnTransformer(parts), last)


binary = pipeline(GradientBoostingClassifier(n_estimators=20, random_state=0)).fit(x, table.death)
joblib.dump(binary, "pipeline.joblib")
skops.io.dump(binary, "pipeline.skops")
expect("pipeline", binary.predict_proba(x)[:, 1])
three = pipeline(LogisticRegression(max_iter=1000)).fit(x, species)
joblib.dump(three, "three.joblib")
expect("three", *three.predict_proba(x).T)
regressor = HistGradientBoostingRegressor(random_state=0).fit(numbers, table.weight.fillna(70) * 2)
joblib.dump(regressor, "regressor.joblib")
expect("regressor", regressor.predict(numbers))

boosted = xgboost.XGBClassifier(n_estimators=20).fit(numbers, table.death)
boosted.save_model("boosted.json")
boosted.save_model("boosted.ubj")
expect("boosted", boosted.predict_proba(numbers)[:, 1])
early = xgboost.XGBClassifier(n_estimators=80, early_stopping_rounds=2)
early.fit(numbers[:300], table.death[:300], eval_set=[(numbers[300:], table.death[300:])], verbose=False)
assert early.best_iteration < 60
early.save_model("early.ubj")
expect("early", early.predict_proba(numbers)[:, 1])
xgb_three = xgboost.XGBClassifier(n_estimators=5).fit(numbers, (table.age // 21).clip(1, 3) - 1)
xgb_three.save_model("xgb_three.json")
expect("xgb_three", *xgb_three.predict_proba(numbers).T)
xgb_regressor = xgboost.XGBRegressor(n_estimators=5).fit(numbers.to_numpy(), table.weight.fillna(70))
xgb_regressor.save_model("xgb_regressor.ubj")
expect("xgb_regressor", xgb_regressor.predict(numbers.to_numpy()))
with_words = x.astype({"region": "category", "sex": "category"})
xgb_words = xgboost.XGBClassifier(n_estimators=10, enable_categorical=True).fit(with_words, table.death)
xgb_words.save_model("xgb_words.ubj")
joblib.dump(xgb_words, "xgb_words.joblib")
expect("xgb_words", xgb_words.predict_proba(with_words)[:, 1])

light = lightgbm.LGBMClassifier(n_estimators=20, verbose=-1).fit(numbers.rename(columns={"weight": "my weight"}), table.death)
light.booster_.save_model("light.txt")
table.rename(columns={"weight": "my weight"}).to_csv("spaces.csv", index=False)
expect("light", light.predict_proba(numbers.rename(columns={"weight": "my weight"}))[:, 1])
light_words = lightgbm.LGBMClassifier(n_estimators=20, verbose=-1).fit(with_words, table.death)
light_words.booster_.save_model("light_words.txt")
joblib.dump(light_words, "light_words.joblib")
expect("light_words", light_words.predict_proba(with_words)[:, 1])
moon = with_words.assign(region=pd.Categorical(strange.region, categories=with_words.region.cat.categories))
expect("light_moon", light_words.predict_proba(moon)[:, 1])
light_three = lightgbm.LGBMClassifier(n_estimators=5, verbose=-1).fit(numbers, (table.age // 21).clip(1, 3) - 1)
light_three.booster_.save_model("light_three.model")
expect("light_three", *light_three.predict_proba(numbers).T)

types = [
    ("age", Int64TensorType([None, 1])),
    ("weight", FloatTensorType([None, 1])),
    ("region", StringTensorType([None, 1])),
    ("sex", StringTensorType([None, 1])),
]


def as_onnx(name, model, initial, frame, **options):
    """With and without ZipMap; the expected scores are those of onnxruntime in Python on the graph without."""
    for suffix, zipmap in (("_zipmap", True), ("", False)) if hasattr(model, "classes_") else (("", None),):
        chosen = {} if zipmap is None else {"options": {id(model): {"zipmap": zipmap, **options}}}
        exported = to_onnx(model, initial_types=initial, target_opset=18, **chosen)
        with open(f"{name}{suffix}.onnx", "wb") as file:
            file.write(exported.SerializeToString())
    session = onnxruntime.InferenceSession(exported.SerializeToString())
    (given,) = session.run([session.get_outputs()[-1].name], frame)
    return given


cells = {
    "age": x[["age"]].to_numpy(),
    "weight": x[["weight"]].to_numpy("float32"),
    "region": x[["region"]].to_numpy(object),
    "sex": x[["sex"]].to_numpy(object),
}
expect("onnx_pipeline", as_onnx("onnx_pipeline", binary, types, cells)[:, 1])
expect("onnx_three", *as_onnx("onnx_three", three, types, cells).T)
filled = numbers.fillna(70)
filled.assign(death=table.death).to_csv("filled.csv", index=False)
matrix = [("X", FloatTensorType([None, 2]))]
network = MLPClassifier((4,), max_iter=50, random_state=0).fit(filled.to_numpy(), species)
expect("onnx_network", *as_onnx("onnx_network", network, matrix, {"X": filled.to_numpy("float32")}).T)
onnx_regressor = GradientBoostingRegressor(n_estimators=10, random_state=0).fit(filled.to_numpy(), table.age * 2.5)
expect("onnx_regressor", as_onnx("onnx_regressor", onnx_regressor, matrix, {"X": filled.to_numpy("float32")})[:, 0])

mlflow.sklearn.save_model(
    binary,
    "mlflow_sklearn",
    signature=infer_signature(x, table.death),
    pip_requirements=[],
    skops_trusted_types=["numpy.dtype", "sklearn.tree._tree.Tree"],
)
mlflow.xgboost.save_model(boosted, "mlflow_xgboost", pip_requirements=[])
mlflow.lightgbm.save_model(light, "mlflow_lightgbm", pip_requirements=[])
mlflow.pyfunc.save_model(
    "mlflow_own",
    python_model=own_model.Threshold(),
    code_paths=["own_model.py"],
    signature=infer_signature(x[["age", "weight"]].astype({"age": "int32"}), np.array([0.5])),
    pip_requirements=[],
)
expect("own", own_model.Threshold().predict(None, numbers))
