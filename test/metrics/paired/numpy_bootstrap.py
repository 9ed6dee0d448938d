"""
Reads cases as JSON on stdin: labels, the scores of two models, a seed and how many replicates are drawn. Answers for each the differences of
scikit-learn's metrics (and calibration errors after Guo et al. 2017) in the first replicates of sfc32 with that seed, and their standard
errors and percentiles over a thousand resamples of NumPy's own generator.
"""
import json
import sys

import numpy as np
from sklearn.metrics import average_precision_score, roc_curve

mask = 0xFFFFFFFF


def sfc32(seed):
    a, b, c, counter = 0, seed & mask, 0, 1
    drawn = 0
    while True:
        t = (a + b + counter) & mask
        counter = (counter + 1) & mask
        a = b ^ (b >> 9)
        b = (c + (c << 3)) & mask
        c = ((((c << 21) | (c >> 11)) & mask) + t) & mask
        drawn += 1
        if drawn > 12:
            yield t


def calibration_error(y, p, weights, bins=15):
    place = np.clip(np.ceil(p * bins).astype(int) - 1, 0, bins - 1)
    gaps = np.bincount(place, weights * (p - y), bins)
    return np.abs(gaps).sum() / weights.sum()


def lift(y, p, weights, share=0.1):
    """The top share of all weight; rows of one score count alike."""
    cut, taken, hits = share * weights.sum(), 0.0, 0.0
    for score in np.unique(p)[::-1]:
        own = p == score
        both = weights[own].sum()
        part = min(1.0, (cut - taken) / both) if both > 0 else 0.0
        if part <= 0:
            continue
        hits += part * (weights * y)[own].sum()
        taken += both
        if taken >= cut:
            break
    return hits / (weights * y).sum() / share


def figures(y, p, weights):
    fpr, tpr, _ = roc_curve(y, p, sample_weight=weights, drop_intermediate=False)
    return {
        "average_precision": average_precision_score(y, p, sample_weight=weights),
        "ks": np.abs(tpr - fpr).max(),
        "lift@10%": lift(y, p, weights),
        "ece{bins=15,strategy=uniform}": calibration_error(y, p, weights),
    }


def differences(y, first, other, weights):
    before, after = figures(y, first, weights), figures(y, other, weights)
    return {name: after[name] - before[name] for name in before}


answers = []
for case in json.load(sys.stdin):
    y, first, other = (np.array(case[name], dtype=float) for name in ("labels", "first", "other"))
    random, n = sfc32(case["seed"]), len(y)
    own = []
    for _ in range(case["replicates"]):
        places = [int(next(random) * (n / 2**32)) for _ in range(n)]
        own.append(differences(y, first, other, np.bincount(places, minlength=n).astype(float)))
    generator = np.random.default_rng(1)
    drawn = [differences(y, first, other, np.bincount(generator.integers(0, n, n), minlength=n).astype(float)) for _ in range(1000)]
    names = list(drawn[0])
    values = {name: np.array([one[name] for one in drawn]) for name in names}
    answers.append(
        {
            "replicates": own,
            "se": {name: values[name].std(ddof=1) for name in names},
            "low": {name: np.percentile(values[name], 2.5) for name in names},
            "high": {name: np.percentile(values[name], 97.5) for name in names},
        }
    )
json.dump(answers, sys.stdout)
