import { describe, expect, it } from "vitest";
import { statusOf } from "../../src/deploy/deployment.ts";
import { stopGroup } from "../../src/deploy/processes.ts";
import { stopEnvironment } from "../../src/deploy/stop.ts";
import { predict, testEnvironment } from "./environment.ts";

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
