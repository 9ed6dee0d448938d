import { describe, expect, it } from "vitest";
import { clientEnvironment } from "../../src/store/client-environment.ts";

const server = { url: "http://127.0.0.1:9", token: "abc" };

describe("clientEnvironment", () => {
  it("keeps a proxy away from the embedded store", () => {
    expect(clientEnvironment({ NO_PROXY: "gitlab.corp" }, server)).toMatchObject({
      NO_PROXY: "gitlab.corp,127.0.0.1,localhost",
      no_proxy: "gitlab.corp,127.0.0.1,localhost",
    });
    expect(clientEnvironment({ NO_PROXY: "*" }, server)).not.toHaveProperty("NO_PROXY");
  });

  it("says the token in both ways that MLflow's clients know, and leaves a telemetry setting alone", () => {
    expect(clientEnvironment({ MLFLOW_DISABLE_TELEMETRY: "false" }, server)).toMatchObject({
      MLFLOW_TRACKING_URI: server.url,
      MLFLOW_TRACKING_TOKEN: "abc",
      MLFLOW_TRACKING_PASSWORD: "abc",
      MLFLOW_DISABLE_TELEMETRY: "false",
    });
  });
});
