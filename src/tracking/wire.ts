import * as z from "zod";
import type { LoggedModel, LoggedModelStatus, ModelVersion, Run, RunStatus } from "./types.ts";

/** MLflow's JSON as it comes: unset fields are left out or null, int64 are numbers or texts, NaN and infinities are texts. */

const wholeNumber = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
]);
const metricValue = z
  .union([z.number(), z.string(), z.null()])
  .transform((value) => (typeof value === "number" ? value : numberOf(value)));
const text = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((value) => value ?? "");
const pairs = z
  .array(z.object({ key: z.string(), value: text }))
  .nullish()
  .transform((list) => new Map((list ?? []).map(({ key, value }) => [key, value])));

function numberOf(value: string | null): number {
  if (value === "Infinity" || value === "-Infinity") return Number(value);
  return value === null || value === "" ? Number.NaN : Number(value);
}

const runInfo = z.object({
  run_id: z.string(),
  run_name: text,
  experiment_id: z.union([z.string(), z.number().transform(String)]),
  status: z.string(),
  start_time: wholeNumber.nullish(),
  end_time: wholeNumber.nullish(),
  artifact_uri: text,
  lifecycle_stage: text,
});

const rawMetric = z.object({
  key: z.string(),
  value: metricValue,
  timestamp: wholeNumber.nullish(),
  step: wholeNumber.nullish(),
});

/** The newest point of each key: GitLab sends every point, MLflow only the last. */
const metrics = z
  .array(rawMetric)
  .nullish()
  .transform((list) => {
    const sorted = (list ?? []).toSorted(
      (a, b) => (a.step ?? 0) - (b.step ?? 0) || (a.timestamp ?? 0) - (b.timestamp ?? 0),
    );
    return new Map(sorted.map(({ key, value }) => [key, value]));
  });

export const run = z
  .object({
    info: runInfo,
    data: z.object({ metrics, params: pairs, tags: pairs }).nullish(),
    outputs: z.object({ model_outputs: z.array(z.object({ model_id: z.string() })).nullish() }).nullish(),
  })
  .transform(
    ({ info, data, outputs }): Run => ({
      runId: info.run_id,
      experimentId: info.experiment_id,
      name: info.run_name,
      status: runStatusOf(info.status),
      startTimeMs: info.start_time ?? 0,
      // 0 is how GitLab and older servers say "not ended".
      endTimeMs: info.end_time === 0 ? undefined : (info.end_time ?? undefined),
      artifactUri: info.artifact_uri,
      lifecycleStage: info.lifecycle_stage === "deleted" ? "deleted" : "active",
      metrics: data?.metrics ?? new Map(),
      params: data?.params ?? new Map(),
      tags: data?.tags ?? new Map(),
      outputModelIds: (outputs?.model_outputs ?? []).map(({ model_id }) => model_id),
    }),
  );

const runStatuses: readonly RunStatus[] = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];

/** An unknown status is shown as RUNNING: it is certainly not one of the ends. */
function runStatusOf(status: string): RunStatus {
  return runStatuses.find((known) => known === status) ?? "RUNNING";
}

export const experiment = z.object({
  experiment_id: z.union([z.string(), z.number().transform(String)]),
  name: text,
  lifecycle_stage: text,
});

export const loggedModel = z
  .object({
    info: z.object({
      model_id: z.string(),
      experiment_id: text,
      name: text,
      creation_timestamp_ms: wholeNumber.nullish(),
      artifact_uri: text,
      status: z.union([z.string(), z.number()]).nullish(),
      source_run_id: text,
    }),
  })
  .transform(({ info }): LoggedModel & { readonly createdMs: number } => ({
    modelId: info.model_id,
    experimentId: info.experiment_id,
    name: info.name,
    status: loggedModelStatusOf(info.status),
    artifactUri: info.artifact_uri,
    sourceRunId: info.source_run_id === "" ? undefined : info.source_run_id,
    createdMs: info.creation_timestamp_ms ?? 0,
  }));

function loggedModelStatusOf(status: string | number | null | undefined): LoggedModelStatus {
  switch (status) {
    case "LOGGED_MODEL_PENDING":
    case 1:
      return "PENDING";
    case "LOGGED_MODEL_READY":
    case 2:
      return "READY";
    case "LOGGED_MODEL_UPLOAD_FAILED":
    case 3:
      return "UPLOAD_FAILED";
    default:
      return "UNSPECIFIED";
  }
}

export const modelVersion = z
  .object({
    name: z.string(),
    version: z.union([z.string(), z.number().transform(String)]),
    source: text,
    run_id: text,
    status: text,
    description: text,
    creation_timestamp: wholeNumber.nullish(),
    tags: pairs,
    aliases: z.array(z.string()).nullish(),
  })
  .transform(
    (raw): ModelVersion => ({
      name: raw.name,
      version: raw.version,
      source: raw.source,
      runId: raw.run_id === "" ? undefined : raw.run_id,
      status: raw.status,
      description: raw.description,
      createdMs: raw.creation_timestamp ?? 0,
      tags: raw.tags,
      aliases: raw.aliases ?? [],
    }),
  );

export const artifactListing = z.object({
  files: z
    .array(
      z.object({
        path: z.string(),
        is_dir: z.boolean().nullish(),
        // 0-byte files come without a size.
        file_size: wholeNumber.nullish(),
      }),
    )
    .nullish(),
});

export const nextPageToken = z
  .string()
  .nullish()
  .transform((token) => (token === null || token === "" ? undefined : token));

/** Answers whose content says nothing. */
export const anyAnswer = z.unknown();
