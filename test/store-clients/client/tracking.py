"""Experiments, runs, search, datasets."""

import math

import mlflow
import pandas
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType


def use():
    return {
        "experiments": experiments(),
        "runs": runs(),
        "search": search(),
        "nested": nested(),
        "datasets": datasets(),
        "history": history(),
        "deleted": deleted(),
        "many": many(),
    }


def experiments():
    client = MlflowClient()
    created = mlflow.set_experiment("experiments/ü 1")
    again = mlflow.set_experiment("experiments/ü 1")
    mlflow.set_experiment_tags({"team": "risk", "goal": "x y"})
    other = client.create_experiment("experiments 2", tags={"team": "other"})
    client.rename_experiment(other, "experiments 3")
    found = client.search_experiments(filter_string="tags.team = 'risk'")
    names = [e.name for e in client.search_experiments(filter_string="name LIKE 'experiments%'", order_by=["name ASC"])]
    return {
        "same": created.experiment_id == again.experiment_id,
        "tags": client.get_experiment(created.experiment_id).tags,
        "found": [e.name for e in found],
        "names": names,
        "location": created.artifact_location == f"mlflow-artifacts:/{created.experiment_id}",
        "missing": client.get_experiment_by_name("no such") is None,
    }


def runs():
    mlflow.set_experiment("runs")
    with mlflow.start_run(run_name="one", description="what it is", tags={"a": "1"}) as run:
        mlflow.log_params({"depth": 4, "rate": 0.1, "none": None, "text": "a\nb ü"})
        mlflow.log_metrics({"auc": 0.75, "loss/val": 0.5}, step=1)
        mlflow.log_metric("auc", 0.8, step=2)
        mlflow.set_tags({"b": 2, "c": True})
        mlflow.delete_tag("a")
    with mlflow.start_run(run_id=run.info.run_id):
        mlflow.log_metric("late", 1)
    failed = None
    try:
        with mlflow.start_run(run_name="fails") as second:
            failed = second.info.run_id
            raise RuntimeError("as a script may")
    except RuntimeError:
        pass
    client = MlflowClient()
    killed = client.create_run(run.info.experiment_id, run_name="killed")
    client.set_terminated(killed.info.run_id, "KILLED")
    read = mlflow.get_run(run.info.run_id)
    return {
        "name": read.info.run_name,
        "status": read.info.status,
        "ended": read.info.end_time >= read.info.start_time > 0,
        "params": read.data.params,
        "metrics": read.data.metrics,
        "tags": {k: v for k, v in read.data.tags.items() if not k.startswith("mlflow.source") and k != "mlflow.user"},
        "failed": client.get_run(failed).info.status,
        "killed": client.get_run(killed.info.run_id).info.status,
    }


def search():
    experiment = mlflow.set_experiment("search").experiment_id
    client = MlflowClient()
    for number in range(5):
        run = client.create_run(experiment, start_time=1000 + number, run_name=f"r{number}")
        client.log_batch(
            run.info.run_id,
            metrics=[Metric("auc", number / 10, 1, 0), Metric("my metric", number, 1, 0)],
            params=[Param("p", f"v{number}")],
            tags=[RunTag("even", str(number % 2 == 0))],
        )
        client.set_terminated(run.info.run_id)

    def names(filter_string="", **more):
        return [r.info.run_name for r in client.search_runs([experiment], filter_string, **more)]

    pages = []
    token = None
    while True:
        page = client.search_runs([experiment], order_by=["metrics.auc DESC"], max_results=2, page_token=token)
        pages.append([r.info.run_name for r in page])
        token = page.token
        if not token:
            break
    frame = mlflow.search_runs(experiment_names=["search"], order_by=["metrics.auc DESC"])
    return {
        "all": names(),
        "metric": names("metrics.auc > 0.15 and metrics.`my metric` < 4", order_by=["metrics.auc ASC"]),
        "param": names("params.p = 'v3'"),
        "tag": names("tags.even = 'True'", order_by=["attributes.start_time ASC"]),
        "status": names("attributes.status = 'FINISHED'", max_results=1),
        "like": names("attributes.run_name LIKE 'r_'"),
        "pages": pages,
        "frame": {
            "columns": sorted(c for c in frame.columns if c.split(".")[0] in ("metrics", "params")),
            "auc": frame["metrics.auc"].tolist(),
            "p": frame["params.p"].tolist(),
        },
        "none": names("metrics.nothing > 1"),
    }


def nested():
    mlflow.set_experiment("nested")
    with mlflow.start_run(run_name="parent") as parent:
        for number in range(2):
            with mlflow.start_run(run_name=f"child {number}", nested=True):
                mlflow.log_metric("m", number)
    children = mlflow.search_runs(
        experiment_names=["nested"],
        filter_string=f"tags.mlflow.parentRunId = '{parent.info.run_id}'",
        order_by=["metrics.m ASC"],
        output_format="list",
    )
    return [child.info.run_name for child in children]


def datasets():
    mlflow.set_experiment("datasets")
    frame = pandas.DataFrame({"x": [1.0, 2.0, 3.0], "y": [0, 1, 0]})
    dataset = mlflow.data.from_pandas(frame, source="data/train.csv", name="train", targets="y")
    with mlflow.start_run() as run:
        mlflow.log_input(dataset, context="training", tags={"part": "1"})
        mlflow.log_metric("auc", 0.5, dataset=dataset)
    read = mlflow.get_run(run.info.run_id)
    found = mlflow.search_runs(experiment_names=["datasets"], filter_string="dataset.name = 'train'", output_format="list")
    return {
        "inputs": [
            {
                "name": i.dataset.name,
                "digest": i.dataset.digest == dataset.digest,
                "source_type": i.dataset.source_type,
                "schema": i.dataset.schema,
                "tags": sorted((t.key, t.value) for t in i.tags),
            }
            for i in read.inputs.dataset_inputs
        ],
        "found": len(found),
    }


def history():
    client = MlflowClient()
    mlflow.set_experiment("history")
    with mlflow.start_run() as run:
        points = [Metric("loss", 1 / (step + 1), 1000 + step, step) for step in range(1200)]
        client.log_batch(run.info.run_id, metrics=points[:1000])
        client.log_batch(run.info.run_id, metrics=points[1000:])
        for step in range(20):
            mlflow.log_metric("async", step, step=step, synchronous=False)
        mlflow.flush_async_logging()
        mlflow.log_metrics({"nan": math.nan, "inf": math.inf, "low": -math.inf})
    points = client.get_metric_history(run.info.run_id, "loss")
    metrics = client.get_run(run.info.run_id).data.metrics
    return {
        "points": len(points),
        "async": len(client.get_metric_history(run.info.run_id, "async")),
        "steps": sorted(p.step for p in points) == list(range(1200)),
        "latest": metrics["loss"] == 1 / 1200,
        "nan": math.isnan(metrics["nan"]),
        "inf": metrics["inf"] > 1e308,
        "low": metrics["low"] < -1e308,
    }


def deleted():
    client = MlflowClient()
    experiment = client.create_experiment("deleted")
    run = client.create_run(experiment, run_name="gone").info.run_id
    client.delete_run(run)
    stages = [client.get_run(run).info.lifecycle_stage]
    active = len(client.search_runs([experiment]))
    trashed = len(client.search_runs([experiment], run_view_type=ViewType.DELETED_ONLY))
    client.restore_run(run)
    stages.append(client.get_run(run).info.lifecycle_stage)
    client.delete_experiment(experiment)
    stages.append(client.get_experiment(experiment).lifecycle_stage)
    client.restore_experiment(experiment)
    stages.append(client.get_experiment(experiment).lifecycle_stage)
    return {"stages": stages, "active": active, "trashed": trashed}


def many():
    """More than one batch holds."""
    mlflow.set_experiment("many")
    with mlflow.start_run() as run:
        mlflow.log_params({f"p{i}": i for i in range(250)})
        mlflow.set_tags({f"t{i}": i for i in range(150)})
        mlflow.log_metrics({f"m{i}": i for i in range(1500)})
    data = mlflow.get_run(run.info.run_id).data
    return {"params": len(data.params), "metrics": len(data.metrics), "tags": len([t for t in data.tags if t[0] == "t"])}
