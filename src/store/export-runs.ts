import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import type { ExperimentState } from "./experiment-state.ts";
import { type Losses, writeKeyedFiles, writeMeta } from "./export-paths.ts";
import { type LoggedModelState, loggedModelStatuses, type ModelMetricPoint } from "./logged-model-state.ts";
import { compareHistory, type MetricPoint } from "./metrics.ts";
import { type DatasetInput, type RunState, runStatuses } from "./run-state.ts";
import type { Store } from "./store.ts";

export interface ExportTarget {
  readonly folder: string;
  readonly losses: Losses;
  /** What is told but refuses nothing: it stands elsewhere in the tree. */
  readonly notes: string[];
  /** The target's file system takes `a` and `A` for one name. */
  readonly ignoresCase: boolean;
}

/** Writes an experiment's own files; returns its folder. A deleted one goes to `.trash`. */
export function exportExperiment(target: ExportTarget, experiment: ExperimentState, name: string): string {
  const parent = experiment.lifecycle === "deleted" ? path.join(target.folder, ".trash") : target.folder;
  const folder = path.join(parent, experiment.id);
  writeMeta(folder, {
    artifact_location: experiment.artifactLocation,
    creation_time: experiment.createdAt,
    experiment_id: experiment.id,
    last_update_time: experiment.updatedAt,
    lifecycle_stage: experiment.lifecycle,
    name,
  });
  writeKeyedFiles(path.join(folder, "tags"), experiment.tags, {
    ...target,
    owner: `experiment '${experiment.name}'`,
  });
  return folder;
}

export function exportRun(
  store: Store,
  target: ExportTarget,
  place: { readonly parent: string; readonly run: RunState },
): void {
  const { run } = place;
  const folder = path.join(place.parent, run.runId);
  const stage = store.stageOf(run);
  writeMeta(folder, {
    artifact_uri: run.artifactUri,
    end_time: run.endTime ?? null,
    entry_point_name: "",
    experiment_id: run.experimentId,
    lifecycle_stage: stage,
    run_id: run.runId,
    run_uuid: run.runId,
    run_name: run.name,
    source_name: "",
    source_type: 4,
    source_version: "",
    start_time: run.startTime,
    status: runStatuses.indexOf(run.status) + 1,
    tags: [],
    user_id: run.userId,
    deleted_time: stage === "deleted" ? Math.max(run.lifecycleAt, 0) : null,
  });
  // A file store that is opened without these three says that the run is not there.
  for (const name of ["metrics", "params", "artifacts"])
    mkdirSync(path.join(folder, name), { recursive: true });
  const report = { ...target, owner: `run ${run.runId}` };
  writeKeyedFiles(path.join(folder, "params"), run.params, report);
  writeKeyedFiles(path.join(folder, "tags"), run.tags, report);
  const lines = [...run.metrics].map(([key, { points }]) => [key, linesOf(points, metricLine)] as const);
  writeKeyedFiles(path.join(folder, "metrics"), lines, report);
  exportLineage(folder, place.parent, { run, losses: target.losses });
}

function exportLineage(
  folder: string,
  experimentFolder: string,
  { run, losses }: { readonly run: RunState; readonly losses: Losses },
): void {
  for (const input of run.datasets) exportDatasetInput(folder, experimentFolder, { input, runId: run.runId });
  for (const modelId of new Set(run.modelInputs)) {
    writeMeta(path.join(folder, "inputs", md5(modelId + run.runId)), {
      source_type: "MODEL",
      source_id: modelId,
      destination_type: "RUN",
      destination_id: run.runId,
      tags: {},
    });
  }
  for (const [modelId, outputs] of Map.groupBy(run.outputs, (output) => output.model_id)) {
    const steps = [...new Set(outputs.map((output) => output.step))];
    if (steps.length > 1) {
      losses.push(
        `run ${run.runId}: output ${modelId} was logged at steps ${steps.join(", ")}; one can be kept`,
      );
    }
    writeMeta(path.join(folder, "outputs", modelId), {
      source_type: "RUN_OUTPUT",
      source_id: run.runId,
      destination_type: "MODEL_OUTPUT",
      destination_id: modelId,
      tags: {},
      step: steps.at(-1) ?? 0,
    });
  }
}

function exportDatasetInput(
  folder: string,
  experimentFolder: string,
  { input, runId }: { readonly input: DatasetInput; readonly runId: string },
): void {
  const { dataset, tags } = input;
  const datasetId = md5(dataset.name + dataset.digest);
  const datasetFolder = path.join(experimentFolder, "datasets", datasetId);
  // One dataset for each name and digest of an experiment: that of the run that started first.
  if (!existsSync(datasetFolder)) {
    writeMeta(datasetFolder, {
      digest: dataset.digest,
      name: dataset.name,
      profile: dataset.profile ?? null,
      schema: dataset.schema ?? null,
      source: dataset.source,
      source_type: dataset.source_type,
    });
  }
  writeMeta(path.join(folder, "inputs", md5(datasetId + runId)), {
    source_type: "DATASET",
    source_id: datasetId,
    destination_type: "RUN",
    destination_id: runId,
    tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
  });
}

export function exportLoggedModel(target: ExportTarget, parent: string, model: LoggedModelState): void {
  const folder = path.join(parent, "models", model.modelId);
  writeMeta(folder, {
    artifact_location: model.artifactUri,
    creation_timestamp: model.createdAt,
    experiment_id: model.experimentId,
    last_updated_timestamp: model.updatedAt,
    lifecycle_stage: model.lifecycle,
    model_id: model.modelId,
    model_type: model.modelType,
    name: model.name,
    source_run_id: model.sourceRunId,
    status: loggedModelStatuses.indexOf(model.status),
    status_message: null,
  });
  const report = { ...target, owner: `logged model ${model.modelId}` };
  writeKeyedFiles(path.join(folder, "params"), model.params, report);
  writeKeyedFiles(path.join(folder, "tags"), model.tags, report);
  const lines = [...model.metrics].map(([key, { points }]) => {
    const kept = points.filter((point) => !Number.isNaN(point.value));
    if (kept.length < points.length) {
      // MLflow's table would hold a 0, or a null that its server stumbles over.
      target.notes.push(`${report.owner}: NaN of metric '${key}' is left out here and kept with its run`);
    }
    return [key, linesOf(kept, (point) => modelMetricLine(point, key, report))] as const;
  });
  const kept = lines.filter(([, text]) => text !== "");
  writeKeyedFiles(path.join(folder, "metrics"), kept, report);
}

function linesOf<P extends MetricPoint>(points: readonly P[], line: (point: P) => string): string {
  return [...points]
    .sort(compareHistory)
    .map((point) => `${line(point)}\n`)
    .join("");
}

function metricLine({ timestamp, value, step }: MetricPoint): string {
  return `${timestamp} ${Number.isNaN(value) ? "nan" : value} ${step}`;
}

function modelMetricLine(
  point: ModelMetricPoint,
  key: string,
  report: { readonly owner: string; readonly losses: Losses },
): string {
  const line = `${point.timestamp} ${point.value} ${point.step} ${point.runId}`;
  const { datasetName, datasetDigest } = point;
  if (datasetName === undefined && datasetDigest === undefined) return line;
  if (datasetName === undefined || datasetDigest === undefined || /\s/.test(datasetName + datasetDigest)) {
    report.losses.push(
      `${report.owner}: metric '${key}' at step ${point.step} loses its dataset '${datasetName ?? ""}': ` +
        "the layout wants a name and a digest without spaces",
    );
    return line;
  }
  return `${line} ${datasetName} ${datasetDigest}`;
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
