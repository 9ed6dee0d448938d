import { existsSync } from "node:fs";
import { watch, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { statusOf, stopEnvironment } from "../../src/deploy/deployment.ts";
import { isAlive, stopGroup } from "../../src/deploy/processes.ts";
import { MlopsError } from "../../src/errors.ts";
import type { ReleaseRecord } from "../../src/results/deploy.ts";
import { temporaryFolder } from "../support/folder.ts";
import { askJson, predict, processesOf, testEnvironment } from "./environment.ts";

const states = (records: readonly ReleaseRecord[]) => records.map(({ state }) => state);

describe("a deployment that succeeds", () => {
  it("serves the version at an endpoint that outlives the call, and records how", async () => {
    const { deploy, folder } = testEnvironment();
    const outcome = await deploy("1", { unhealthyAnswers: 3 });
    expect(outcome.failure).toBeUndefined();
    expect(outcome.serving).toMatchObject({ release: 1, version: "1", healthy: true, restarted: false });
    expect(await predict(outcome)).toMatchObject({ risk: 0.2, version: "1" });
    const [record] = await folder.readRecords();
    expect(record).toMatchObject({
      state: "live",
      environment: "local",
      model: { name: "mortality", version: "1", files: 1 },
      smoke: { path: "/predict", status: 200 },
      origin: { user: "ann" },
    });
    expect(record?.smoke?.response).toContain('"got":{"age":54}');
  });

  it("swaps to the new version at the same address and ends the old process", async () => {
    const { deploy, folder } = testEnvironment();
    const first = await deploy("1");
    const second = await deploy("2");
    expect(second.serving?.endpointUrl).toBe(first.serving?.endpointUrl);
    expect(second.previous?.model.version).toBe("1");
    expect(await predict(second)).toMatchObject({ version: "2" });
    expect(first.record.process && (await isAlive(first.record.process))).toBe(false);
    expect(states(await folder.readRecords())).toEqual(["superseded", "live"]);
    expect(existsSync(folder.modelDirectory(1))).toBe(false);
    expect(existsSync(folder.modelDirectory(2))).toBe(true);
  });

  it("loses no request while versions change", async () => {
    const { deploy } = testEnvironment();
    const { serving } = await deploy("1");
    let isOver = false;
    const seen = new Set<unknown>();
    const statuses = new Set<number>();
    const client = (async () => {
      while (!isOver) {
        const response = await fetch(`${serving?.endpointUrl}/predict`, { method: "POST", body: "{}" });
        statuses.add(response.status);
        seen.add(response.headers.get("x-mlops-model-version"));
        await response.json();
      }
    })();
    await deploy("2");
    isOver = true;
    await client;
    expect([...statuses]).toEqual([200]);
    expect(seen.has("1")).toBe(true);
  });

  it("lets a request that the old version has begun end there", async () => {
    const { deploy, logged } = testEnvironment();
    const flags = temporaryFolder();
    const startedFile = path.join(flags, "started");
    const finishFile = path.join(flags, "finish");
    const changes = watch(flags);
    const { serving } = await deploy("1", { startedFile, finishFile });
    const answer = askJson(`${serving?.endpointUrl}/slow`);
    for await (const { filename } of changes) if (filename === "started") break;
    const isWaiting = logged("release 1: waiting for requests under way");
    const swap = deploy("2");
    // The new version answers already while the old one still owes its answer.
    await isWaiting;
    expect((await fetch(`${serving?.endpointUrl}/predict`)).headers.get("x-mlops-model-version")).toBe("2");
    await writeFile(finishFile, "");
    expect(await answer).toEqual({ version: "1" });
    expect((await swap).failure).toBeUndefined();
  });

  it("ends an old server that ignores SIGTERM", async () => {
    const { deploy } = testEnvironment();
    const first = await deploy("1", { ignoreTerm: true });
    await deploy("2");
    expect(first.record.process && (await isAlive(first.record.process))).toBe(false);
  });
});

describe("a deployment that fails", () => {
  it.each([
    ["answers with an error", { predictStatus: 500 }, /HTTP 500: .*no such column/],
    ["answers with NaN, which is not JSON", { predictText: '{"risk": NaN}' }, /not JSON/],
    ["answers without the expected key", { predictText: '{"score": 1}' }, /no value at "risk"/],
    ["answers null at the expected key", { predictText: '{"risk": null}' }, /no value at "risk"/],
  ])("keeps the old version where the new one %s", async (_title, behaviour, message) => {
    const { deploy, folder } = testEnvironment();
    const good = await deploy("1");
    const bad = await deploy("2", behaviour);
    expect(bad.failure).toMatchObject({ stage: "smoke", message: expect.stringMatching(message) });
    expect(bad.failure?.lastLogLines.join()).toContain("serving version 2");
    expect(bad.serving).toMatchObject({ version: "1", healthy: true, restarted: false });
    expect(await predict(good)).toMatchObject({ version: "1" });
    expect(states(await folder.readRecords())).toEqual(["live", "failed"]);
    expect(bad.record.process && (await isAlive(bad.record.process))).toBe(false);
  });

  it("keeps the old version where the new one crashes at the start, and shows its last words", async () => {
    const { deploy } = testEnvironment();
    await deploy("1");
    const bad = await deploy("2", { crash: true });
    expect(bad.failure).toMatchObject({ stage: "start", message: expect.stringContaining("exit code 3") });
    expect(bad.failure?.lastLogLines).toContain("Traceback: the model cannot be unpickled");
    expect(await predict(bad)).toMatchObject({ version: "1" });
  });

  it("keeps the old version where the new one never becomes healthy", async () => {
    const { deploy } = testEnvironment();
    await deploy("1");
    const bad = await deploy("2", { neverHealthy: true }, { healthTimeoutMs: 3000 });
    expect(bad.failure).toMatchObject({ stage: "health", message: expect.stringContaining("HTTP 503") });
    expect(await predict(bad)).toMatchObject({ version: "1" });
  });

  it("moves the traffic back where the new one breaks at the endpoint", async () => {
    const { deploy, folder } = testEnvironment();
    await deploy("1");
    const bad = await deploy("2", { unhealthyFrom: 2 });
    expect(bad.failure).toMatchObject({ stage: "switch", message: expect.stringContaining("HTTP 500") });
    expect(bad.serving).toMatchObject({ version: "1", healthy: true, restarted: false });
    expect(states(await folder.readRecords())).toEqual(["live", "rolled-back"]);
  });

  it("starts the old version again where it had died meanwhile, at the same address", async () => {
    const { deploy, folder, log } = testEnvironment();
    const good = await deploy("1");
    if (good.record.process !== null) await stopGroup(good.record.process, 2000);
    const bad = await deploy("2", { predictStatus: 500 });
    expect(bad.serving).toMatchObject({ version: "1", healthy: true, restarted: true });
    expect(bad.serving?.endpointUrl).toBe(good.serving?.endpointUrl);
    expect(await predict(bad)).toMatchObject({ version: "1" });
    expect(log.join("\n")).toContain("is not running: starting it again");
    expect(states(await folder.readRecords())).toEqual(["live", "failed"]);
  });

  it("says so where the old version had died and cannot come back, and leaves nothing running", async () => {
    const { deploy, folder } = testEnvironment();
    const good = await deploy("1");
    if (good.record.process !== null) await stopGroup(good.record.process, 2000);
    await writeFile(path.join(folder.modelDirectory(1), "behaviour.json"), '{"crash": true}');
    const bad = await deploy("2", { predictStatus: 500 });
    expect(bad.serving).toBeUndefined();
    expect(states(await folder.readRecords())).toEqual(["failed", "failed"]);
    expect(await processesOf(folder.directory)).toEqual([]);
  });

  it("leaves nothing running where the first release of an environment fails", async () => {
    const { deploy, folder } = testEnvironment();
    const bad = await deploy("1", { crash: true });
    expect(bad.serving).toBeUndefined();
    expect(await processesOf(folder.directory)).toEqual([]);
  });

  it("throws for a serve command that does not exist, and the old version goes on", async () => {
    const { deploy, folder } = testEnvironment();
    const good = await deploy("1");
    await expect(deploy("2", {}, { command: ["no-such-server"] })).rejects.toMatchObject({
      kind: "usage",
      code: "SERVE_COMMAND_NOT_FOUND",
    });
    expect(await predict(good)).toMatchObject({ version: "1" });
    expect(states(await folder.readRecords())).toEqual(["live", "failed"]);
  });

  it("throws where the model cannot be fetched, before anything is started or recorded", async () => {
    const { deploy, folder } = testEnvironment();
    const error = new MlopsError({ kind: "not-evaluable", code: "MODEL_FILES_MISSING", message: "no files" });
    await expect(deploy("1", {}, { fetchModel: () => Promise.reject(error) })).rejects.toBe(error);
    expect(await folder.readRecords()).toEqual([]);
    expect(await processesOf(folder.directory)).toEqual([]);
  });
});

describe("a deployment that is interrupted", () => {
  it("stops the new process within seconds and leaves the old one in service", async () => {
    const { deploy, folder, logged } = testEnvironment();
    const good = await deploy("1");
    const abort = new AbortController();
    const reason = new MlopsError({ kind: "terminated", code: "SIGTERM", message: "Terminated (SIGTERM)." });
    void logged("release 2: started").then(() => abort.abort(reason));
    await expect(
      deploy("2", { neverHealthy: true, ignoreTerm: true }, { signal: abort.signal }),
    ).rejects.toBe(reason);
    expect(await predict(good)).toMatchObject({ version: "1" });
    const records = await folder.readRecords();
    expect(states(records)).toEqual(["live", "failed"]);
    expect(records[1]?.reason).toContain("SIGTERM");
    expect(records[1]?.process && (await isAlive(records[1].process))).toBe(false);
  });

  it("moves the traffic back where it is stopped after the move, before the proof", async () => {
    const { deploy, folder } = testEnvironment();
    const good = await deploy("1");
    const abort = new AbortController();
    const reason = new MlopsError({ kind: "terminated", code: "SIGTERM", message: "Terminated (SIGTERM)." });
    const changes = watch(folder.directory);
    const stopAfterMove = (async () => {
      for await (const _change of changes) if ((await folder.readPointer())?.release === 2) break;
      abort.abort(reason);
    })();
    await expect(deploy("2", { silentFrom: 2 }, { signal: abort.signal })).rejects.toBe(reason);
    await stopAfterMove;
    expect(await predict(good)).toMatchObject({ version: "1" });
    expect(states(await folder.readRecords())).toEqual(["live", "failed"]);
  });

  it("is cleared away by the next deployment where it was killed outright", async () => {
    const { deploy, folder, log } = testEnvironment();
    const good = await deploy("1");
    // What `kill -9` of the command leaves: a pending record with a living process, and no pointer to it.
    const orphan = await testEnvironment().deploy("9");
    await folder.writeRecord({ ...orphan.record, release: 2, state: "pending" });
    const next = await deploy("3");
    expect(next.record.release).toBe(3);
    expect(orphan.record.process && (await isAlive(orphan.record.process))).toBe(false);
    expect(states(await folder.readRecords())).toEqual(["superseded", "failed", "live"]);
    expect(log.join("\n")).toContain("left behind by a command that was killed");
    expect(next.serving?.endpointUrl).toBe(good.serving?.endpointUrl);
  });

  it("counts as done where it was killed after the traffic had moved", async () => {
    const { deploy, folder } = testEnvironment();
    const { record } = await deploy("1");
    await folder.writeRecord({ ...record, state: "pending", liveAt: null });
    const next = await deploy("2", { predictStatus: 500 });
    expect(next.serving).toMatchObject({ version: "1", healthy: true });
    expect(states(await folder.readRecords())).toEqual(["live", "failed"]);
  });
});

describe("two deployments at once", () => {
  it("lets one of them through and blocks the other by name of the process", async () => {
    const { deploy } = testEnvironment();
    const [one, other] = await Promise.allSettled([deploy("1"), deploy("2")]);
    const both = [one, other];
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const refused = both.find((result) => result.status === "rejected");
    expect(refused?.reason).toMatchObject({ kind: "blocked", code: "DEPLOYMENT_LOCKED" });
    expect(refused?.reason.message).toContain(`Process ${process.pid}`);
  });

  it("takes over the lock of a command that is dead", async () => {
    const { deploy, folder } = testEnvironment();
    await folder.create();
    await writeFile(
      folder.lockFile,
      JSON.stringify({ pid: process.pid, start: "another-boot:1", since: "x" }),
    );
    expect((await deploy("1")).failure).toBeUndefined();
    expect(existsSync(folder.lockFile)).toBe(false);
  });
});

describe("status and stop", () => {
  it("says what serves, and what is wrong when the server died", async () => {
    const { deploy, desk } = testEnvironment();
    expect(await statusOf(desk)).toMatchObject({ problem: "nothing is deployed" });
    const { record } = await deploy("1");
    expect(await statusOf(desk)).toMatchObject({ problem: undefined, serving: { healthy: true } });
    if (record.process !== null) await stopGroup(record.process, 2000);
    expect((await statusOf(desk)).problem).toBe("the process of release 1 is gone");
  });

  it("ends server and relay, keeps the records, and does nothing the second time", async () => {
    const { deploy, desk, folder } = testEnvironment("review/feature-1");
    const { serving } = await deploy("1");
    expect(await stopEnvironment(desk)).toMatchObject([{ release: 1, state: "stopped" }]);
    await expect(fetch(`${serving?.endpointUrl}/health`)).rejects.toThrow();
    expect(await processesOf(folder.directory)).toEqual([]);
    expect(states(await folder.readRecords())).toEqual(["stopped"]);
    expect(await stopEnvironment(desk)).toEqual([]);
  });

  it("does not touch a process that got the same pid later", async () => {
    const { deploy, desk, folder } = testEnvironment();
    const stranger = (await testEnvironment().deploy("1")).record;
    const own = (await deploy("1")).record;
    if (stranger.process === null || own.process === null) throw new Error("not started");
    await stopGroup(own.process, 2000);
    const reused = { ...own.process, pid: stranger.process.pid };
    await folder.writeRecord({ ...own, process: reused });
    await stopEnvironment(desk);
    expect(await isAlive(stranger.process)).toBe(true);
  });
});

describe("the endpoint's port", () => {
  it("is the one that was asked for, and refuses to change while it serves", async () => {
    const { deploy, desk } = testEnvironment();
    const first = await deploy("1");
    const port = Number(new URL(first.serving?.endpointUrl ?? "").port);
    await stopEnvironment(desk);
    const again = await deploy("1", {}, { port });
    expect(again.serving?.endpointUrl).toBe(first.serving?.endpointUrl);
    await expect(deploy("2", {}, { port: port + 1 })).rejects.toMatchObject({ code: "ENDPOINT_PORT_FIXED" });
  });

  it("comes back with the next deployment where the relay had died", async () => {
    const { deploy, desk, folder } = testEnvironment();
    const first = await deploy("1");
    const relay = await folder.readFront();
    if (relay !== undefined) await stopGroup(relay, 2000);
    expect((await statusOf(desk)).problem).toBe("the relay is gone");
    const second = await deploy("2");
    expect(second.serving).toMatchObject({ endpointUrl: first.serving?.endpointUrl, healthy: true });
    expect(await predict(second)).toMatchObject({ version: "2" });
  });

  it("is refused where another program has it, before anything is started", async () => {
    const other = await testEnvironment().deploy("1");
    const port = Number(new URL(other.serving?.endpointUrl ?? "").port);
    const { deploy, folder } = testEnvironment();
    await expect(deploy("1", {}, { port })).rejects.toMatchObject({
      kind: "usage",
      code: "ENDPOINT_PORT_TAKEN",
    });
    expect(await folder.readRecords()).toEqual([]);
  });
});
