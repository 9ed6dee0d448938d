import type { ExperimentState } from "./experiment-state.ts";
import type { LoggedModelState } from "./logged-model-state.ts";
import { compareHistory, type MetricPoint } from "./metrics.ts";
import type { RegisteredModel, Version } from "./registered-model.ts";
import type { RunState } from "./run-state.ts";
import type { Store } from "./store.ts";

/** A JSON object of an answer; members that are undefined are left out, as protobuf leaves unset fields out. */
export type View = Readonly<Record<string, unknown>>;

export function viewExperiment(state: ExperimentState): View {
  return {
    experiment_id: state.id,
    name: state.name,
    artifact_location: state.artifactLocation,
    lifecycle_stage: state.lifecycle,
    last_update_time: state.updatedAt,
    creation_time: state.createdAt,
    tags: viewPairs(state.tags),
    workspace: "default",
  };
}

export function viewRunInfo(store: Store, run: RunState): View {
  return {
    run_uuid: run.runId,
    experiment_id: run.experimentId,
    user_id: run.userId,
    status: run.status,
    start_time: run.startTime,
    end_time: run.endTime === 0 ? undefined : run.endTime,
    artifact_uri: run.artifactUri,
    lifecycle_stage: store.stageOf(run),
    run_id: run.runId,
    run_name: run.name,
  };
}

export function viewRun(store: Store, run: RunState): View {
  return {
    info: viewRunInfo(store, run),
    data: {
      metrics: optionalList([...run.metrics].map(([key, series]) => viewMetric(key, series.latest))),
      params: viewPairs(run.params),
      tags: viewPairs(run.tags),
    },
    inputs: {
      dataset_inputs: optionalList(
        run.datasets.map(({ dataset, tags }) => ({ tags: optionalList(tags), dataset })),
      ),
      model_inputs: optionalList(run.modelInputs.map((model_id) => ({ model_id }))),
    },
    outputs: { model_outputs: optionalList(run.outputs) },
  };
}

export function viewMetric(key: string, point: MetricPoint): View {
  return { key, value: viewNumber(point.value), timestamp: point.timestamp, step: point.step };
}

/** JSON has no NaN: protobuf writes the string. */
function viewNumber(value: number): number | string {
  return Number.isNaN(value) ? "NaN" : value;
}

export function viewLoggedModel(model: LoggedModelState): View {
  const points = [...model.metrics].flatMap(([key, series]) =>
    series.points.map((point) => ({ key, point })),
  );
  points.sort((left, right) => compareHistory(left.point, right.point));
  return {
    info: {
      model_id: model.modelId,
      experiment_id: model.experimentId,
      name: model.name,
      creation_timestamp_ms: model.createdAt,
      last_updated_timestamp_ms: model.updatedAt,
      artifact_uri: model.artifactUri,
      status: model.status,
      model_type: model.modelType,
      source_run_id: model.sourceRunId,
      tags: viewPairs(model.tags),
    },
    data: {
      params: viewPairs(model.params),
      metrics: optionalList(
        points.map(({ key, point }) => ({
          ...viewMetric(key, point),
          dataset_name: point.datasetName,
          dataset_digest: point.datasetDigest,
          model_id: model.modelId,
          run_id: point.runId,
        })),
      ),
    },
  };
}

export function viewVersion(model: RegisteredModel, version: Version, withAliases = true): View {
  const aliases = withAliases
    ? [...model.aliases()].filter(([, target]) => target === version.version).map(([alias]) => alias)
    : [];
  return {
    name: model.life?.name,
    version: String(version.version),
    creation_timestamp: version.createdAt,
    last_updated_timestamp: version.updatedAt,
    current_stage: version.stage,
    description: version.description,
    source: version.source,
    run_id: version.runId ?? "",
    status: "READY",
    run_link: version.runLink,
    tags: viewPairs(version.tags),
    aliases: optionalList(aliases),
  };
}

export function viewRegisteredModel(model: RegisteredModel): View {
  const { state, life } = model;
  return {
    name: life?.name,
    creation_timestamp: life?.createdAt,
    last_updated_timestamp: state.updatedAt,
    description: state.description === "" ? undefined : state.description,
    latest_versions: optionalList(latestVersions(model).map((version) => viewVersion(model, version, false))),
    tags: viewPairs(state.tags),
    aliases: optionalList(
      [...model.aliases()].map(([alias, version]) => ({ alias, version: String(version) })),
    ),
  };
}

/** The newest version of each stage. */
export function latestVersions(model: RegisteredModel): Version[] {
  const latest = new Map<string, Version>();
  for (const version of model.versions()) latest.set(version.stage, version);
  return [...latest.values()];
}

function viewPairs(map: ReadonlyMap<string, string>): readonly View[] | undefined {
  return optionalList([...map].map(([key, value]) => ({ key, value })));
}

export function optionalList<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
