import type { LifecycleStage } from "./experiment-state.ts";
import type { Replay } from "./journal.ts";
import {
  addPoint,
  type MetricPoint,
  type MetricSeries,
  readStoredValue,
  type StoredMetric,
} from "./metrics.ts";
import type { KeyedValues } from "./run-state.ts";

export const loggedModelStatuses = [
  "LOGGED_MODEL_STATUS_UNSPECIFIED",
  "LOGGED_MODEL_PENDING",
  "LOGGED_MODEL_READY",
  "LOGGED_MODEL_UPLOAD_FAILED",
] as const;
type StoredModelStatus = (typeof loggedModelStatuses)[number];

/** A point of a logged model says which run measured it, and on which dataset. */
export interface ModelMetricPoint extends MetricPoint {
  readonly runId: string;
  readonly datasetName: string | undefined;
  readonly datasetDigest: string | undefined;
}

export interface LoggedModelState {
  exists: boolean;
  modelId: string;
  experimentId: string;
  name: string;
  artifactUri: string;
  createdAt: number;
  updatedAt: number;
  status: StoredModelStatus;
  modelType: string;
  sourceRunId: string;
  lifecycle: LifecycleStage;
  readonly metrics: Map<string, MetricSeries<ModelMetricPoint>>;
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
}

export type LoggedModelEvent =
  | {
      readonly kind: "model-created";
      readonly modelId: string;
      readonly experimentId: string;
      readonly name: string;
      readonly artifactUri: string;
      readonly modelType: string;
      readonly sourceRunId: string;
      readonly params: KeyedValues;
      readonly tags: KeyedValues;
    }
  | { readonly kind: "model-finalized"; readonly status: StoredModelStatus }
  | { readonly kind: "model-deleted" }
  | { readonly kind: "model-tags-set"; readonly tags: KeyedValues }
  | { readonly kind: "model-tag-deleted"; readonly key: string }
  | { readonly kind: "model-params-logged"; readonly params: KeyedValues }
  | { readonly kind: "model-metrics"; readonly runId: string; readonly metrics: readonly StoredMetric[] };

export const loggedModelReplay: Replay<LoggedModelState, LoggedModelEvent> = {
  kinds: new Set([
    "model-created",
    "model-finalized",
    "model-deleted",
    "model-tags-set",
    "model-tag-deleted",
    "model-params-logged",
    "model-metrics",
  ]),
  create: () => ({
    exists: false,
    modelId: "",
    experimentId: "",
    name: "",
    artifactUri: "",
    createdAt: 0,
    updatedAt: 0,
    status: "LOGGED_MODEL_PENDING",
    modelType: "",
    sourceRunId: "",
    lifecycle: "active",
    metrics: new Map(),
    params: new Map(),
    tags: new Map(),
  }),
  apply(state, event) {
    switch (event.kind) {
      case "model-created":
        state.exists = true;
        state.modelId = event.modelId;
        state.experimentId = event.experimentId;
        state.name = event.name;
        state.artifactUri = event.artifactUri;
        state.modelType = event.modelType;
        state.sourceRunId = event.sourceRunId;
        state.createdAt = event.at;
        state.updatedAt = event.at;
        putAll(state.params, event.params);
        putAll(state.tags, event.tags);
        return;
      case "model-finalized":
        state.status = event.status;
        state.updatedAt = event.at;
        return;
      case "model-deleted":
        state.lifecycle = "deleted";
        state.updatedAt = event.at;
        return;
      case "model-tags-set":
        putAll(state.tags, event.tags);
        return;
      case "model-tag-deleted":
        state.tags.delete(event.key);
        return;
      case "model-params-logged":
        putAll(state.params, event.params);
        return;
      case "model-metrics":
        for (const metric of event.metrics) addMetric(state, event.runId, metric);
        return;
    }
  },
};

function addMetric(state: LoggedModelState, runId: string, metric: StoredMetric): void {
  const point: ModelMetricPoint = {
    timestamp: metric.timestamp,
    step: metric.step,
    value: readStoredValue(metric.value),
    runId,
    datasetName: metric.datasetName,
    datasetDigest: metric.datasetDigest,
  };
  // MLflow's key of a model's point leaves the value out: the first one logged stays.
  const identity = `${metric.timestamp} ${metric.step} ${runId}`;
  addPoint(state.metrics, metric.key, { point, identity });
}

function putAll(map: Map<string, string>, values: KeyedValues): void {
  for (const [key, value] of Object.entries(values)) map.set(key, value);
}
