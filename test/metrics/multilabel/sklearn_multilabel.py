"""Reads multilabel cases as JSON on stdin, writes what scikit-learn says of each as JSON on stdout."""
import sys
from pathlib import Path

import numpy as np
from sklearn import metrics

sys.path.append(str(Path(__file__).parents[1]))
from reference import answer, value  # noqa: E402

def multilabel(case):
    y = np.array(case["truths"], dtype=int).T
    s = None if case["scores"] is None else np.array(case["scores"], dtype=case["dtype"]).T
    p = np.array(case["predictions"], dtype=int).T
    w = None if case["weights"] is None else np.array(case["weights"], dtype="float64")
    if w is not None:
        y, p, w = y[w > 0], p[w > 0], w[w > 0]
        s = None if s is None else s[np.array(case["weights"]) > 0]
    found = {
        "hamming_loss": value(lambda: metrics.hamming_loss(y, p, sample_weight=w)),
        "subset_accuracy": value(lambda: metrics.accuracy_score(y, p, sample_weight=w)),
    }
    for average in ("micro", "macro", "weighted", "samples"):
        zero = 0 if average == "samples" else np.nan
        scores = metrics.precision_recall_fscore_support(
            y, p, average=average, sample_weight=w, zero_division=zero
        )
        jaccard = metrics.jaccard_score(y, p, average=average, sample_weight=w, zero_division=0)
        for name, score in zip(("precision", "recall", "f1", "jaccard"), (*scores[:3], jaccard)):
            found[f"{name}_{average}"] = value(lambda: score)
            if average == "samples":
                found[f"{name}_samples{{zero_division=0}}"] = value(lambda: score)
    if s is not None:
        for average in ("macro", "weighted", "micro"):
            found[f"roc_auc_{average}"] = value(
                lambda: metrics.roc_auc_score(y, s, average=average, sample_weight=w)
            )
            found[f"average_precision_{average}"] = value(
                lambda: metrics.average_precision_score(y, s, average=average, sample_weight=w)
            )
        found["label_ranking_average_precision"] = value(
            lambda: metrics.label_ranking_average_precision_score(y, s, sample_weight=w)
        )
        found["coverage_error"] = value(lambda: metrics.coverage_error(y, s, sample_weight=w))
        found["label_ranking_loss"] = value(lambda: metrics.label_ranking_loss(y, s, sample_weight=w))
    return found


answer(multilabel)
