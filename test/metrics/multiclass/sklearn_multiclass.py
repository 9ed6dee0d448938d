"""Reads multiclass cases as JSON on stdin, writes what scikit-learn says of each as JSON on stdout."""
import sys
from pathlib import Path

import numpy as np
from sklearn import metrics

sys.path.append(str(Path(__file__).parents[1]))
from reference import answer, value  # noqa: E402


def lost(y, predicted, w):
    """By how much scikit-learn's own mcc may be off in units of its last digits: it takes squares of parts from a square of the whole."""
    table = metrics.confusion_matrix(y, predicted, sample_weight=w)
    whole = table.sum() ** 2.0
    left = [whole - (table.sum(axis=axis) ** 2.0).sum() for axis in (0, 1)]
    return float(whole / min(left)) if min(left) > 0 else None


def multiclass(case):
    # As 64-bit numbers of what 32-bit floats hold: else scikit-learn sums them up as such.
    eps = float(np.finfo(case["dtype"]).eps)
    p = np.array(case["probabilities"], dtype=case["dtype"]).astype("float64").T
    numbers = np.array(case["labels"])
    y = numbers if case["names"] is None else np.array(case["names"])[numbers]
    w = None if case["weights"] is None else np.array(case["weights"], dtype="float64")
    if w is not None:
        y, p, numbers, w = y[w > 0], p[w > 0], numbers[w > 0], w[w > 0]
    if len(y) == 0:
        return {}
    labels = list(range(p.shape[1])) if case["names"] is None else case["names"]
    predicted = np.array(labels)[p.argmax(axis=1)]
    found = {
        "accuracy": value(lambda: metrics.accuracy_score(y, predicted, sample_weight=w)),
        "balanced_accuracy": value(lambda: metrics.balanced_accuracy_score(y, predicted, sample_weight=w)),
        "mcc": value(lambda: metrics.matthews_corrcoef(y, predicted, sample_weight=w)),
        "(digits lost) mcc": lost(y, predicted, w),
        "cohen_kappa": value(lambda: metrics.cohen_kappa_score(y, predicted, labels=labels, sample_weight=w)),
        "log_loss": value(lambda: metrics.log_loss(y, np.clip(p, eps, 1 - eps), labels=labels, sample_weight=w)),
        "brier": value(lambda: metrics.brier_score_loss(y, p, labels=labels, sample_weight=w)),
        "top_k_accuracy@2": value(lambda: metrics.top_k_accuracy_score(y, p, k=2, labels=labels, sample_weight=w)),
        "average_precision_macro": value(
            lambda: metrics.average_precision_score(np.eye(len(labels))[numbers], p, average="macro", sample_weight=w)
        ),
    }
    if case["names"] is None:
        found["cohen_kappa_quadratic"] = value(
            lambda: metrics.cohen_kappa_score(y, predicted, labels=labels, weights="quadratic", sample_weight=w)
        )
    for average in ("macro", "weighted"):
        scores = metrics.precision_recall_fscore_support(
            y, predicted, average=average, zero_division=0, sample_weight=w
        )
        for name, score in zip(("precision", "recall", "f1"), scores):
            found[f"{name}_{average}"] = value(lambda: score)
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


answer(multiclass)
