import type { LifecycleStage } from "./experiment-state.ts";
import type { Replay, Stamped } from "./journal.ts";
import {
  addPoint,
  type MetricPoint,
  type MetricSeries,
  metricIdentity,
  readStoredValue,
  type StoredMetric,
} from "./metrics.ts";

export const runStatuses = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"] as const;
type StoredRunStatus = (typeof runStatuses)[number];

export interface Dataset {
  readonly name: string;
  readonly digest: string;
  readonly source_type: string;
  readonly source: string;
  readonly schema?: string;
  readonly profile?: string;
}

export interface DatasetInput {
  readonly dataset: Dataset;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

interface ModelOutput {
  readonly model_id: string;
  readonly step: number;
}

export interface RunState {
  exists: boolean;
  runId: string;
  experimentId: string;
  name: string;
  userId: string;
  status: StoredRunStatus;
  startTime: number;
  endTime: number | undefined;
  artifactUri: string;
  lifecycle: LifecycleStage;
  lifecycleAt: number;
  readonly metrics: Map<string, MetricSeries<MetricPoint>>;
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
  readonly datasets: DatasetInput[];
  readonly modelInputs: string[];
  readonly outputs: ModelOutput[];
}

export interface KeyedValues {
  readonly [key: string]: string;
}

export type RunEvent =
  | {
      readonly kind: "run-created";
      readonly runId: string;
      readonly experimentId: string;
      readonly name: string;
      readonly userId: string;
      readonly startTime: number;
      readonly artifactUri: string;
      readonly tags: KeyedValues;
    }
  | {
      readonly kind: "run-updated";
      readonly status?: StoredRunStatus;
      readonly endTime?: number;
      readonly name?: string;
    }
  | { readonly kind: "run-deleted" }
  | { readonly kind: "run-restored" }
  | {
      readonly kind: "run-logged";
      readonly metrics?: readonly StoredMetric[];
      readonly params?: KeyedValues;
      readonly tags?: KeyedValues;
    }
  | { readonly kind: "run-tag-deleted"; readonly key: string }
  | {
      readonly kind: "run-inputs";
      readonly datasets: readonly DatasetInput[];
      readonly models: readonly string[];
    }
  | { readonly kind: "run-outputs"; readonly models: readonly ModelOutput[] };

export const runNameTag = "mlflow.runName";

export const runReplay: Replay<RunState, RunEvent> = {
  kinds: new Set([
    "run-created",
    "run-updated",
    "run-deleted",
    "run-restored",
    "run-logged",
    "run-tag-deleted",
    "run-inputs",
    "run-outputs",
  ]),
  create: () => ({
    exists: false,
    runId: "",
    experimentId: "",
    name: "",
    userId: "",
    status: "RUNNING",
    startTime: 0,
    endTime: undefined,
    artifactUri: "",
    lifecycle: "active",
    lifecycleAt: -1,
    metrics: new Map(),
    params: new Map(),
    tags: new Map(),
    datasets: [],
    modelInputs: [],
    outputs: [],
  }),
  apply(state, event) {
    switch (event.kind) {
      case "run-created":
        applyCreated(state, event);
        return;
      case "run-updated":
        if (event.status !== undefined) state.status = event.status;
        if (event.endTime !== undefined) state.endTime = event.endTime;
        if (event.name !== undefined) rename(state, event.name);
        return;
      case "run-deleted":
      case "run-restored":
        state.lifecycle = event.kind === "run-deleted" ? "deleted" : "active";
        state.lifecycleAt = event.at;
        return;
      case "run-logged":
        applyLogged(state, event);
        return;
      case "run-tag-deleted":
        state.tags.delete(event.key);
        return;
      case "run-inputs":
        applyInputs(state, event);
        return;
      case "run-outputs":
        state.outputs.push(...event.models);
        return;
    }
  },
};

function applyCreated(state: RunState, event: Extract<RunEvent, { kind: "run-created" }>): void {
  state.exists = true;
  state.runId = event.runId;
  state.experimentId = event.experimentId;
  state.name = event.name;
  state.userId = event.userId;
  state.startTime = event.startTime;
  state.artifactUri = event.artifactUri;
  for (const [key, value] of Object.entries(event.tags)) state.tags.set(key, value);
}

function applyLogged(
  state: RunState,
  event: Stamped<Extract<RunEvent, { readonly kind: "run-logged" }>>,
): void {
  for (const metric of event.metrics ?? []) {
    const point = {
      timestamp: metric.timestamp,
      step: metric.step,
      value: readStoredValue(metric.value),
    };
    addPoint(state.metrics, metric.key, { point, identity: metricIdentity(point) });
  }
  // Two parallel jobs may have logged one key with different values: the first stays, as within one store.
  for (const [key, value] of Object.entries(event.params ?? {})) {
    if (!state.params.has(key)) state.params.set(key, value);
  }
  for (const [key, value] of Object.entries(event.tags ?? {})) {
    if (key === runNameTag) rename(state, value);
    else state.tags.set(key, value);
  }
}

function applyInputs(state: RunState, event: Extract<RunEvent, { readonly kind: "run-inputs" }>): void {
  for (const input of event.datasets) {
    const isKnown = state.datasets.some(
      ({ dataset }) => dataset.name === input.dataset.name && dataset.digest === input.dataset.digest,
    );
    if (!isKnown) state.datasets.push(input);
  }
  state.modelInputs.push(...event.models);
}

function rename(state: RunState, name: string): void {
  // MLflow ignores an empty name here.
  if (name === "") return;
  state.name = name;
  state.tags.set(runNameTag, name);
}
