import type { Call, Route } from "./call.ts";
import { checkLength, checkRunId, limits } from "./checks.ts";
import { type Fields, missingField } from "./fields.ts";
import type { Dataset, DatasetInput, RunState } from "./run-state.ts";
import { requireActiveRun } from "./runs-api.ts";
import type { Store } from "./store.ts";
import type { View } from "./views.ts";

export const lineageRoutes: readonly Route[] = [
  { method: "POST", path: "/mlflow/runs/log-inputs", handle: logInputs },
  { method: "POST", path: "/mlflow/runs/outputs", handle: logOutputs },
];

async function logInputs({ store, fields }: Call): Promise<View> {
  const runId = fields.requiredString("run_id");
  checkRunId(runId);
  const datasets = fields.messages("datasets").map(readDatasetInput);
  const models = fields.messages("models").map((model) => model.requiredString("model_id"));
  return await store.write((writing) => {
    const run = requireActiveRun(store, runId);
    if (datasets.length + models.length === 0) return {};
    const known = datasets.length === 0 ? new Map() : datasetsOf(store, run.state.experimentId);
    const asKnown = datasets.map((input) => ({
      ...input,
      dataset: known.get(keyOf(input.dataset)) ?? input.dataset,
    }));
    writing.append(run, { kind: "run-inputs", datasets: asKnown, models });
    return {};
  });
}

/** MLflow keeps one dataset for each name and digest of an experiment: the one that was logged first. */
function datasetsOf(store: Store, experimentId: string): Map<string, Dataset> {
  const known = new Map<string, Dataset>();
  for (const run of store.runsOf(experimentId).toSorted(byStart)) {
    for (const { dataset } of run.datasets) {
      if (!known.has(keyOf(dataset))) known.set(keyOf(dataset), dataset);
    }
  }
  return known;
}

function byStart(left: RunState, right: RunState): number {
  return left.startTime - right.startTime;
}

function keyOf({ name, digest }: Dataset): string {
  return JSON.stringify([name, digest]);
}

/** Not checked against the models that exist, as on the real server. */
async function logOutputs({ store, fields }: Call): Promise<View> {
  const runId = fields.requiredString("run_id");
  if (!fields.has("models")) throw missingField("models");
  const models = fields.messages("models").map((model) => ({
    model_id: model.requiredString("model_id"),
    step: model.integer("step") ?? 0,
  }));
  return await store.write((writing) => {
    const run = requireActiveRun(store, runId);
    if (models.length > 0) writing.append(run, { kind: "run-outputs", models });
    return {};
  });
}

function readDatasetInput(fields: Fields): DatasetInput {
  const tags = fields.keyValues("tags");
  for (const { key, value } of tags) {
    checkLength(key, limits.inputTagKey, "tags.key");
    checkLength(value, limits.inputTagValue, "tags.value");
  }
  return { dataset: readDataset(fields.message("dataset")), tags };
}

function readDataset(fields: Fields): Dataset {
  const schema = fields.string("schema");
  const profile = fields.string("profile");
  const dataset: Dataset = {
    name: fields.requiredString("name"),
    digest: fields.requiredString("digest"),
    source_type: fields.requiredString("source_type"),
    source: fields.requiredString("source"),
    ...(schema !== undefined && schema !== "" && { schema }),
    ...(profile !== undefined && profile !== "" && { profile }),
  };
  checkLength(dataset.name, limits.datasetName, "name");
  checkLength(dataset.digest, limits.datasetDigest, "digest");
  checkLength(dataset.source, limits.datasetSource, "source");
  checkLength(dataset.schema ?? "", limits.datasetSchema, "schema");
  checkLength(dataset.profile ?? "", limits.datasetProfile, "profile");
  return dataset;
}
