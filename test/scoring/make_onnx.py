"""ONNX models with one input a column and with one for all, and a table with everything that they take."""

import numpy as np
import pandas as pd
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

rng = np.random.default_rng(5)
n = 300
table = pd.DataFrame({"age": rng.integers(20, 80, n), "weight": rng.normal(70, 9, n), "sex": rng.choice(["f", "m"], n)})
table.loc[::9, "weight"] = np.nan
table["death"] = (rng.random(n) < 1 / (1 + np.exp((50 - table.age) / 9))).astype(int)
table["species"] = np.where(table.age < 40, "adelie", np.where(table.age < 60, "chinstrap", "gentoo"))
table["cost"] = table.age * 2.5
table.to_parquet("table.parquet")
x = table[["age", "weight", "sex"]]
columns = ColumnTransformer([("words", OneHotEncoder(), ["sex"]), ("numbers", SimpleImputer(), ["weight"]), ("age", "passthrough", ["age"])])
types = [("age", Int64TensorType([None, 1])), ("weight", FloatTensorType([None, 1])), ("sex", StringTensorType([None, 1]))]


def keep(name, model, initial):
    chosen = {"options": {id(model): {"zipmap": False}}} if isinstance(model, MLPClassifier) else {}
    exported = to_onnx(model, initial_types=initial, target_opset=18, **chosen)
    with open(name, "wb") as file:
        file.write(exported.SerializeToString())


keep("binary.onnx", make_pipeline(columns, LogisticRegression(max_iter=1000)).fit(x, table.death), types)
keep("three.onnx", make_pipeline(columns, LogisticRegression(max_iter=1000)).fit(x, table.species), types)
numbers = table[["age", "weight"]].fillna(70)
numbers.assign(cost=table.cost).to_csv("numbers.csv", index=False)
# Three labels: of two, skl2onnx takes the network for one of two classes and gives four columns.
labels = numbers.assign(label_old=(table.age > 50).astype(int), label_light=(numbers.weight < 65).astype(int))
labels = labels.assign(label_young=(table.age < 35).astype(int), event=table.death)
labels.to_csv("labels.csv", index=False)
network = MLPClassifier((4,), max_iter=50, random_state=0).fit(numbers.to_numpy(), labels[["label_old", "label_light", "label_young"]].to_numpy())
regressor = GradientBoostingRegressor(n_estimators=10).fit(numbers.to_numpy(), table.cost)
keep("regressor.onnx", regressor, [("X", FloatTensorType([None, 2]))])
keep("labels.onnx", network, [("X", FloatTensorType([None, 2]))])
keep("alone.onnx", GradientBoostingRegressor(n_estimators=5).fit(numbers[["age"]].to_numpy(), table.cost), [("age", FloatTensorType([None, 1]))])
table.assign(sex=1.5, weight="heavy").to_parquet("wrong.parquet")
table.drop(columns="sex").to_parquet("less.parquet")
table[["death", "sex", "weight", "age"]].to_parquet("turned.parquet")
open("cut.onnx", "wb").write(open("binary.onnx", "rb").read()[:400])
