import * as z from "zod";
import type { HttpClient } from "../http/client.ts";
import { joinPath } from "./artifact-uri.ts";
import { openArtifacts } from "./artifacts.ts";
import { type Batch, planBatches } from "./batches.ts";
import { MlflowCalls } from "./calls.ts";
import { ensureExperiment } from "./experiments.ts";
import { getLoggedModel, loggedModelsOfRun } from "./logged-models.ts";
import {
  createModelVersion,
  deleteAlias,
  ensureRegisteredModel,
  getAlias,
  getModelVersion,
  searchModelVersions,
  setAlias,
  setModelVersionTag,
  storedUriOf,
} from "./models.ts";
import { createRun, finishRun, getRun, searchRuns } from "./runs.ts";
import type { TrackingClient } from "./types.ts";

const closingLimitMs = 2_000;

/** The tracking client over one HTTP client whose base URL is the tracking URI. */
export function openTrackingClient(
  http: HttpClient,
  settings: {
    readonly trackingUrl: string;
    randomHex(byteCount: number): string;
    readonly warn: (line: string) => void;
  },
): TrackingClient {
  const calls = new MlflowCalls(http, settings.warn);
  return {
    artifacts: openArtifacts({ http, trackingUrl: settings.trackingUrl, randomHex: settings.randomHex }),
    ensureExperiment: (name) => ensureExperiment(calls, name),
    createRun: (request) => createRun(calls, request),
    getRun: (runId) => getRun(calls, runId),
    finishRun: (runId, status, endTimeMs) => finishRun(calls, { runId, status, endTimeMs }),
    logBatch: (runId, batch) => logBatch(calls, runId, batch),
    searchRuns: (request) => searchRuns(calls, request),
    getLoggedModel: (modelId) => getLoggedModel(calls, modelId),
    loggedModelsOfRun: (run) => loggedModelsOfRun(calls, run),
    ensureRegisteredModel: (name, description) => ensureRegisteredModel(calls, name, description),
    createModelVersion: (request) => createModelVersion(calls, request),
    getModelVersion: (name, version) => getModelVersion(calls, name, version),
    searchModelVersions: (filter) => searchModelVersions(calls, filter),
    downloadUriOf: (name, version) => downloadUriOf(calls, name, version),
    setModelVersionTag: (name, version, key, value) =>
      setModelVersionTag(calls, { name, version }, { key, value }),
    getAlias: (name, alias) => getAlias(calls, name, alias),
    setAlias: (name, alias, version) => setAlias(calls, name, { alias, version }),
    deleteAlias: (name, alias) => deleteAlias(calls, name, alias),
  };
}

async function logBatch(calls: MlflowCalls, runId: string, batch: Batch): Promise<void> {
  const { batches, warnings } = planBatches(batch);
  for (const warning of warnings) calls.warn(`${warning}.`);
  for (const one of batches) {
    // The same points, params and tags sent twice are stored once, so repeating is safe.
    await calls.put("POST", "runs/log-batch", {
      json: { run_id: runId, ...one },
      schema: z.unknown(),
      afterAbortMs: closingLimitMs,
    });
  }
}

/** Servers before MLflow 3 keep `runs:/<id>/<path>` and leave it to the client to look the run up. */
async function downloadUriOf(calls: MlflowCalls, name: string, version: string): Promise<string> {
  const stored = await storedUriOf(calls, name, version);
  const [, runId = "", path = ""] = /^runs:\/+([^/]+)\/?(.*)$/.exec(stored) ?? [];
  if (runId !== "") return joinUri((await getRun(calls, runId)).artifactUri, path);
  const [, modelId = "", below = ""] = /^models:\/+(m-[^/]+)\/?(.*)$/.exec(stored) ?? [];
  if (modelId !== "") return joinUri((await getLoggedModel(calls, modelId)).artifactUri, below);
  return stored;
}

function joinUri(uri: string, path: string): string {
  const below = joinPath("", path);
  return below === "" ? uri : `${uri.replace(/\/+$/, "")}/${below}`;
}
