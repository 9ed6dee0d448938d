import { watch } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { isAlive } from "../../src/deploy/processes.ts";
import { MlopsError } from "../../src/errors.ts";
import { predict, states, testEnvironment } from "./environment.ts";

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
