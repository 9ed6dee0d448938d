import path from "node:path";
import { run as runProgram } from "../../src/main.ts";
import type { TrackingClient, TrackingSession } from "../../src/tracking/types.ts";
import { type TestContext, testContext } from "./context.ts";
import { openTestSession } from "./tracking-session.ts";

/** One tracking server as commands see it: a real MLflow server, or the embedded store of a folder. */
export interface TrackingPlace {
  readonly cwd: string;
  readonly trackingUri: string;
  use<T>(work: (client: TrackingClient, session: TrackingSession) => Promise<T>): Promise<T>;
  /** Runs a command line in this process, as `mlops …` would. */
  mlops(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly context: TestContext;
}

export function trackingPlace(cwd: string, trackingUri: string): TrackingPlace {
  return {
    cwd,
    trackingUri,
    async use(work) {
      const storeDir = path.join(cwd, ".mlops", "store");
      await using opened = await openTestSession({ trackingUri, cwd, storeDir });
      return await work(opened.session.client, opened.session);
    },
    async mlops(args, env = {}) {
      const context = testContext({
        cwd,
        env: { MLFLOW_TRACKING_URI: trackingUri, MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: "0", ...env },
      });
      const code = await runProgram(args, context);
      return { code, ...context.printed(), context };
    },
  };
}

/** A raw call of the API, for what our client has no use for. */
export async function rawCall(
  session: TrackingSession,
  call: { readonly method: string; readonly route: string; readonly json: unknown },
): Promise<unknown> {
  const token = session.childEnvironment["MLFLOW_TRACKING_TOKEN"];
  const response = await fetch(`${session.trackingUri}/api/2.0/mlflow/${call.route}`, {
    method: call.method,
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(call.json),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${call.method} ${call.route}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** A finished run with `model.joblib` in its artifacts. */
export async function runWithFile(place: TrackingPlace, localFile: string): Promise<string> {
  return await place.use(async (client) => {
    const run = await client.createRun({
      experimentId: await client.ensureExperiment("commands"),
      startTimeMs: Date.now(),
      tags: {},
      idempotencyKey: crypto.randomUUID(),
    });
    await client.artifacts.uploadFile(run.artifactUri, "model.joblib", localFile);
    await client.finishRun(run.runId, "FINISHED", Date.now());
    return run.runId;
  });
}

/** A logged model of a run with one file; READY unless `status` says otherwise (PENDING = left alone). */
export async function logModel(
  place: TrackingPlace,
  runId: string,
  model: { readonly name: string; readonly localFile: string; readonly status?: "PENDING" | "UPLOAD_FAILED" },
): Promise<string> {
  return await place.use(async (client, session) => {
    const run = await client.getRun(runId);
    const answer = await rawCall(session, {
      method: "POST",
      route: "logged-models",
      json: { experiment_id: run.experimentId, name: model.name, source_run_id: runId },
    });
    const modelId = modelIdOf(answer);
    const { artifactUri } = await client.getLoggedModel(modelId);
    await client.artifacts.uploadFile(artifactUri, "MLmodel", model.localFile);
    if (model.status !== "PENDING") {
      const status = `LOGGED_MODEL_${model.status ?? "READY"}`;
      await rawCall(session, {
        method: "PATCH",
        route: `logged-models/${modelId}`,
        json: { model_id: modelId, status },
      });
    }
    return modelId;
  });
}

function modelIdOf(answer: unknown): string {
  const found = /"model_id":"(m-[0-9a-f]+)"/.exec(JSON.stringify(answer))?.[1];
  if (found === undefined) throw new Error(`no model id in ${JSON.stringify(answer)}`);
  return found;
}
