"""Reads rankings as JSON on stdin, writes what scikit-learn says of each as JSON on stdout; what it lacks by definition, without ties."""
import sys
from pathlib import Path

import numpy as np
from sklearn import metrics

sys.path.append(str(Path(__file__).parents[1]))
from reference import answer, value  # noqa: E402


def ranked(relevance, score, ks):
    """Of one query with a relevant row. scikit-learn refuses to rank a single row, which stands rightly."""
    y, s = np.array([relevance], dtype="float64"), np.array([score], dtype="float64")
    alone = y.shape[1] == 1
    found = {"ndcg": 1.0 if alone else metrics.ndcg_score(y, s)}
    for k in ks:
        found[f"ndcg@{k}"] = 1.0 if alone else metrics.ndcg_score(y, s, k=k)
    if len(set(score)) < len(score):
        return found
    hits = (y[0] > 0)[np.argsort(-s[0])]
    found["map"] = metrics.average_precision_score(y[0] > 0, s[0])
    found["mrr"] = 1 / (1 + int(np.argmax(hits)))
    for k in ks:
        found[f"precision@{k}"] = hits[:k].sum() / k
        found[f"recall@{k}"] = hits[:k].sum() / hits.sum()
        found[f"hit_rate@{k}"] = float(hits[:k].any())
    return found


def ranking(case):
    queries = [
        ranked(one["relevances"], one["scores"], case["ks"])
        for one in case["queries"]
        if any(relevance > 0 for relevance in one["relevances"])
    ]
    names = {name for query in queries for name in query}
    # Of queries with and without ties only what all of them have.
    return {
        name: value(lambda: np.mean([query[name] for query in queries]))
        for name in names
        if all(name in query for query in queries)
    }


answer(ranking)
