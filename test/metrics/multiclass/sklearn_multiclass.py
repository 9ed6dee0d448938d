"""Reads multiclass cases as JSON on stdin, writes what scikit-learn says of each as JSON on stdout."""
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
    except (ValueError, ZeroDivisionError):
        return None
    return number if math.isfinite(number) else None


def multiclass(case):
    y = np.array(case["labels"])
    p = np.array(case["probabilities"], dtype="float64").T
    w = None if case["weights"] is None else np.array(case["weights"], dtype="float64")
    if w is not None:
        y, p, w = y[w > 0], p[w > 0], w[w > 0]
    if len(y) == 0:
        return {}
    labels = list(range(p.shape[1]))
    predicted = p.argmax(axis=1)
    found = {
        "accuracy": value(lambda: metrics.accuracy_score(y, predicted, sample_weight=w)),
        "balanced_accuracy": value(lambda: metrics.balanced_accuracy_score(y, predicted, sample_weight=w)),
        "mcc": value(lambda: metrics.matthews_corrcoef(y, predicted, sample_weight=w)),
        "cohen_kappa": value(lambda: metrics.cohen_kappa_score(y, predicted, labels=labels, sample_weight=w)),
        "cohen_kappa_quadratic": value(
            lambda: metrics.cohen_kappa_score(y, predicted, labels=labels, weights="quadratic", sample_weight=w)
        ),
        "log_loss": value(lambda: metrics.log_loss(y, p, labels=labels, sample_weight=w)),
        "brier": value(lambda: metrics.brier_score_loss(y, p, labels=labels, sample_weight=w)),
        "top_k_accuracy@2": value(lambda: metrics.top_k_accuracy_score(y, p, k=2, labels=labels, sample_weight=w)),
        "average_precision_macro": value(
            lambda: metrics.average_precision_score(np.eye(len(labels))[y], p, average="macro", sample_weight=w)
        ),
    }
    for average in ("macro", "weighted"):
        for name in ("f1", "precision", "recall"):
            found[f"{name}_{average}"] = value(
                lambda: getattr(metrics, f"{name}_score")(
                    y, predicted, average=average, zero_division=0, sample_weight=w
                )
            )
    for way in ("ovr", "ovo"):
        if way == "ovo" and w is not None:
            continue
        found[f"roc_auc_{way}"] = value(
            lambda: metrics.roc_auc_score(y, p, multi_class=way, labels=labels, sample_weight=w)
        )
        found[f"roc_auc_{way}_weighted"] = value(
            lambda: metrics.roc_auc_score(y, p, multi_class=way, average="weighted", labels=labels, sample_weight=w)
        )
    return found


json.dump([multiclass(case) for case in json.load(sys.stdin)], sys.stdout)
