"""Prints all that a client sees of the store argv[1] as JSON, sorted, without what names the store itself."""
import json
import sys
from mlflow import MlflowClient
from mlflow.entities import ViewType

client = MlflowClient(tracking_uri=sys.argv[1], registry_uri=sys.argv[1])


def pairs(mapping):
    return sorted(mapping.items())


def dump_run(run):
    info = run.info
    return {
        "id": info.run_id, "experiment": info.experiment_id, "name": info.run_name, "status": info.status,
        "start": info.start_time, "end": info.end_time, "stage": info.lifecycle_stage,
        "uri": info.artifact_uri, "user": info.user_id,
        "params": pairs(run.data.params), "tags": pairs(run.data.tags),
        "latest": sorted((key, repr(value)) for key, value in run.data.metrics.items()),
        "history": {
            key: [(m.timestamp, m.step, repr(m.value)) for m in client.get_metric_history(info.run_id, key)]
            for key in sorted(run.data.metrics)
        },
        "datasets": sorted(
            (i.dataset.name, i.dataset.digest, i.dataset.source, i.dataset.schema, i.dataset.profile,
             sorted((t.key, t.value) for t in i.tags))
            for i in run.inputs.dataset_inputs
        ),
        "model_inputs": sorted(i.model_id for i in run.inputs.model_inputs),
        "outputs": sorted((o.model_id, o.step) for o in run.outputs.model_outputs),
    }


def dump_logged_model(model):
    return {
        "id": model.model_id, "name": model.name, "status": str(model.status), "uri": model.artifact_location,
        "experiment": model.experiment_id, "type": model.model_type, "run": model.source_run_id,
        "created": model.creation_timestamp, "params": pairs(model.params), "tags": pairs(model.tags),
        "metrics": sorted(
            (m.key, m.timestamp, m.step, repr(m.value), m.run_id, m.dataset_name, m.dataset_digest)
            for m in model.metrics or []
            if m.value == m.value  # MLflow's tables cannot hold NaN here
        ),
    }


def dump_version(version):
    return {
        "version": int(version.version), "source": version.source, "run": version.run_id,
        "stage": version.current_stage, "description": version.description, "status": version.status,
        "created": version.creation_timestamp, "tags": pairs(version.tags),
        "uri": client.get_model_version_download_uri(version.name, version.version),
    }


experiments = client.search_experiments(view_type=ViewType.ALL)
ids = sorted(e.experiment_id for e in experiments)
print(json.dumps({
    "experiments": sorted(
        (e.experiment_id, e.name, e.lifecycle_stage, e.artifact_location, e.creation_time, pairs(e.tags))
        for e in experiments
    ),
    "runs": sorted(
        (dump_run(client.get_run(r.info.run_id)) for r in client.search_runs(ids, run_view_type=ViewType.ALL)),
        key=lambda run: run["id"],
    ),
    "logged_models": sorted(map(dump_logged_model, client.search_logged_models(ids)), key=lambda m: m["id"]),
    "models": sorted(
        (m.name, m.description or "", m.creation_timestamp, pairs(m.tags),
         sorted((alias, int(version)) for alias, version in m.aliases.items()))
        for m in client.search_registered_models()
    ),
    "versions": sorted(
        (v.name, sorted(dump_version(v).items(), key=lambda item: item[0]))
        for v in client.search_model_versions("")
    ),
}, indent=1, sort_keys=True))
