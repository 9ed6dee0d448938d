"""Reads cases of predicted quantiles as JSON on stdin, writes what scikit-learn says of each as JSON on stdout."""
import sys
from pathlib import Path

import numpy as np
from sklearn import metrics

sys.path.append(str(Path(__file__).parents[1]))
from reference import answer, value  # noqa: E402


def quantile(case):
    y = np.array(case["truths"], dtype="float64")
    w = None if case["weights"] is None else np.array(case["weights"], dtype="float64")
    keep = np.ones(len(y), dtype=bool) if w is None else w > 0
    w = None if w is None else w[keep]
    found = {}
    for one in case["quantiles"]:
        q, level = np.array(one["values"], dtype="float64")[keep], one["level"]
        found[f"pinball@{level}"] = value(
            lambda: metrics.mean_pinball_loss(y[keep], q, alpha=level, sample_weight=w)
        )
        found[f"d2_pinball@{level}"] = value(
            lambda: metrics.d2_pinball_score(y[keep], q, alpha=level, sample_weight=w)
        )
    return found


answer(quantile)
