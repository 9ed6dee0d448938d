"""Fills the store that MLFLOW_TRACKING_URI names, as a training script would."""
import sys
import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from sklearn.linear_model import LogisticRegression

client = MlflowClient()
mlflow.set_experiment("Übung 1")
mlflow.set_experiment_tag("team", "a b")
mlflow.sklearn.autolog()
generator = np.random.default_rng(0)
table = pd.DataFrame(generator.random((60, 3)), columns=list("abc"))
label = (table.a > 0.5).astype(int)
with mlflow.start_run(run_name="first", tags={"note": "line one\nline two"}) as run:
    model = LogisticRegression().fit(table, label)
    for step in range(5):
        mlflow.log_metric("loss/train", 1 / (step + 1), step=step)
    mlflow.log_metric("undefined", float("nan"))
    mlflow.log_metric("tiny", -1.5e-300)
    mlflow.log_param("empty", "")
    mlflow.log_text("text in a folder\n", "notes/größe 1.txt")
    mlflow.sklearn.log_model(
        model, name="clf", registered_model_name="mortality", pip_requirements=["scikit-learn"]
    )
mlflow.register_model(f"runs:/{run.info.run_id}/clf", "mortality", tags={"gate": "pass"})
client.update_model_version("mortality", "2", description="the second: \"quoted\", 50 %")
client.set_registered_model_alias("mortality", "champion", "1")
client.set_registered_model_alias("mortality", "champion", "2")
client.set_registered_model_tag("mortality", "owner", "team")
client.create_registered_model("empty model")
deleted = mlflow.create_experiment("gone")
with mlflow.start_run(experiment_id=deleted):
    mlflow.log_param("a", 1)
client.delete_experiment(deleted)
with mlflow.start_run() as failed:
    pass
client.delete_run(failed.info.run_id)
# What a client of this store loads is what it logged.
loaded = mlflow.sklearn.load_model("models:/mortality@champion")
assert (loaded.predict(table) == model.predict(table)).all()
path = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="notes")
assert open(path + "/größe 1.txt", encoding="utf-8").read() == "text in a folder\n"
found = mlflow.search_runs(filter_string="metrics.`loss/train` < 0.5 and tags.note LIKE 'line%'")
assert list(found.run_id) == [run.info.run_id], found
