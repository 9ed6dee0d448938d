import { describe, expect, it } from "vitest";
import { MlopsError } from "../../src/errors.ts";
import { type ScriptedCall, startScriptedServer } from "../support/misbehaving-server.ts";
import { openTestSession } from "../support/tracking-session.ts";

const runs = { create: "POST /api/2.0/mlflow/runs/create", search: "POST /api/2.0/mlflow/runs/search" };
const versions = {
  create: "POST /api/2.0/mlflow/model-versions/create",
  search: "GET /api/2.0/mlflow/model-versions/search",
};

function runBody(id: string, key: string) {
  return {
    info: {
      run_id: id,
      experiment_id: "1",
      status: "RUNNING",
      artifact_uri: "mlflow-artifacts:/1/r/artifacts",
    },
    data: { tags: [{ key: "mlops.idempotency_key", value: key }] },
  };
}

async function createRun(calls: readonly ScriptedCall[]) {
  await using server = await startScriptedServer(calls);
  await using opened = await openTestSession({ trackingUri: server.url });
  const request = { experimentId: "1", startTimeMs: 5, tags: {}, idempotencyKey: "k1" };
  const outcome = await opened.session.client.createRun(request).then(
    (run) => run.runId,
    (error: unknown) => error,
  );
  server.verify();
  return { outcome, lines: opened.lines, seen: [...server.seen] };
}

async function createVersion(calls: readonly ScriptedCall[], tags: Readonly<Record<string, string>>) {
  await using server = await startScriptedServer(calls);
  await using opened = await openTestSession({ trackingUri: server.url });
  const request = { name: "m", source: "s3://b/m", tags };
  const outcome = await opened.session.client.createModelVersion(request).then(
    ({ version }) => version,
    (error: unknown) => error,
  );
  server.verify();
  return outcome;
}

describe("a run create that failed without an answer", () => {
  it("is looked for by its key and not sent again where the server had made it", async () => {
    const { outcome, lines, seen } = await createRun([
      { on: runs.create, cut: "before" },
      { on: runs.search, body: { runs: [runBody("other", "k0"), runBody("made", "k1")] } },
    ]);
    expect(outcome).toBe("made");
    expect(lines.join()).toContain("nothing was created twice");
    expect(seen[1]?.body).toContain("tags.`mlops.idempotency_key` = 'k1'");
  });

  it.each([500, 502, 503, 504])(
    "is sent again after %i where there is none, other runs of it ignored",
    async (status) => {
      const { outcome } = await createRun([
        { on: runs.create, status },
        { on: runs.search, body: { runs: [runBody("other", "k0")] } },
        { on: runs.create, body: { run: runBody("second", "k1") } },
      ]);
      expect(outcome).toBe("second");
    },
  );

  it("is given up after three", async () => {
    const pair = [{ on: runs.create, status: 500 }, { on: runs.search }];
    const { outcome } = await createRun([...pair, ...pair, ...pair]);
    expect(outcome).toMatchObject({ kind: "unavailable", code: "SERVER_FAILED" });
  });

  it.each([400, 404, 501])("is not repeated after %i, which is an answer", async (status) => {
    const { outcome } = await createRun([
      { on: runs.create, status, body: { error_code: "X", message: "no" } },
    ]);
    expect(outcome).toBeInstanceOf(MlopsError);
  });
});

describe("a model version create that failed without an answer", () => {
  const made = {
    name: "m",
    version: "4",
    tags: [{ key: "mlops.idempotency_key", value: "k1" }],
  };

  it("is looked for by its key", async () => {
    const calls = [
      { on: versions.create, cut: "within", body: { model_version: made } } as const,
      { on: versions.search, body: { model_versions: [{ ...made, version: "3", tags: [] }, made] } },
    ];
    expect(await createVersion(calls, { "mlops.idempotency_key": "k1" })).toBe("4");
  });

  it("is not made without the ids that servers ask for", async () => {
    await using server = await startScriptedServer([]);
    await using opened = await openTestSession({ trackingUri: server.url });
    const { client } = opened.session;
    for (const source of ["models:/m-1", "mlflow-artifacts:/1/r/artifacts/m"]) {
      const create = client.createModelVersion({ name: "m", source, tags: {} });
      await expect(create).rejects.toMatchObject({ kind: "usage", code: "MODEL_SOURCE_INVALID" });
    }
    server.verify();
  });
});

describe("a 404", () => {
  it.each([
    ["a proxy's text", "no such upstream"],
    ["GitLab's for a project that hides itself", { message: "404 Project Not Found" }],
    ["an HTML page", "<html><title>nothing here</title></html>"],
  ])("that is %s does not mean that the run is missing", async (_name, body) => {
    await using server = await startScriptedServer([
      { on: "GET /api/2.0/mlflow/runs/get", status: 404, body },
    ]);
    await using opened = await openTestSession({ trackingUri: server.url });
    const error = await opened.session.client.getRun("r").catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "NOT_FOUND", hint: expect.stringContaining("Is http://127.0.0.1") });
    server.verify();
  });
});

describe("a status that the server does not take", () => {
  it("is seen by asking afterwards", async () => {
    await using server = await startScriptedServer([
      { on: "POST /api/2.0/mlflow/runs/update", body: { run_info: {} } },
      { on: "GET /api/2.0/mlflow/runs/get", body: { run: runBody("r", "k") } },
    ]);
    await using opened = await openTestSession({ trackingUri: server.url });
    await expect(opened.session.client.finishRun("r", "FINISHED", 1)).rejects.toMatchObject({
      code: "RUN_STATUS_NOT_TAKEN",
    });
    server.verify();
  });

  it("is sent and checked also when the command is being ended", async () => {
    const ended = runBody("r", "k");
    await using server = await startScriptedServer([
      { on: "POST /api/2.0/mlflow/runs/update", body: { run_info: {} } },
      {
        on: "GET /api/2.0/mlflow/runs/get",
        body: { run: { ...ended, info: { ...ended.info, status: "KILLED" } } },
      },
    ]);
    const reason = new MlopsError({ kind: "terminated", code: "SIGTERM", message: "Terminated." });
    await using opened = await openTestSession({
      trackingUri: server.url,
      signal: AbortSignal.abort(reason),
    });
    expect((await opened.session.client.finishRun("r", "KILLED", 1)).status).toBe("KILLED");
    await expect(opened.session.client.getRun("r")).rejects.toBe(reason);
    server.verify();
  });
});
