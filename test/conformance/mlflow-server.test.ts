import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type MlflowServer, mlflowVersion, startMlflowServer } from "../support/mlflow-server.ts";
import type { Peer } from "./http.ts";
import { runTable } from "./run-table.ts";

let directory: string;
let server: MlflowServer;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "mlops-conformance-"));
  server = await startMlflowServer({ directory });
});

afterAll(async () => {
  await server?.close();
  await rm(directory, { recursive: true });
});

runTable(`MLflow ${mlflowVersion}`, (): Peer => ({ kind: "mlflow", url: server.url, token: undefined }));
