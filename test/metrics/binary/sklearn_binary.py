"""Reads binary cases as JSON on stdin, writes what scikit-learn says of each as JSON on stdout."""
import sys
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn import isotonic, metrics
from sklearn.linear_model import LogisticRegression

sys.path.append(str(Path(__file__).parents[1]))
from reference import answer, value  # noqa: E402


def corp(y, s, w):
    """Brier score minus that of the isotonic scores; uncertainty minus that."""
    fitted = isotonic.IsotonicRegression(out_of_bounds="clip").fit(s, y, sample_weight=w).predict(s)
    best = np.average((fitted - y) ** 2, weights=w)
    rate = np.average(y, weights=w)
    return np.average((s - y) ** 2, weights=w) - best, rate * (1 - rate) - best


def refit(y, s, w, clip):
    """Slope of an unpenalised logistic regression on the log-odds; None where the classes do not overlap."""
    p = np.clip(s, clip, 1 - clip)
    x = np.log(p / (1 - p))
    if not (x[y == 0].max() > x[y == 1].min() and x[y == 1].max() > x[y == 0].min()):
        return None
    model = LogisticRegression(C=np.inf, tol=1e-12, max_iter=5000, solver="newton-cholesky")
    return model.fit(x[:, None], y, sample_weight=w).coef_[0, 0]


def binary(case):
    y = np.array(case["labels"])
    dtype = np.float32 if case["dtype"] == "float32" else np.float64
    s = np.array(case["scores"], dtype=dtype).astype("float64")
    w = None if case["weights"] is None else np.array(case["weights"], dtype="float64")
    if w is not None:
        y, s, w = y[w > 0], s[w > 0], w[w > 0]
    t = case["threshold"]
    p = (s >= t).astype(int)
    eps = float(np.finfo(dtype).eps)
    inside = bool(len(s)) and s.min() >= 0 and s.max() <= 1
    both = len(set(y.tolist())) == 2
    nan = {"zero_division": np.nan, "sample_weight": w}
    found = {
        "roc_auc": value(lambda: metrics.roc_auc_score(y, s, sample_weight=w)),
        "roc_auc@fpr<=0.1": value(lambda: metrics.roc_auc_score(y, s, sample_weight=w, max_fpr=0.1)),
        "average_precision": value(lambda: metrics.average_precision_score(y, s, sample_weight=w)) if both else None,
        "accuracy": value(lambda: metrics.accuracy_score(y, p, sample_weight=w)),
        "balanced_accuracy": value(lambda: metrics.balanced_accuracy_score(y, p, sample_weight=w)) if both else None,
        "precision": value(lambda: metrics.precision_score(y, p, **nan)),
        "recall": value(lambda: metrics.recall_score(y, p, **nan)),
        "specificity": value(lambda: metrics.recall_score(y, p, pos_label=0, **nan)),
        "f1": value(lambda: metrics.f1_score(y, p, **nan)),
        "fbeta{beta=2}": value(lambda: metrics.fbeta_score(y, p, beta=2, **nan)),
        "jaccard": value(lambda: metrics.jaccard_score(y, p, zero_division=0, sample_weight=w))
        if (y | p).any()
        else None,
        "mcc": value(lambda: metrics.matthews_corrcoef(y, p, sample_weight=w))
        if both and len(set(p.tolist())) == 2
        else None,
        "cohen_kappa": value(lambda: metrics.cohen_kappa_score(y, p, sample_weight=w, labels=[0, 1])),
    }
    if both:
        fpr, tpr, _ = metrics.roc_curve(y, s, sample_weight=w)
        found["ks"] = float(np.max(np.abs(tpr - fpr)))
        if w is None:
            found["ks"] = float(stats.ks_2samp(s[y == 1], s[y == 0]).statistic)
        recalls = metrics.precision_recall_curve(y, s, sample_weight=w)
        with np.errstate(all="ignore"):
            found["max_f1"] = float(np.nanmax(2 * recalls[0] * recalls[1] / (recalls[0] + recalls[1])))
    if inside:
        clipped = np.clip(s, eps, 1 - eps)
        found["log_loss"] = value(lambda: metrics.log_loss(y, clipped, sample_weight=w, labels=[0, 1]))
        found["brier"] = value(lambda: metrics.brier_score_loss(y, s, sample_weight=w, labels=[0, 1]))
        # Its isotonic regression takes scores that are nearly equal for one.
        if np.diff(np.unique(s), prepend=-1).min() > 1e-12:
            found["miscalibration"], found["discrimination"] = map(float, corp(y, s, w))
        found["calibration_slope"] = value(lambda: refit(y, s, w, eps)) if both else None
    return found


answer(binary)
