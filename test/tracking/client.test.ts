import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MlopsError } from "../../src/errors.ts";
import type { TrackingClient } from "../../src/tracking/types.ts";
import { type MlflowServer, startMlflowServer } from "../support/mlflow-server.ts";
import { type ObservedSession, openTestSession } from "../support/tracking-session.ts";

let folder: string;
let server: MlflowServer;
let opened: ObservedSession;
let client: TrackingClient;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "mlops-tracking-"));
  server = await startMlflowServer({ directory: path.join(folder, "server") });
  opened = await openTestSession({ trackingUri: server.url });
  client = opened.session.client;
});

afterAll(async () => {
  await opened?.session.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

async function newRun(tags: Record<string, string> = {}) {
  const experimentId = await client.ensureExperiment("client-tests");
  return await client.createRun({
    experimentId,
    name: "a run",
    startTimeMs: 1_700_000_000_000.7,
    tags,
    idempotencyKey: randomBytes(8).toString("hex"),
  });
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof MlopsError)) throw error;
  return `${error.kind} ${error.code}`;
}

describe("the tracking client, against a real MLflow server", () => {
  it("creates an experiment once and finds it again", async () => {
    const first = await client.ensureExperiment("once only ä");
    expect(await client.ensureExperiment("once only ä")).toBe(first);
  });

  it("creates a run with whole milliseconds, tags and its key, and reads it back", async () => {
    const run = await newRun({ "mlops.step": "train" });
    const read = await client.getRun(run.runId);
    expect(read).toMatchObject({ name: "a run", status: "RUNNING", startTimeMs: 1_700_000_000_000 });
    expect(read.tags.get("mlops.step")).toBe("train");
    expect(read.tags.get("mlops.idempotency_key")).toMatch(/^[0-9a-f]{16}$/);
    expect(read.artifactUri).toMatch(/^mlflow-artifacts:\//);
  });

  it("logs NaN, infinities and fractional steps without losing what follows them", async () => {
    const run = await newRun();
    const at = { timestampMs: 1_700_000_000_000.25, step: 3.9 };
    await client.logBatch(run.runId, {
      metrics: [
        { key: "first", value: Number.NaN, ...at },
        { key: "second", value: Number.NEGATIVE_INFINITY, ...at },
        { key: "loss/val", value: 0.25, ...at },
      ],
      params: [{ key: "depth", value: "3" }],
      tags: [{ key: "team", value: "risk" }],
    });
    const read = await client.getRun(run.runId);
    expect(read.metrics.get("first")).toBeNaN();
    expect(read.metrics.get("second")).toBeLessThan(-1e308);
    expect(read.metrics.get("loss/val")).toBe(0.25);
    expect(read.params.get("depth")).toBe("3");
    expect(read.tags.get("team")).toBe("risk");
  });

  it("logs more than one batch holds", async () => {
    const run = await newRun();
    const metrics = Array.from({ length: 2100 }, (_, index) => ({
      key: `m${index}`,
      value: index,
      timestampMs: 1,
      step: 0,
    }));
    const params = Array.from({ length: 230 }, (_, index) => ({ key: `p${index}`, value: String(index) }));
    await client.logBatch(run.runId, { metrics, params, tags: params });
    const read = await client.getRun(run.runId);
    expect(read.metrics.size).toBe(2100);
    expect(read.metrics.get("m2099")).toBe(2099);
    expect(read.params.size).toBe(230);
    expect(read.tags.get("p229")).toBe("229");
  });

  it("ends a run and reads the status back", async () => {
    const run = await newRun();
    const ended = await client.finishRun(run.runId, "KILLED", 1_700_000_005_000.9);
    expect(ended).toMatchObject({ status: "KILLED", endTimeMs: 1_700_000_005_000 });
  });

  it("finds runs by filter, newest page included", async () => {
    const runs = [
      await newRun({ group: "g1" }),
      await newRun({ group: "g1" }),
      await newRun({ group: "g2" }),
    ];
    const found = await client.searchRuns({
      experimentIds: [runs[0]?.experimentId ?? ""],
      filter: "tags.group = 'g1'",
    });
    expect(found.map(({ runId }) => runId).sort()).toEqual([runs[0]?.runId, runs[1]?.runId].sort());
  });

  it("names a run that is not there", async () => {
    expect(await codeOf(client.getRun("0".repeat(32)))).toBe("usage RUN_NOT_FOUND");
  });
});

describe("artifacts, against a real MLflow server", () => {
  it("uploads, lists, finds and downloads a folder with odd names and an empty file", async () => {
    const run = await newRun();
    const files = new Map([
      ["model/MLmodel", "flavors: {}\n"],
      ["model/data/empty.bin", ""],
      ["model/a b ü #1?.txt", "x".repeat(200_000)],
    ]);
    const local = path.join(folder, "up");
    for (const [name, text] of files) {
      const file = path.join(local, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
      if (!name.includes("#")) await client.artifacts.uploadFile(run.artifactUri, name, file);
      else await client.artifacts.uploadFile(run.artifactUri, name.replace("#", "+"), file);
    }
    const listed = await client.artifacts.listFiles(run.artifactUri);
    expect(listed.map((entry) => [entry.path, entry.sizeBytes]).sort()).toEqual([
      ["model/MLmodel", 12],
      ["model/a b ü +1?.txt", 200_000],
      ["model/data/empty.bin", 0],
    ]);
    expect(await client.artifacts.find(run.artifactUri, "model")).toMatchObject({ isDirectory: true });
    expect(await client.artifacts.find(run.artifactUri, "model/none")).toBeUndefined();
    const target = path.join(folder, "down", "model");
    await client.artifacts.download(run.artifactUri, "model", target);
    expect(await readFile(path.join(target, "a b ü +1?.txt"), "utf8")).toBe("x".repeat(200_000));
    expect((await readdir(path.join(target, "data"))).toString()).toBe("empty.bin");
    expect(await readdir(path.join(folder, "down"))).toEqual(["model"]);
  });

  it("downloads one file, and says so where there is nothing", async () => {
    const run = await newRun();
    const file = path.join(folder, "one.txt");
    await writeFile(file, "one");
    await client.artifacts.uploadFile(run.artifactUri, "one.txt", file);
    await client.artifacts.download(run.artifactUri, "one.txt", path.join(folder, "one", "copy.txt"));
    expect(await readFile(path.join(folder, "one", "copy.txt"), "utf8")).toBe("one");
    const nothing = client.artifacts.download(run.artifactUri, "two.txt", path.join(folder, "two"));
    expect(await codeOf(nothing)).toBe("usage ARTIFACT_NOT_FOUND");
  });

  it("leaves a folder that holds files alone", async () => {
    const run = await newRun();
    const file = path.join(folder, "f.txt");
    await writeFile(file, "f");
    await client.artifacts.uploadFile(run.artifactUri, "d/f.txt", file);
    await mkdir(path.join(folder, "mine"), { recursive: true });
    await writeFile(path.join(folder, "mine", "precious"), "p");
    const download = client.artifacts.download(run.artifactUri, "d", path.join(folder, "mine"));
    expect(await codeOf(download)).toBe("usage DOWNLOAD_TARGET_EXISTS");
    expect(await readdir(path.join(folder, "mine"))).toEqual(["precious"]);
  });
});

describe("the registry, against a real MLflow server", () => {
  it("creates versions, moves aliases, tags, and finds the files", async () => {
    const run = await newRun();
    await client.ensureRegisteredModel("mortality", "who dies");
    await client.ensureRegisteredModel("mortality", "another text");
    const source = `${run.artifactUri}/model`;
    const version = await client.createModelVersion({
      name: "mortality",
      source,
      runId: run.runId,
      description: "first",
      tags: { "mlops.idempotency_key": "k1", a: "b" },
    });
    expect(version).toMatchObject({
      name: "mortality",
      version: "1",
      runId: run.runId,
      description: "first",
    });
    expect(await client.downloadUriOf("mortality", "1")).toBe(source);
    expect(await client.getAlias("mortality", "champion")).toBeUndefined();
    expect(await client.getAlias("no such model", "champion")).toBeUndefined();
    await client.setAlias("mortality", "champion", "1");
    expect((await client.getAlias("mortality", "champion"))?.version).toBe("1");
    await client.setModelVersionTag("mortality", "1", "mlops.promoted_by", "ann");
    const read = await client.getModelVersion("mortality", "1");
    expect(read.tags.get("mlops.promoted_by")).toBe("ann");
    expect(read.aliases).toEqual(["champion"]);
    const found = await client.searchModelVersions(
      "name = 'mortality' and tags.`mlops.idempotency_key` = 'k1'",
    );
    expect(found.map((one) => one.version)).toEqual(["1"]);
    await client.deleteAlias("mortality", "champion");
    await client.deleteAlias("mortality", "champion");
    expect(await client.getAlias("mortality", "champion")).toBeUndefined();
  });

  it("names a version that is not there, also for an alias", async () => {
    await client.ensureRegisteredModel("empty");
    expect(await codeOf(client.getModelVersion("empty", "7"))).toBe("usage MODEL_VERSION_NOT_FOUND");
    expect(await codeOf(client.setAlias("empty", "champion", "7"))).toBe("usage MODEL_VERSION_NOT_FOUND");
    expect(await codeOf(client.downloadUriOf("empty", "7"))).toBe("usage MODEL_VERSION_NOT_FOUND");
    expect(await codeOf(client.getLoggedModel("m-00000000000000000000000000000000"))).toBe(
      "usage LOGGED_MODEL_NOT_FOUND",
    );
  });
});
