import { describe, expect, it } from "vitest";
import { statusOf } from "../../src/deploy/deployment.ts";
import { isAlive, stopGroup } from "../../src/deploy/processes.ts";
import { stopEnvironment } from "../../src/deploy/stop.ts";
import { processesOf, states, testEnvironment } from "./environment.ts";

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
