import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, watch } from "node:fs";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { isAlive } from "../../src/deploy/processes.ts";
import { stopEnvironment } from "../../src/deploy/stop.ts";
import { temporaryFolder } from "../support/folder.ts";
import { processesOf, states, testEnvironment } from "./environment.ts";

/** What a stop takes where processes are slow to end: 2 s for the relay, 5 s for the server, then both get SIGKILL. */
const slowStopMs = 12_000;

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const begin = performance.now();
  const value = await work();
  return { value, ms: performance.now() - begin };
}

describe("stopping an environment", () => {
  it("waits for no client that keeps its connection, sends half a request or waits for an answer", async () => {
    const { deploy, desk, folder } = testEnvironment();
    const startedFile = path.join(temporaryFolder(), "started");
    const { serving } = await deploy("1", { startedFile, finishFile: "/nonexistent/finish" });
    const url = new URL(serving?.endpointUrl ?? "");
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const kept = request(`${url}health`, { agent }).end();
    await once(kept, "response");
    const half = connect(Number(url.port), url.hostname);
    half.write("POST /predict HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{");
    half.on("error", () => undefined);
    const arrived = once(watch(path.dirname(startedFile)), "change");
    const slow = fetch(`${url}slow`).catch(() => "broken off");
    await arrived;
    const { value, ms } = await timed(async () => await stopEnvironment(desk));
    expect(value).toMatchObject([{ release: 1, state: "stopped" }]);
    expect(ms).toBeLessThan(slowStopMs);
    expect(await slow).toBe("broken off");
    expect(await processesOf(folder.directory)).toEqual([]);
  });

  it("ends a server and a relay that stand still", async () => {
    const { deploy, desk, folder } = testEnvironment();
    const { record } = await deploy("1");
    const front = await folder.readFront();
    if (record.process === null || front === undefined) throw new Error("not started");
    for (const { pid } of [record.process, front]) process.kill(pid, "SIGSTOP");
    const { ms } = await timed(async () => await stopEnvironment(desk));
    expect(ms).toBeLessThan(slowStopMs);
    expect(await isAlive(record.process)).toBe(false);
    expect(await isAlive(front)).toBe(false);
  });

  it("gives a server that ignores SIGTERM less time once the command itself is to end", async () => {
    const { deploy, desk } = testEnvironment();
    const { record } = await deploy("1", { ignoreTerm: true });
    const abort = new AbortController();
    setImmediate(() => abort.abort());
    const { ms } = await timed(async () => await stopEnvironment({ ...desk, signal: abort.signal }));
    expect(ms).toBeLessThan(5000);
    expect(record.process && (await isAlive(record.process))).toBe(false);
  });

  it("says what is still under way when its time is over", async () => {
    const { deploy, desk, folder } = testEnvironment();
    await deploy("1", { ignoreTerm: true });
    const { ms } = await timed(async () => {
      await expect(stopEnvironment(desk, 1500)).rejects.toMatchObject({
        kind: "unavailable",
        code: "STOP_TIMED_OUT",
        message: 'Environment "local" was not stopped within 1.5 s. Still under way: the end of release 1.',
      });
    });
    expect(ms).toBeLessThan(slowStopMs);
    // The work behind it goes on, and its lock is held as long.
    await expect(stopEnvironment(desk)).rejects.toMatchObject({ code: "DEPLOYMENT_LOCKED" });
    await untilGone(folder.lockFile);
    expect(states(await folder.readRecords())).toEqual(["stopped"]);
  });

  it("lets one of several stops do it, and each of the others say so or find nothing to do", async () => {
    const { deploy, desk, folder } = testEnvironment();
    await deploy("1");
    const all = await Promise.allSettled(Array.from({ length: 6 }, async () => await stopEnvironment(desk)));
    const stopped = all.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
    expect(stopped).toMatchObject([{ release: 1 }]);
    for (const one of all) if (one.status === "rejected") expect(one.reason.code).toBe("DEPLOYMENT_LOCKED");
    expect(await processesOf(folder.directory)).toEqual([]);
  });

  it("leaves no relay behind whose command was killed before it had written down that it started one", async () => {
    const folder = temporaryFolder();
    const main = path.resolve(import.meta.dirname, "../../src/deploy/relay-main.ts");
    const relay = fork(main, [path.join(folder, "current.json"), "0"], { env: {}, execArgv: [] });
    await once(relay, "message");
    const ended = once(relay, "exit");
    relay.disconnect();
    expect(await ended).toEqual([0, null]);
  });
});

async function untilGone(file: string): Promise<void> {
  const watcher = watch(path.dirname(file));
  onTestFinished(() => watcher.close());
  while (existsSync(file)) await once(watcher, "change");
}
