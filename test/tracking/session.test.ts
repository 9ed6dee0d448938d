import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { startScriptedServer } from "../support/misbehaving-server.ts";
import { runPython } from "../support/python.ts";
import { openTestSession } from "../support/tracking-session.ts";

describe("a tracking URI", () => {
  it.each([
    "file:///tmp/mlruns",
    "sqlite:///mlflow.db",
    "databricks",
    "./mlruns",
    "databricks://me:secret@host",
  ])("%s is refused with what to do", async (trackingUri) => {
    const error = await openTestSession({ trackingUri }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: "usage", code: "TRACKING_URI_UNSUPPORTED" });
    expect(String(error)).not.toContain("secret");
  });

  it("and a workspace are not there yet, for the embedded store neither", async () => {
    for (const [name, value] of [
      ["MLFLOW_WORKSPACE", "risk"],
      ["MLFLOW_REGISTRY_URI", "https://registry.example.com"],
    ] as const) {
      const opening = openTestSession({ trackingUri: "embedded", env: { [name]: value } });
      await expect(opening).rejects.toThrow(name);
    }
  });

  it("and another registry are not there yet", async () => {
    const session = (registry: string) =>
      openTestSession({ trackingUri: "http://127.0.0.1:9/", env: { MLFLOW_REGISTRY_URI: registry } });
    await expect(session("http://127.0.0.1:8")).rejects.toMatchObject({ code: "NOT_YET" });
    await (await session("http://127.0.0.1:9")).session.close();
  });
});

describe("a session with a server", () => {
  it("takes the credentials out of the URL, hides them, and hands them to child processes", async () => {
    await using server = await startScriptedServer([
      { on: "GET /p/api/2.0/mlflow/runs/get", status: 404, body: { error_code: "RESOURCE_DOES_NOT_EXIST" } },
    ]);
    const trackingUri = `${server.url.replace("//", "//ann:open%20sesame@")}/p/`;
    await using opened = await openTestSession({ trackingUri });
    const { session, secrets } = opened;
    expect(session.description).toBe(`${server.url}/p`);
    expect(secrets).toEqual(["open sesame"]);
    expect(session.childEnvironment).toEqual({
      MLFLOW_TRACKING_URI: `${server.url}/p`,
      MLFLOW_TRACKING_USERNAME: "ann",
      MLFLOW_TRACKING_PASSWORD: "open sesame",
    });
    await expect(session.client.getRun("x")).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
    expect(server.seen[0]?.headers.authorization).toMatch(/^Basic /);
  });

  it("hands the user's token on", async () => {
    await using opened = await openTestSession({
      trackingUri: "http://127.0.0.1:9",
      env: { MLFLOW_TRACKING_TOKEN: "tok-123" },
    });
    expect(opened.session.childEnvironment).toEqual({
      MLFLOW_TRACKING_URI: "http://127.0.0.1:9",
      MLFLOW_TRACKING_TOKEN: "tok-123",
    });
    expect(opened.secrets).toEqual(["tok-123"]);
  });
});

describe("a session with the embedded store", () => {
  it("keeps its token secret and leaves a user's telemetry setting alone", async () => {
    const cwd = temporaryFolder();
    const request = { cwd, storeDir: ".mlops/store", trackingUri: undefined };
    await using opened = await openTestSession({ ...request, env: { MLFLOW_DISABLE_TELEMETRY: "false" } });
    const { session, secrets } = opened;
    expect(session).toMatchObject({ kind: "embedded", description: "the store in .mlops/store" });
    expect(secrets).toEqual([session.childEnvironment["MLFLOW_TRACKING_TOKEN"]]);
    expect(session.childEnvironment["MLFLOW_DISABLE_TELEMETRY"]).toBe("false");
  });

  it("is open to a Python client whose home holds credentials for another server", async () => {
    const cwd = temporaryFolder();
    mkdirSync(path.join(cwd, ".mlflow"));
    const credentials = "[mlflow]\nmlflow_tracking_username = bob\nmlflow_tracking_password = hill\n";
    writeFileSync(path.join(cwd, ".mlflow", "credentials"), credentials);
    await using opened = await openTestSession({ cwd, storeDir: "store", trackingUri: "embedded" });
    const script = "import mlflow; print(mlflow.set_experiment('from python').name)";
    const result = await runPython({
      args: ["-c", script],
      cwd,
      env: { ...opened.session.childEnvironment, HOME: cwd, MLFLOW_HTTP_REQUEST_MAX_RETRIES: "0" },
    });
    expect(result).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("from python") });
    expect(await opened.session.client.ensureExperiment("from python")).toMatch(/^\d+$/);
  });
});
