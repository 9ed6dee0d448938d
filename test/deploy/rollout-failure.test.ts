import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { isAlive, stopGroup } from "../../src/deploy/processes.ts";
import { MlopsError } from "../../src/errors.ts";
import { predict, processesOf, states, testEnvironment } from "./environment.ts";

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
