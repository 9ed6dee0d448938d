import { describe, expect, it } from "vitest";
import type { TrackingClient } from "../../src/tracking/types.ts";
import { type ScriptedCall, startScriptedServer } from "../support/misbehaving-server.ts";
import { openTestSession } from "../support/tracking-session.ts";

const api = "/api/2.0/mlflow";
const page404 = { status: 404, body: "<!doctype html><title>404 Not Found</title>" };

async function ask<T>(
  calls: readonly ScriptedCall[],
  work: (client: TrackingClient) => Promise<T>,
): Promise<T> {
  await using server = await startScriptedServer(calls);
  await using opened = await openTestSession({ trackingUri: server.url });
  try {
    return await work(opened.session.client);
  } finally {
    server.verify();
  }
}

const info = { run_id: "r", experiment_id: 7, status: "FINISHED", start_time: "1700000000000", end_time: 0 };
const getRun = (run: object) => ({ on: `GET ${api}/runs/get`, body: { run } });

describe("what other servers send", () => {
  it("a GitLab run: every point of a metric, no end, unset names", async () => {
    const points = [
      { key: "loss", value: 0.1, timestamp: 3, step: 2 },
      { key: "loss", value: 0.5, timestamp: 1, step: 1 },
      { key: "auc", value: 0.9, timestamp: 1 },
    ];
    const run = await ask([getRun({ info, data: { metrics: points, params: [], tags: null } })], (client) =>
      client.getRun("r"),
    );
    expect(run).toMatchObject({
      name: "",
      experimentId: "7",
      startTimeMs: 1_700_000_000_000,
      endTimeMs: undefined,
      lifecycleStage: "active",
    });
    expect(Object.fromEntries(run.metrics)).toEqual({ loss: 0.1, auc: 0.9 });
  });

  it("a run without data, and metrics that are texts or null", async () => {
    expect((await ask([getRun({ info })], (client) => client.getRun("r"))).params.size).toBe(0);
    const metrics = ["NaN", "-Infinity", "0.5", null].map((value, index) => ({ key: `m${index}`, value }));
    const run = await ask([getRun({ info, data: { metrics } })], (client) => client.getRun("r"));
    expect([...run.metrics.values()]).toEqual([Number.NaN, Number.NEGATIVE_INFINITY, 0.5, Number.NaN]);
  });

  it("a version with a semver and a last page marked by null", async () => {
    const versions = [{ name: "m", version: "1.2.3", status: "READY", aliases: ["1.2.3"] }];
    const found = await ask(
      [{ on: `GET ${api}/model-versions/search`, body: { model_versions: versions, next_page_token: null } }],
      (client) => client.searchModelVersions("name = 'm'"),
    );
    expect(found.map(({ version }) => version)).toEqual(["1.2.3"]);
  });

  it("a page token that never advances", async () => {
    const page = { on: `POST ${api}/runs/search`, body: { runs: [{ info }], next_page_token: "same" } };
    const found = await ask([page, page], (client) => client.searchRuns({ experimentIds: ["7"] }));
    expect(found).toHaveLength(2);
  });

  it("no logged models at all, as before MLflow 3", async () => {
    const models = await ask(
      [getRun({ info }), { on: `POST ${api}/logged-models/search`, ...page404 }],
      async (client) => client.loggedModelsOfRun(await client.getRun("r")),
    );
    expect(models).toEqual([]);
  });

  it("a version's address that is left to the client to look up", async () => {
    const stored = {
      on: `GET ${api}/model-versions/get-download-uri`,
      body: { artifact_uri: "runs:/r/model" },
    };
    const run = getRun({ info: { ...info, artifact_uri: "mlflow-artifacts:/7/r/artifacts" } });
    expect(await ask([stored, run], (client) => client.downloadUriOf("m", "1"))).toBe(
      "mlflow-artifacts:/7/r/artifacts/model",
    );
  });

  it("a deleted experiment, with the way to restore it", async () => {
    const experiment = { experiment_id: "3", name: "e", lifecycle_stage: "deleted" };
    const asked = ask([{ on: `GET ${api}/experiments/get-by-name`, body: { experiment } }], (client) =>
      client.ensureExperiment("e"),
    );
    await expect(asked).rejects.toMatchObject({
      code: "EXPERIMENT_DELETED",
      hint: expect.stringContaining("mlflow experiments restore --experiment-id 3"),
    });
  });

  it("an experiment that another job makes at the same moment", async () => {
    const missing = { status: 404, body: { error_code: "RESOURCE_DOES_NOT_EXIST" } };
    const byName = `GET ${api}/experiments/get-by-name`;
    const calls = [
      { on: byName, ...missing },
      { on: `POST ${api}/experiments/create`, status: 400, body: { error_code: "RESOURCE_ALREADY_EXISTS" } },
      { on: byName, body: { experiment: { experiment_id: "9", name: "e" } } },
    ];
    expect(await ask(calls, (client) => client.ensureExperiment("e"))).toBe("9");
  });
});
