import { listBelowRoot } from "./artifact-listing.ts";
import type { Call, Route } from "./call.ts";
import { checkKey, checkLength, limits } from "./checks.ts";
import { requireActiveExperiment } from "./experiments-api.ts";
import { type LoggedModelState, loggedModelStatuses } from "./logged-model-state.ts";
import { randomRunName } from "./random-name.ts";
import { invalid, missing, StoreRefusal } from "./refusal.ts";
import { searchLoggedModels } from "./search-logged-models.ts";
import type { Store } from "./store.ts";
import type { LoggedModelJournal } from "./store-index.ts";
import { type View, viewLoggedModel } from "./views.ts";

export const loggedModelRoutes: readonly Route[] = [
  { method: "POST", path: "/mlflow/logged-models", handle: createModel },
  { method: "POST", path: "/mlflow/logged-models/search", handle: searchLoggedModels },
  { method: "GET", path: "/mlflow/logged-models/:model_id", handle: getModel },
  { method: "PATCH", path: "/mlflow/logged-models/:model_id", handle: finalizeModel },
  { method: "DELETE", path: "/mlflow/logged-models/:model_id", handle: deleteModel },
  { method: "PATCH", path: "/mlflow/logged-models/:model_id/tags", handle: setTags },
  { method: "DELETE", path: "/mlflow/logged-models/:model_id/tags/:tag_key", handle: deleteTag },
  { method: "POST", path: "/mlflow/logged-models/:model_id/params", handle: logParams },
  { method: "GET", path: "/mlflow/logged-models/:model_id/artifacts/directories", handle: listArtifacts },
];

/** The model, unless it is deleted; 404 if there is none. */
export function requireLoggedModel(store: Store, modelId: string): LoggedModelJournal {
  const journal = store.loggedModel(modelId);
  journal?.refresh();
  if (journal === undefined || journal.state.lifecycle === "deleted") {
    throw missing(`Logged model with ID '${modelId}' not found.`);
  }
  return journal;
}

async function createModel({ store, fields }: Call): Promise<View> {
  const experimentId = fields.requiredString("experiment_id");
  const name = fields.string("name") ?? "";
  const params = fields.keyValues("params");
  const tags = fields.keyValues("tags");
  checkName(name);
  checkPairs(params, "params");
  checkPairs(tags, "tags");
  return await store.write((writing) => {
    const experiment = requireActiveExperiment(store, experimentId).state;
    const modelId = `m-${store.randomHex(16)}`;
    const journal = store.loggedModelSlot(experiment.id, modelId);
    writing.append(journal, {
      kind: "model-created",
      modelId,
      experimentId: experiment.id,
      name: name === "" ? randomRunName((count) => store.randomHex(count)) : name,
      artifactUri: `${experiment.artifactLocation}/models/${modelId}/artifacts`,
      modelType: fields.string("model_type") ?? "",
      sourceRunId: fields.string("source_run_id") ?? "",
      params: recordOf(params),
      tags: recordOf(tags),
    });
    return { model: viewLoggedModel(journal.state) };
  });
}

function getModel({ store, fields, params }: Call): View {
  const modelId = params["model_id"] ?? "";
  const journal = store.loggedModel(modelId);
  if (journal !== undefined && fields.boolean("allow_deleted")) {
    return { model: viewLoggedModel(journal.state) };
  }
  return { model: viewLoggedModel(requireLoggedModel(store, modelId).state) };
}

async function finalizeModel({ store, fields, params }: Call): Promise<View> {
  // Clients send the id twice; the one in the path counts.
  fields.requiredString("model_id");
  const status = fields.choice("status", loggedModelStatuses, 0);
  if (status === undefined) fields.requiredString("status");
  return await store.write((writing) => {
    const journal = requireLoggedModel(store, params["model_id"] ?? "");
    if (status !== undefined) writing.append(journal, { kind: "model-finalized", status });
    return { model: viewLoggedModel(journal.state) };
  });
}

async function deleteModel({ store, params }: Call): Promise<View> {
  return await store.write((writing) => {
    writing.append(requireLoggedModel(store, params["model_id"] ?? ""), { kind: "model-deleted" });
    return {};
  });
}

async function setTags({ store, fields, params }: Call): Promise<View> {
  const tags = fields.keyValues("tags");
  checkPairs(tags, "tags");
  return await store.write((writing) => {
    const journal = requireLoggedModel(store, params["model_id"] ?? "");
    if (tags.length > 0) writing.append(journal, { kind: "model-tags-set", tags: recordOf(tags) });
    return {};
  });
}

async function deleteTag({ store, params }: Call): Promise<View> {
  const modelId = params["model_id"] ?? "";
  const key = params["tag_key"] ?? "";
  return await store.write((writing) => {
    const journal = requireLoggedModel(store, modelId);
    if (!journal.state.tags.has(key)) {
      throw missing(`No tag with key '${key}' found for model with ID '${modelId}'.`);
    }
    writing.append(journal, { kind: "model-tag-deleted", key });
    return {};
  });
}

async function logParams({ store, fields, params }: Call): Promise<View> {
  const logged = fields.keyValues("params");
  checkPairs(logged, "params");
  return await store.write((writing) => {
    const journal = requireLoggedModel(store, params["model_id"] ?? "");
    refuseChanges(journal.state, logged);
    if (logged.length > 0) writing.append(journal, { kind: "model-params-logged", params: recordOf(logged) });
    return {};
  });
}

async function listArtifacts({ store, fields, params }: Call): Promise<View> {
  const model = requireLoggedModel(store, params["model_id"] ?? "").state;
  return await listBelowRoot(store.layout, model.artifactUri, fields.string("artifact_directory_path") ?? "");
}

type Pairs = readonly { readonly key: string; readonly value: string }[];

function refuseChanges(model: LoggedModelState, logged: Pairs): void {
  for (const { key, value } of logged) {
    const known = model.params.get(key);
    if (known === undefined || known === value) continue;
    throw new StoreRefusal(
      "BAD_REQUEST",
      `Changing param values is not allowed. Param with key='${key}' was already logged with ` +
        `value='${known}' for model ID='${model.modelId}'. Attempted logging new value '${value}'.`,
    );
  }
}

function checkName(name: string): void {
  if (!/[/:.%"']/.test(name)) return;
  throw invalid(
    `Invalid model name ('${name}') provided. Model name must be a non-empty string and cannot contain the ` +
      `following characters: ('/', ':', '.', '%', '"', "'")`,
  );
}

function checkPairs(pairs: Pairs, label: string): void {
  for (const [index, { key, value }] of pairs.entries()) {
    checkKey(key, `${label}[${index}].key`);
    checkLength(key, limits.key, `${label}[${index}].key`);
    const limit = label === "params" ? limits.paramValue : limits.runTagValue;
    checkLength(value, limit, `${label}[${index}].value`);
  }
}

function recordOf(pairs: Pairs): Readonly<Record<string, string>> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}
