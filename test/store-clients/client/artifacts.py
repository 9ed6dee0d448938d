"""Files up, listed and down again."""

import hashlib
import random

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as pyplot
import mlflow
import numpy
from mlflow import MlflowClient
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository


def digests(directory):
    return {
        str(file.relative_to(directory)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(directory.rglob("*"))
        if file.is_file()
    }


def write_tree(directory):
    (directory / "sub" / "deep").mkdir(parents=True)
    (directory / "plain.txt").write_text("plain")
    (directory / "empty").write_bytes(b"")
    (directory / "größe 模型 🙂.txt").write_text("unicode")
    (directory / "50% + a&b=c;d.txt").write_text("signs")
    (directory / "sub" / "deep" / "five.bin").write_bytes(random.Random(1).randbytes(5_000_000))
    (directory / "sub" / "table.csv").write_text("a,b\n1,2\n")


def walk(client, run_id, path=None):
    found = {}
    for entry in client.list_artifacts(run_id, path):
        if entry.is_dir:
            found.update(walk(client, run_id, entry.path))
        else:
            found[entry.path] = entry.file_size or 0
    return found


def use(work):
    client = MlflowClient()
    sent, received = work / "sent", work / "received"
    write_tree(sent)
    received.mkdir()
    mlflow.set_experiment("artifacts")
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(sent), artifact_path="tree")
        mlflow.log_artifact(str(sent / "plain.txt"))
        mlflow.log_artifact(str(sent / "empty"), artifact_path="one/two")
        mlflow.log_text("some text", "notes/text.txt")
        mlflow.log_dict({"a": [1, 2]}, "notes/dict.json")
        mlflow.log_dict({"a": 1}, "notes/dict.yaml")
        mlflow.log_table({"x": [1, 2], "y": ["a", "b"]}, "table.json")
        mlflow.log_table({"x": [3], "y": ["c"]}, "table.json")
        figure = pyplot.figure()
        mlflow.log_figure(figure, "plots/figure.png")
        mlflow.log_image(numpy.zeros((4, 4, 3), dtype=numpy.uint8), "image.png")
        mlflow.log_text("gone", "short-lived/text.txt")
        pyplot.close(figure)
    run_id = run.info.run_id
    listed = walk(client, run_id)
    listed.pop("plots/figure.png")
    repository = get_artifact_repository(f"{run.info.artifact_uri}/short-lived")
    repository.delete_artifacts("text.txt")
    tree = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="tree", dst_path=str(received))
    again = mlflow.artifacts.download_artifacts(artifact_uri=f"runs:/{run_id}/tree/sub", dst_path=str(received / "again"))
    figure_file = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="plots/figure.png")
    everything = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="", dst_path=str(received / "all"))
    return {
        "listed": listed,
        "tree": digests(sent) == digests(received / "tree") and tree.endswith("tree"),
        "again": sorted(digests(received / "again" / "sub")) if again.endswith("sub") else again,
        "all": len(digests(received / "all")) if everything else 0,
        "deleted": [f.path for f in repository.list_artifacts()],
        "figure": open(figure_file, "rb").read(8) == b"\x89PNG\r\n\x1a\n",
        "text": mlflow.artifacts.load_text(f"runs:/{run_id}/notes/text.txt"),
        "dict": mlflow.artifacts.load_dict(f"runs:/{run_id}/notes/dict.json"),
        "table": mlflow.load_table("table.json", run_ids=[run_id])[["x", "y"]].to_dict("list"),
        "listing": [(f.path, f.is_dir) for f in mlflow.artifacts.list_artifacts(run_id=run_id)],
    }
