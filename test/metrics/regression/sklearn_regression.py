"""Reads regression cases as JSON on stdin, writes what scikit-learn and SciPy say of each as JSON on stdout."""
import sys
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn import metrics

sys.path.append(str(Path(__file__).parents[1]))
from reference import answer, value  # noqa: E402


def lorenz_gini(y, order_by, w):
    """Of scikit-learn's example on Tweedie regression, for values without ties."""
    order = np.argsort(order_by)
    claims = np.concatenate([[0], np.cumsum(y[order] * w[order])])
    exposure = np.concatenate([[0], np.cumsum(w[order])])
    return 1 - 2 * metrics.auc(exposure / exposure[-1], claims / claims[-1])


def regression(case):
    y = np.array(case["truths"], dtype="float64")
    p = np.array(case["predictions"], dtype="float64")
    w = None if case["weights"] is None else np.array(case["weights"], dtype="float64")
    if w is not None:
        # Raises for a row of weight 0 that is outside of a deviance's domain; everywhere else it counts nothing.
        y, p, w = y[w > 0], p[w > 0], w[w > 0]
    found = {
        name: value(lambda: getattr(metrics, function)(y, p, sample_weight=w))
        for name, function in {
            "rmse": "root_mean_squared_error",
            "mae": "mean_absolute_error",
            "mse": "mean_squared_error",
            "r2": "r2_score",
            "explained_variance": "explained_variance_score",
            "median_absolute_error": "median_absolute_error",
            "mape": "mean_absolute_percentage_error",
            "msle": "mean_squared_log_error",
            "rmsle": "root_mean_squared_log_error",
            "d2_absolute_error": "d2_absolute_error_score",
            "mean_poisson_deviance": "mean_poisson_deviance",
            "mean_gamma_deviance": "mean_gamma_deviance",
        }.items()
    }
    if w is None:
        found["max_error"] = value(lambda: metrics.max_error(y, p))
        found["pearson"] = value(lambda: stats.pearsonr(y, p)[0])
        found["spearman"] = value(lambda: stats.spearmanr(y, p)[0])
        found["kendall"] = value(lambda: stats.kendalltau(y, p)[0])
    for power in (-1, 0, 1.5, 3):
        found[f"mean_tweedie_deviance@{power}"] = value(
            lambda: metrics.mean_tweedie_deviance(y, p, sample_weight=w, power=power)
        )
    for power in (1, 1.5, 2):
        found[f"d2_tweedie@{power}"] = value(lambda: metrics.d2_tweedie_score(y, p, sample_weight=w, power=power))
    ones = np.ones_like(y) if w is None else w
    is_clear = len(set(p)) == len(p) and (y >= 0).all() and (y > 0).any() and (y * ones).sum() > 0
    if is_clear:
        gini = lorenz_gini(y, p, ones)
        found["gini"] = value(lambda: gini)
        if abs(lorenz_gini(y, y, ones)) > 1e-9:
            found["gini_normalized"] = value(lambda: gini / lorenz_gini(y, y, ones))
    return found


answer(regression)
