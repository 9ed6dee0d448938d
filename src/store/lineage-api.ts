import type { Call, Route } from "./call.ts";
import { checkLength, checkRunId, limits } from "./checks.ts";
import { type Fields, missingField } from "./fields.ts";
import type { Dataset, DatasetInput } from "./run-state.ts";
import { requireActiveRun } from "./runs-api.ts";
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
    if (datasets.length + models.length > 0) writing.append(run, { kind: "run-inputs", datasets, models });
    return {};
  });
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
