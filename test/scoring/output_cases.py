"""What numbers of a model mean, case by case; prints what python/score_output.py makes of each as one JSON line."""

import json

import numpy as np
import pandas as pd
from score_labels import LabelOutput
from score_model import Model
from score_output import Output
from score_problem import Problem
from scipy.sparse import csr_matrix

names = np.array(["b", "a", "c", "a"])
cases = {
    "floats in 0..1": ("unknown", [], None, None, [[0.2, 0.9]]),
    "floats in 0..1, regression": ("unknown", [], "regression", None, [[0.2, 0.9]]),
    "floats outside": ("unknown", [], None, None, [[0.2, 3.0]]),
    "floats outside, binary": ("unknown", [], "binary", None, [[0.2, 3.0]]),
    "zeros and ones": ("unknown", [], None, None, [[0.0, 1.0]]),
    "one column": ("unknown", [], None, None, [np.array([[0.2], [0.9]], dtype="float32")]),
    "half precision": ("unknown", [], None, None, [np.array([0.25, 0.5], dtype="float16")]),
    "two columns": ("unknown", [], None, None, [[[0.2, 0.8], [0.5, 0.5]]]),
    "two columns, multiclass": ("unknown", [], "multiclass", None, [[[0.2, 0.8], [0.5, 0.5]]]),
    "named columns": ("unknown", [], None, None, [pd.DataFrame({"x": [0.1], "y": [0.2], "z": [0.7]})]),
    "named columns, one is positive": ("unknown", [], "binary", "no", [pd.DataFrame({"no": [0.1], "yes": [0.9]})]),
    "logits": ("unknown", [], None, None, [[[-1.0, 2.0, 0.5]]]),
    "several values, regression": ("unknown", [], "regression", None, [[[0.2, 0.8]]]),
    "booster": ("probabilities", [0, 1], None, None, [np.array([0.25, 0.5], dtype="float32")]),
    "booster, other class": ("probabilities", [0, 1], None, "0", [np.array([0.25, 0.5], dtype="float32")]),
    "booster, multiclass": ("probabilities", [0, 1], "multiclass", None, [np.array([0.25], dtype="float32")]),
    "labels that are known": ("classes", ["a", "b", "c"], None, None, [names, names[::-1]]),
    "labels that show later": ("values", [], "multiclass", None, [names[:2], names]),
    "a label that is not known": ("classes", ["a", "b", "d"], None, None, [names]),
    "two labels, one is positive": ("classes", ["a", "b"], None, "a", [names[[0, 1]]]),
    "three classes, binary": ("probabilities", [0, 1, 2], "binary", None, [[[0.2, 0.3, 0.5]]]),
    "no class of that name": ("probabilities", ["ja", "nein"], None, "yes", [[[0.2, 0.8]]]),
    "cells that are lists": ("values", [], None, None, [pd.DataFrame({"x": [[1.0], [2.0]]}).x]),
    "infinite": ("values", [], None, None, [[1.0, np.inf]]),
    "labels in a frame": ("unknown", [], "multilabel", None, [pd.DataFrame({"x": [0.1], "y": [0.9]})]),
    "labels of 0 and 1": ("classes", [], "multilabel", None, [np.array([[0, 1], [1, 1]])]),
    "labels in a sparse matrix": ("classes", [], "multilabel", None, [csr_matrix([[0, 1], [1, 1]])]),
    "labels that are sure to be 0 or 1": ("probabilities", [], "multilabel", None, [[[0.0, 1.0]]]),
    "labels of half precision": ("unknown", [], "multilabel", None, [np.array([[0.25, 0.5]], dtype="float16")]),
    "labels by two classes each": ("probabilities", [["no", "yes"], [0, 1]], "multilabel", None, [[np.array([[0.2, 0.8]]), np.array([[0.6, 0.4]])]]),
    "labels that change": ("unknown", [], "multilabel", None, [[[0.0, 1.0]], [[0.2, 0.8]]]),
    "labels that become more": ("unknown", [], "multilabel", None, [[[0.1, 0.2]], [[0.1, 0.2, 0.3]]]),
    "labels of one column": ("unknown", [], "multilabel", None, [[0.1, 0.2]]),
    "labels that are not finite": ("unknown", [], "multilabel", None, [[[0.1, np.nan]]]),
    "a risk": ("unknown", [], "survival", None, [[0.0, 1.0]]),
    "a risk of a booster of two classes": ("probabilities", [0, 1], "survival", None, [[0.25, 0.5]]),
    "whole numbers": ("values", [], None, None, [np.array([3, 4])]),
}


def rows_of(values):
    is_listed = isinstance(values, list) and hasattr(values[0], "shape") and values[0].ndim == 2
    if is_listed:
        return len(values[0])
    return values.shape[0] if hasattr(values, "shape") else len(values)


def answer(gives, classes, task, positive, batches):
    model = Model(type="t", call="predict", predict=None, gives=gives, classes=classes)
    kind = LabelOutput if task == "multilabel" else Output
    output = kind(model, {"task": task, "positiveClass": positive})
    try:
        columns = [output.columns(values, rows_of(values)) for values in batches]
        said = output.said()
        kind = [said["kind"], said["positiveClass"], str(columns[0][0].dtype)]
        joined = [np.concatenate([batch[place] for batch in columns]).round(6).tolist() for place in range(len(columns[0]))]
        return [*kind, said["classes"], *joined]
    except Problem as problem:
        return [problem.code, str(problem)]


print(json.dumps({name: answer(*case) for name, case in cases.items()}))
