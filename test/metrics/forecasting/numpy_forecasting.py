"""Reads forecasts as JSON on stdin, writes what scikit-learn and the definitions of sktime (in NumPy) say of each as JSON on stdout."""
import sys
from pathlib import Path

import numpy as np
from sklearn import metrics

sys.path.append(str(Path(__file__).parents[1]))
from reference import answer, value  # noqa: E402


def naive(history, season):
    """sktime's denominators: mean absolute and mean squared error of the value of `season` steps before."""
    y = np.array(history, dtype="float64")
    step = y[season:] - y[:-season]
    return np.mean(np.abs(step)), np.mean(step**2)


def by_series(case, y, p, w, codes):
    """Each series alone, then the mean over them: sktime's multilevel="uniform_average"."""
    scaled, squared = [], []
    for code in np.unique(codes):
        own = codes == code
        absolute, square = naive(case["histories"][code], case["season"])
        scaled.append(np.average(np.abs(p[own] - y[own]), weights=w[own]) / absolute)
        squared.append(np.sqrt(np.average((p[own] - y[own]) ** 2, weights=w[own]) / square))
    return np.mean(scaled), np.mean(squared)


def forecasting(case):
    y, p = np.array(case["truths"], dtype="float64"), np.array(case["predictions"], dtype="float64")
    codes = np.array(case["series"])
    w = np.ones(len(y)) if case["weights"] is None else np.array(case["weights"], dtype="float64")
    keep = w > 0
    y, p, codes, w = y[keep], p[keep], codes[keep], w[keep]
    with np.errstate(all="ignore"):
        mase, rmsse = by_series(case, y, p, w, codes)
        size = np.abs(y) + np.abs(p)
        found = {
            "mase": value(lambda: mase),
            "rmsse": value(lambda: rmsse),
            "wape": value(lambda: (w * np.abs(p - y)).sum() / (w * np.abs(y)).sum()),
            "smape": value(lambda: np.average(np.where(size == 0, 0, 2 * np.abs(p - y) / size), weights=w)),
            "mae": value(lambda: metrics.mean_absolute_error(y, p, sample_weight=w)),
            "rmse": value(lambda: metrics.root_mean_squared_error(y, p, sample_weight=w)),
            "bias": value(lambda: np.average(p - y, weights=w)),
            "mape": value(lambda: metrics.mean_absolute_percentage_error(y, p, sample_weight=w)),
            "median_absolute_error": value(lambda: metrics.median_absolute_error(y, p, sample_weight=w)),
        }
    losses = []
    for level, values in case["quantiles"]:
        q = np.array(values, dtype="float64")[keep]
        losses.append(metrics.mean_pinball_loss(y, q, alpha=level, sample_weight=w))
        found[f"pinball@{level}"] = value(lambda: losses[-1])
        found[f"coverage@{level}"] = value(lambda: np.average(y <= q, weights=w))
    if len(losses) > 1:
        found[f"crps{{quantiles={len(losses)}}}"] = value(lambda: 2 * np.mean(losses))
    return found


answer(forecasting)
