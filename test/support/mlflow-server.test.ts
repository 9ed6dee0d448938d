import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { startMlflowServer } from "./mlflow-server.ts";

test("a real MLflow server starts, stores an artifact, and is gone when closed", async () => {
  const directory = await mkdtemp(path.join(tmpdir(), "mlops-mlflow-"));
  const server = await startMlflowServer({ directory });
  try {
    const artifact = `${server.url}/api/2.0/mlflow-artifacts/artifacts/0/file.txt`;
    expect((await fetch(artifact, { method: "PUT", body: "text" })).status).toBe(200);
    expect(await (await fetch(artifact)).text()).toBe("text");
  } finally {
    await server.close();
  }
  await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  await rm(directory, { recursive: true });
});
