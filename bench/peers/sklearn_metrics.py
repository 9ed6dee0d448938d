"""AUC, average precision, log-loss, Brier score and KS with scikit-learn, overall and by group: usage `python sklearn_metrics.py FILE.parquet`."""

import json
import sys

import numpy
import pyarrow.parquet as parquet
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score, roc_curve


def measure(labels, scores):
    false_rate, true_rate, _ = roc_curve(labels, scores)
    return {
        "roc_auc": roc_auc_score(labels, scores),
        "average_precision": average_precision_score(labels, scores),
        "log_loss": log_loss(labels, scores),
        "brier": brier_score_loss(labels, scores),
        "ks": float(numpy.max(true_rate - false_rate)),
    }


table = parquet.read_table(sys.argv[1], columns=["label", "score", "region"])
labels = table["label"].to_numpy()
scores = table["score"].to_numpy()
regions = table["region"].combine_chunks().dictionary_encode()
codes = regions.indices.to_numpy()
result = {"overall": measure(labels, scores)}
for code, name in enumerate(regions.dictionary.to_pylist()):
    rows = codes == code
    result[name] = measure(labels[rows], scores[rows])
json.dump(result, sys.stdout)
