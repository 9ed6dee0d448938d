import type { Call, Route } from "./call.ts";
import { checkKey, checkLength, checkRunId, limits } from "./checks.ts";
import { type Fields, isRecord } from "./fields.ts";
import { metricIdentity, readStoredValue, type StoredMetric, toStoredValue } from "./metrics.ts";
import { invalid, missing } from "./refusal.ts";
import type { RunState } from "./run-state.ts";
import { checkRunTag, requireActiveRun } from "./runs-api.ts";
import type { Store, Writing } from "./store.ts";
import type { View } from "./views.ts";

export const loggingRoutes: readonly Route[] = [
  { method: "POST", path: "/mlflow/runs/log-metric", handle: logMetric },
  { method: "POST", path: "/mlflow/runs/log-parameter", handle: logParameter },
  { method: "POST", path: "/mlflow/runs/log-batch", handle: logBatch },
  { method: "POST", path: "/mlflow/runs/set-tag", handle: setTag },
  { method: "POST", path: "/mlflow/runs/delete-tag", handle: deleteTag },
  { method: "POST", path: "/mlflow/runs/log-model", handle: logModel },
];

const historyTag = "mlflow.log-model.history";

async function logMetric({ store, fields }: Call): Promise<View> {
  const runId = fields.runId();
  const metric = readMetric(fields, "");
  return await store.write((writing) => {
    const run = requireActiveRun(store, runId);
    logModelMetrics(store, writing, { runId, metrics: [metric] });
    const metrics = newMetrics(run.state, [metric]);
    if (metrics.length > 0) writing.append(run, { kind: "run-logged", metrics });
    return {};
  });
}

async function logParameter({ store, fields }: Call): Promise<View> {
  const runId = fields.runId();
  const key = fields.requiredString("key");
  const value = fields.string("value") ?? "";
  checkParam(key, value, "key");
  return await store.write((writing) => {
    const run = requireActiveRun(store, runId);
    const known = run.state.params.get(key);
    if (known === value) return {};
    if (known !== undefined) {
      throw invalid(
        `Changing param values is not allowed. Param with key='${key}' was already logged with ` +
          `value='${known}' for run ID='${runId}'. Attempted logging new value '${value}'.`,
      );
    }
    writing.append(run, { kind: "run-logged", params: { [key]: value } });
    return {};
  });
}

/** One event for the whole batch: it is there as a whole or not at all. */
async function logBatch({ store, fields }: Call): Promise<View> {
  const runId = fields.requiredString("run_id");
  checkRunId(runId);
  const metrics = fields
    .messages("metrics")
    .map((entry, index, all) => readMetric(entry, all.length === 1 ? "" : `metrics[${index}].`));
  const params = fields.keyValues("params");
  const tags = fields.keyValues("tags");
  for (const [index, { key, value }] of params.entries()) checkParam(key, value, `params[${index}].key`);
  for (const [index, { key, value }] of tags.entries()) checkRunTag(key, value, `tags[${index}].key`);
  checkBatchSizes(metrics.length, params.length, tags.length);
  checkUniqueParams(params.map(({ key }) => key));
  return await store.write((writing) => {
    const run = requireActiveRun(store, runId);
    const newParams = changedParams(run.state, params);
    logModelMetrics(store, writing, { runId, metrics });
    const logged = newMetrics(run.state, metrics);
    if (logged.length + newParams.length + tags.length === 0) return {};
    writing.append(run, {
      kind: "run-logged",
      ...(logged.length > 0 && { metrics: logged }),
      ...(newParams.length > 0 && { params: recordOf(newParams) }),
      ...(tags.length > 0 && { tags: recordOf(tags) }),
    });
    return {};
  });
}

async function setTag({ store, fields }: Call): Promise<View> {
  const runId = fields.runId();
  const key = fields.requiredString("key");
  const value = fields.string("value") ?? "";
  checkRunTag(key, value, "key");
  return await store.write((writing) => {
    writing.append(requireActiveRun(store, runId), { kind: "run-logged", tags: { [key]: value } });
    return {};
  });
}

async function deleteTag({ store, fields }: Call): Promise<View> {
  const runId = fields.runId();
  const key = fields.requiredString("key");
  return await store.write((writing) => {
    const run = requireActiveRun(store, runId);
    if (!run.state.tags.has(key)) throw missing(`No tag with name: ${key} in run with id ${runId}`);
    writing.append(run, { kind: "run-tag-deleted", key });
    return {};
  });
}

/** What 2.x clients send after an upload: kept in a tag of the run, as MLflow does. */
async function logModel({ store, fields }: Call): Promise<View> {
  const runId = fields.requiredString("run_id");
  const model = parseModelInfo(fields.requiredString("model_json"));
  return await store.write((writing) => {
    const run = requireActiveRun(store, runId);
    const history: unknown = JSON.parse(run.state.tags.get(historyTag) ?? "[]");
    const value = JSON.stringify([...(Array.isArray(history) ? history : []), model]);
    checkRunTag(historyTag, value, "key");
    writing.append(run, { kind: "run-logged", tags: { [historyTag]: value } });
    return {};
  });
}

function parseModelInfo(text: string): Readonly<Record<string, unknown>> {
  let model: unknown;
  try {
    model = JSON.parse(text);
  } catch {
    throw invalid(`Malformed model info. \n ${text} \n is not a valid JSON.`);
  }
  if (!isRecord(model)) throw invalid(`Malformed model info. \n ${text} \n is not a valid JSON.`);
  const info = model;
  const missingFields = ["artifact_path", "flavors", "utc_time_created", "run_id"].filter(
    (key) => !(key in info),
  );
  if (missingFields.length > 0) {
    throw invalid(
      `Model json is missing mandatory fields: {${missingFields.map((key) => `'${key}'`).join(", ")}}`,
    );
  }
  return info;
}

function readMetric(fields: Fields, path: string): StoredMetric {
  const key = fields.requiredKey();
  checkKey(key, `${path}name`);
  checkLength(key, limits.key, "Metric name");
  const value = toStoredValue(fields.requiredDouble("value"));
  const timestamp = fields.requiredInteger("timestamp");
  if (timestamp < 0) {
    throw invalid(
      `Invalid value ${timestamp} for parameter '${path}timestamp' supplied: metric '${key}' (value=${value}). ` +
        "Timestamp must be a nonnegative long (64-bit integer) ",
    );
  }
  const modelId = fields.string("model_id") ?? "";
  const datasetName = fields.string("dataset_name") ?? "";
  const datasetDigest = fields.string("dataset_digest") ?? "";
  return {
    key,
    timestamp,
    step: fields.integer("step") ?? 0,
    value,
    ...(modelId !== "" && { modelId }),
    ...(datasetName !== "" && { datasetName }),
    ...(datasetDigest !== "" && { datasetDigest }),
  };
}

/** Without the points that the run holds already, also within the batch. */
function newMetrics(run: RunState, metrics: readonly StoredMetric[]): readonly StoredMetric[] {
  const seen = new Set<string>();
  return metrics.filter((metric) => {
    const identity = metricIdentity({ ...metric, value: readStoredValue(metric.value) });
    const known = run.metrics.get(metric.key)?.identities.has(identity) === true;
    if (known || seen.has(`${metric.key} ${identity}`)) return false;
    seen.add(`${metric.key} ${identity}`);
    return true;
  });
}

/** A metric that names a logged model is the model's too. */
function logModelMetrics(
  store: Store,
  writing: Writing,
  logged: { readonly runId: string; readonly metrics: readonly StoredMetric[] },
): void {
  const byModel = Map.groupBy(
    logged.metrics.filter((metric) => metric.modelId !== undefined),
    (metric) => metric.modelId ?? "",
  );
  const models = [...byModel].map(([modelId, metrics]) => {
    const journal = store.loggedModel(modelId);
    if (journal === undefined) throw missing(`Logged model with ID '${modelId}' not found.`);
    return { journal, metrics };
  });
  for (const { journal, metrics } of models) {
    journal.refresh();
    writing.append(journal, { kind: "model-metrics", runId: logged.runId, metrics });
  }
}

function changedParams(
  run: RunState,
  params: readonly { readonly key: string; readonly value: string }[],
): { readonly key: string; readonly value: string }[] {
  const changed = params.filter(({ key, value }) => run.params.has(key) && run.params.get(key) !== value);
  if (changed.length > 0) {
    const list = changed.map(
      ({ key, value }) => `{'key': '${key}', 'old_value': '${run.params.get(key)}', 'new_value': '${value}'}`,
    );
    throw invalid(
      `Changing param values is not allowed. Params were already logged='[${list.join(", ")}]' ` +
        `for run ID='${run.runId}'.`,
    );
  }
  return params.filter(({ key }) => !run.params.has(key));
}

function checkParam(key: string, value: string, label: string): void {
  checkKey(key, label);
  checkLength(key, limits.key, "Param key");
  checkLength(value, limits.paramValue, "Param value");
}

function checkBatchSizes(metrics: number, params: number, tags: number): void {
  const sizes: readonly [string, number, number][] = [
    ["metrics", 1000, metrics],
    ["params", 100, params],
    ["tags", 100, tags],
    ["metrics, params, and tags", 1000, metrics + params + tags],
  ];
  for (const [name, limit, count] of sizes) {
    if (count <= limit) continue;
    throw invalid(
      `A batch logging request can contain at most ${limit} ${name}. Got ${count} ${name}. Please split up ` +
        `${name} across multiple requests and try again.`,
    );
  }
}

function checkUniqueParams(keys: readonly string[]): void {
  const repeated = keys.filter((key, index) => keys.indexOf(key) < index);
  if (repeated.length === 0) return;
  throw invalid(
    `Duplicate parameter keys have been submitted: [${repeated.map((key) => `'${key}'`).join(", ")}]. ` +
      "Please ensure the request contains only one param value per param key.",
  );
}

function recordOf(
  entries: readonly { readonly key: string; readonly value: string }[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}
