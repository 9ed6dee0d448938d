"""Autologging, logged models, the registry, and the ways to load a model."""

import mlflow
import numpy
from mlflow import MlflowClient
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression

features, labels = make_classification(n_samples=80, n_features=4, random_state=1)


def use(work):
    return {
        "autolog": autolog(),
        "registry": registry(),
        "loads": loads(),
        "python_model": python_model(),
        "logged_model": logged_model(),
        "copies": copies(),
    }


def autolog():
    mlflow.set_experiment("autolog")
    mlflow.sklearn.autolog()
    try:
        with mlflow.start_run(run_name="auto") as run:
            model = LogisticRegression(C=0.5, max_iter=200).fit(features, labels)
            score = model.score(features, labels)
    finally:
        mlflow.sklearn.autolog(disable=True)
    client = MlflowClient()
    read = client.get_run(run.info.run_id)
    logged = client.get_logged_model(read.outputs.model_outputs[0].model_id)
    loaded = mlflow.sklearn.load_model(f"models:/{logged.model_id}")
    files = sorted(f.path for f in client.list_artifacts(run.info.run_id))
    return {
        "status": read.info.status,
        "params": read.data.params,
        "metrics": {k: round(v, 6) for k, v in read.data.metrics.items()},
        "score": score in [v for k, v in read.data.metrics.items() if "_score_" in k],
        "inputs": [(i.dataset.name, [(t.key, t.value) for t in i.tags]) for i in read.inputs.dataset_inputs],
        "files": files,
        "model": {
            "status": str(logged.status),
            "name": logged.name,
            "run": logged.source_run_id == run.info.run_id,
            "params": logged.params,
            "metrics": sorted((m.key, m.dataset_name) for m in logged.metrics),
        },
        "predicts": bool((loaded.predict(features) == model.predict(features)).all()),
    }


def registry():
    """Leaves `clf`: version 1 from a logged model, version 2 from `runs:/…`, alias champion on 2 and then on 1."""
    client = MlflowClient()
    mlflow.set_experiment("registry")
    model = LogisticRegression().fit(features, labels)
    with mlflow.start_run() as run:
        mlflow.log_metric("auc", 0.9)
        info = mlflow.sklearn.log_model(
            model,
            name="model",
            registered_model_name="clf",
            input_example=features[:2],
            pip_requirements=["scikit-learn"],
        )
    second = mlflow.register_model(f"runs:/{run.info.run_id}/model", "clf", tags={"gate": "passed"})
    third = mlflow.register_model(info.model_uri, "clf")
    client.set_registered_model_alias("clf", "champion", second.version)
    before = client.get_model_version_by_alias("clf", "champion").version
    client.set_registered_model_alias("clf", "champion", "1")
    client.set_registered_model_tag("clf", "owner", "risk")
    client.set_model_version_tag("clf", "1", "approved", "yes")
    client.update_model_version("clf", "1", description="the first")
    client.delete_model_version("clf", third.version)
    one = client.get_model_version("clf", "1")
    found = client.search_model_versions("name = 'clf'", order_by=["version_number ASC"])
    gated = client.search_model_versions(f"name = 'clf' and run_id = '{run.info.run_id}' and tags.gate = 'passed'")
    whole = client.get_registered_model("clf")
    client.create_registered_model("short-lived", description="d")
    client.rename_registered_model("short-lived", "renamed")
    names = [m.name for m in client.search_registered_models("name LIKE '%e%'")]
    client.delete_registered_model("renamed")
    logged = mlflow.get_logged_model(info.model_id)
    return {
        "versions": [second.version, third.version],
        "alias": [before, client.get_model_version_by_alias("clf", "champion").version],
        "one": {
            "status": one.status,
            "aliases": list(one.aliases),
            "tags": one.tags,
            "description": one.description,
            "run": one.run_id == run.info.run_id,
            "source": one.source == f"models:/{info.model_id}",
        },
        "found": [v.version for v in found],
        "gated": [v.version for v in gated],
        "model": {"aliases": whole.aliases, "tags": whole.tags, "latest": [v.version for v in whole.latest_versions]},
        "names": names,
        "logged": {
            "status": str(logged.status),
            "metrics": [(m.key, m.value) for m in logged.metrics],
            "registered": "mlflow.modelVersions" in logged.tags,
        },
        "search": [m.name for m in mlflow.search_logged_models(
            experiment_ids=[run.info.experiment_id], filter_string="metrics.auc > 0.5", output_format="list"
        )],
    }


def loads():
    client = MlflowClient()
    version = client.get_model_version("clf", "1")
    expected = mlflow.sklearn.load_model("models:/clf/1").predict(features)
    uris = {
        "alias": "models:/clf@champion",
        "version": "models:/clf/2",
        "run": f"runs:/{version.run_id}/model",
        "logged": version.source,
        "latest": "models:/clf/latest",
    }
    result = {
        name: bool(numpy.array_equal(mlflow.pyfunc.load_model(uri).predict(features), expected))
        for name, uri in uris.items()
    }
    files = mlflow.artifacts.list_artifacts("models:/clf@champion")
    result["files"] = sorted(f.path for f in files)
    return result


class Doubles(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return [2 * value for value in model_input]


def python_model():
    mlflow.set_experiment("python model")
    with mlflow.start_run():
        info = mlflow.pyfunc.log_model(name="doubles", python_model=Doubles(), pip_requirements=[])
    return list(mlflow.pyfunc.load_model(info.model_uri).predict([1, 2]))


def logged_model():
    mlflow.set_experiment("logged model")
    model = mlflow.initialize_logged_model(name="by hand", params={"a": "1"}, tags={"t": "1"})
    mlflow.log_model_params({"b": "2"}, model_id=model.model_id)
    mlflow.set_logged_model_tags(model.model_id, {"u": "2"})
    mlflow.delete_logged_model_tag(model.model_id, "t")
    with mlflow.start_run():
        mlflow.log_metric("m", 1, model_id=model.model_id)
    mlflow.finalize_logged_model(model.model_id, "READY")
    read = mlflow.get_logged_model(model.model_id)
    external = mlflow.create_external_model(name="elsewhere")
    return {
        "params": read.params,
        "tags": {k: v for k, v in read.tags.items() if not k.startswith("mlflow.")},
        "metrics": [(m.key, m.value) for m in read.metrics],
        "status": [str(read.status), str(external.status)],
    }


def copies():
    client = MlflowClient()
    copy = client.copy_model_version("models:/clf/1", "copied")
    client.transition_model_version_stage("copied", copy.version, "Production")
    loaded = mlflow.sklearn.load_model("models:/copied/Production")
    latest = client.get_latest_versions("copied", ["Production"])
    return {"version": copy.version, "predicts": len(loaded.predict(features)), "latest": [v.version for v in latest]}
