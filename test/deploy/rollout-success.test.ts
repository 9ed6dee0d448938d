import { existsSync } from "node:fs";
import { watch, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { isAlive } from "../../src/deploy/processes.ts";
import { temporaryFolder } from "../support/folder.ts";
import { askJson, predict, states, testEnvironment } from "./environment.ts";

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
