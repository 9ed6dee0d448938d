"""Reads cases as JSON on stdin, writes what scikit-learn says of each as JSON on stdout."""
import json
import math
import sys
import warnings

import numpy as np
from sklearn import metrics

warnings.simplefilter("ignore")


def value(compute):
    try:
        number = float(compute())
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def binary(case):
    y = np.array(case["labels"])
    s = np.array(case["scores"], dtype="float64")
    p = (s >= case["threshold"]).astype(int)
    low, high = (1.1920928955078125e-07,) * 2 if case["dtype"] == "float32" else (2.0**-52,) * 2
    clipped = np.clip(s, low, 1 - high)
    return {
        "roc_auc": value(lambda: metrics.roc_auc_score(y, s)),
        "average_precision": value(lambda: metrics.average_precision_score(y, s)),
        "log_loss": value(lambda: metrics.log_loss(y, clipped, labels=[0, 1])),
        "brier": value(lambda: metrics.brier_score_loss(y, s, labels=[0, 1])),
        "accuracy": value(lambda: metrics.accuracy_score(y, p)),
        "precision": value(lambda: metrics.precision_score(y, p, zero_division=np.nan)),
        "recall": value(lambda: metrics.recall_score(y, p, zero_division=np.nan)),
        "f1": value(lambda: metrics.f1_score(y, p, zero_division=np.nan)),
    }


def regression(case):
    y = np.array(case["truths"], dtype="float64")
    p = np.array(case["predictions"], dtype="float64")
    return {
        "rmse": value(lambda: metrics.root_mean_squared_error(y, p)),
        "mae": value(lambda: metrics.mean_absolute_error(y, p)),
        "mse": value(lambda: metrics.mean_squared_error(y, p)),
        "r2": value(lambda: metrics.r2_score(y, p)),
    }


json.dump([binary(c) if "labels" in c else regression(c) for c in json.load(sys.stdin)], sys.stdout)
