import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { times } from "../support/full.ts";
import { openTestStore } from "./client.ts";

const writerFile = path.join(import.meta.dirname, "writer.ts");
const holderFile = path.join(import.meta.dirname, "lock-holder.ts");

function startNode(file: string, ...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [file, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** The last step that the writer was told was stored, once `enough` were, or at its end. */
async function lastStep(child: ChildProcess, enough: number): Promise<number> {
  if (child.stdout === null) throw new Error("no stdout");
  let last = -1;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    if (last >= enough) break;
  }
  return last;
}

describe("several processes on one store", () => {
  it("lose nothing that was answered, and show nothing half, after kill -9 in the middle of writing", {
    timeout: times(60_000, 600_000),
  }, async () => {
    const directory = path.join(temporaryFolder(), "store");
    const first = await openTestStore(directory);
    const runId = await first.createRun();
    await first.close();
    for (let round = 1; round <= times(3, 60); round++) {
      const child = startNode(writerFile, directory, runId, `k${round}`);
      const answered = await lastStep(child, 20 * (1 + (round % 3)));
      child.kill("SIGKILL");
      await once(child, "close");
      const store = await openTestStore(directory);
      const { run } = await store.get(`runs/get?run_id=${runId}`);
      const history = await store.get(`metrics/get-history?run_id=${runId}&metric_key=k${round}`);
      const steps = history.metrics.map((point: { step: number }) => point.step);
      expect(steps.length).toBeGreaterThan(answered);
      expect(steps).toEqual(steps.map((_: number, index: number) => index));
      // The tag of a batch is there exactly when its metric is.
      const tag = run.data.tags.find((one: { key: string }) => one.key === `k${round}`);
      expect(tag.value).toBe(String(steps.at(-1)));
      expect(store.warnings).toEqual([]);
      await store.post("runs/set-tag", { run_id: runId, key: "round", value: String(round) });
      await store.close();
    }
  });

  it("write at the same time without losing a point, and see each other's", async () => {
    const directory = path.join(temporaryFolder(), "store");
    const store = await openTestStore(directory);
    const runId = await store.createRun();
    const children = ["left", "right"].map((key) => startNode(writerFile, directory, runId, key, "150"));
    const ends = children.map((child) => once(child, "close"));
    await Promise.all(children.map((child) => lastStep(child, Number.POSITIVE_INFINITY)));
    for (const [code] of await Promise.all(ends)) expect(code).toBe(0);
    for (const key of ["left", "right"]) {
      const history = await store.get(`metrics/get-history?run_id=${runId}&metric_key=${key}`);
      expect(history.metrics).toHaveLength(150);
    }
  });

  it("give different numbers to versions that they make at the same time", async () => {
    const directory = path.join(temporaryFolder(), "store");
    const stores = [await openTestStore(directory), await openTestStore(directory)];
    await stores[0]?.post("registered-models/create", { name: "m" });
    const made = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const body = { name: "m", source: `s3://bucket/${index}` };
        const created = await stores[index % 2]?.post("model-versions/create", body);
        return Number(created.model_version.version);
      }),
    );
    expect(made.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it("get the lock back from a process that was killed while it held it", async () => {
    const directory = path.join(temporaryFolder(), "store");
    const store = await openTestStore(directory);
    const holder = startNode(holderFile, `${directory}.lock.db`);
    await once(holder.stdout ?? holder, "data");
    let isDone = false;
    const waiting = store.createRun().then((runId) => {
      isDone = true;
      return runId;
    });
    // Reading does not wait for the writer.
    await store.get("experiments/get?experiment_id=0");
    expect(isDone).toBe(false);
    holder.kill("SIGKILL");
    expect(await waiting).toMatch(/^[0-9a-f]{32}$/);
  });
});
