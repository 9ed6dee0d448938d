import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startEmbeddedStore } from "../support/embedded-store.ts";
import { startMlflowServer } from "../support/mlflow-server.ts";
import { runPython } from "../support/python.ts";

const script = path.join(import.meta.dirname, "client/main.py");

const section = z.record(z.string(), z.unknown());
const accountSchema = z.object({
  tracking: section,
  artifacts: section,
  models: section,
  refusals: section,
  wrong_token: z.unknown(),
});
type Account = z.infer<typeof accountSchema>;

let directory: string;
let embedded: Account;
let mlflow: Account;
const requests: string[] = [];

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "mlops-client-"));
  [embedded, mlflow] = await Promise.all([withEmbeddedStore(), withMlflowServer()]);
}, 240_000);

afterAll(async () => {
  await rm(directory, { recursive: true });
});

async function withEmbeddedStore(): Promise<Account> {
  const store = await startEmbeddedStore(path.join(directory, "store"), (_level, line) =>
    requests.push(line),
  );
  try {
    return await accountOf("embedded", {
      MLFLOW_TRACKING_URI: store.url,
      MLFLOW_TRACKING_TOKEN: store.token,
    });
  } finally {
    await store.close();
  }
}

async function withMlflowServer(): Promise<Account> {
  const server = await startMlflowServer({ directory: path.join(directory, "mlflow") });
  try {
    return await accountOf("real", { MLFLOW_TRACKING_URI: server.url });
  } finally {
    await server.close();
  }
}

/** What the script read back. The client retries as it does by default: a 5xx of ours would cost minutes. */
async function accountOf(name: string, server: Readonly<Record<string, string>>): Promise<Account> {
  const result = path.join(directory, `${name}.json`);
  const ended = await runPython({
    args: [script, result],
    cwd: directory,
    env: {
      ...server,
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: "7",
      MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: "2",
      MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT: "true",
    },
    timeoutMs: 200_000,
  });
  if (ended.exitCode !== 0)
    throw new Error(`The client failed against ${name}:\n${ended.stderr.slice(-4000)}`);
  return accountSchema.parse(JSON.parse(await readFile(result, "utf8")));
}

describe("an unmodified MLflow client reads back from the embedded store what it reads back from MLflow", () => {
  test.each(["experiments", "runs", "search", "nested", "datasets", "history", "deleted", "many"])(
    "tracking: %s",
    (part) => {
      expect(embedded.tracking[part]).toEqual(mlflow.tracking[part]);
      expect(embedded.tracking[part]).toBeDefined();
    },
  );

  test("artifacts: nested, empty, unicode, 5 MB, figure, table, text, dict", () => {
    expect(embedded.artifacts).toEqual(mlflow.artifacts);
    expect(embedded.artifacts).toMatchObject({ tree: true, figure: true, all: 14, text: "some text" });
  });

  test.each(["autolog", "registry", "loads", "python_model", "logged_model", "copies"])(
    "models: %s",
    (part) => {
      expect(embedded.models[part]).toEqual(mlflow.models[part]);
      expect(embedded.models[part]).toBeDefined();
    },
  );

  test("refusals: the same error codes", () => {
    expect(embedded.refusals).toEqual(mlflow.refusals);
  });
});

test("sklearn autologging leaves a finished run with params, metrics and a READY model that predicts", () => {
  expect(embedded.models["autolog"]).toMatchObject({
    status: "FINISHED",
    score: true,
    predicts: true,
    params: { C: "0.5", max_iter: "200" },
    metrics: { training_roc_auc: 0.93625 },
    model: { status: "READY", run: true },
  });
});

test("a registered model loads by alias, version, run, logged model and as the latest", () => {
  expect(embedded.models["loads"]).toMatchObject({
    alias: true,
    version: true,
    run: true,
    logged: true,
    latest: true,
  });
});

test("every refusal reaches the client at once: none is an error that it retries", () => {
  const refusals = Object.values(embedded.refusals);
  expect(refusals.length).toBeGreaterThan(10);
  for (const refusal of refusals) expect(refusal).toMatchObject({ quick: true });
  expect(requests.length).toBeGreaterThan(200);
  expect(requests.filter((line) => / 5\d\d$/.test(line))).toEqual([]);
});

test("a client with a wrong token is refused at once", () => {
  expect(embedded.wrong_token).toEqual({ code: "UNAUTHENTICATED", quick: true });
});
