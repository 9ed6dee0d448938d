"""What a client is told when it asks for something that is not there, and how long that takes."""

import os
import time

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException


def refusal(call):
    started = time.monotonic()
    try:
        call()
    except MlflowException as error:
        return {"code": error.error_code, "quick": time.monotonic() - started < 20}
    except Exception as error:
        return {"type": type(error).__name__, "quick": time.monotonic() - started < 20}
    return "accepted"


def use(work):
    client = MlflowClient()
    mlflow.set_experiment("refusals")
    with mlflow.start_run() as run:
        mlflow.log_param("p", 1)
        mlflow.log_text("x", "dir/file.txt")
    run_id = run.info.run_id
    target = str(work / "refused")
    return {
        "run": refusal(lambda: client.get_run("0123456789abcdef0123456789abcdef")),
        "experiment": refusal(lambda: client.get_experiment("987654321987")),
        "param": refusal(lambda: client.log_param(run_id, "p", 2)),
        "key": refusal(lambda: client.log_metric(run_id, "a//b", 1)),
        "filter": refusal(lambda: client.search_runs(["0"], "nonsense")),
        "artifact": refusal(lambda: mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="no", dst_path=target)),
        "model": refusal(lambda: client.get_registered_model("no-such-model")),
        "load": refusal(lambda: mlflow.pyfunc.load_model("models:/no-such-model@champion")),
        "load_run": refusal(lambda: mlflow.pyfunc.load_model(f"runs:/{run_id}/no")),
        "alias": refusal(lambda: client.get_model_version_by_alias("clf", "no-such-alias")),
        "version": refusal(lambda: client.get_model_version("clf", "99")),
        "source": refusal(lambda: client.create_model_version("clf", "/etc")),
        "model_name": refusal(lambda: client.create_registered_model("a/b")),
        "experiment_name": refusal(lambda: client.create_experiment("refusals")),
        "logged_model": refusal(lambda: client.get_logged_model("m-0123456789abcdef0123456789abcdef")),
        "deleted_run": refusal(lambda: (client.delete_run(run_id), client.log_metric(run_id, "m", 1))),
    }


def wrong_token():
    """The last question: the token of the environment is not put back."""
    os.environ["MLFLOW_TRACKING_TOKEN"] = "wrong"
    return refusal(lambda: MlflowClient().get_experiment("0"))
