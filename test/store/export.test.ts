import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../../src/main.ts";
import { testContext } from "../support/context.ts";
import { temporaryFolder } from "../support/folder.ts";
import { openTestStore, type TestStore } from "./client.ts";

async function filled(fill: (store: TestStore) => Promise<void>): Promise<string> {
  const cwd = temporaryFolder();
  const store = await openTestStore(path.join(cwd, ".mlops", "store"));
  await fill(store);
  await store.close();
  return cwd;
}

async function exportTo(cwd: string, ...args: string[]) {
  const context = testContext({ cwd });
  const code = await run(["store", "export", ...args], context);
  return { code, ...context.printed() };
}

const metric = (runId: string, key: string, value: number) => ({
  run_id: runId,
  key,
  value,
  timestamp: 5,
  step: 0,
});

describe("store export", () => {
  it("writes metrics as MLflow's lines, equal points once", async () => {
    let runId = "";
    const cwd = await filled(async (store) => {
      runId = await store.createRun();
      for (const value of [0.75, 0.75, 1e300])
        await store.post("runs/log-metric", metric(runId, "loss/val", value));
    });
    expect((await exportTo(cwd, "tree")).code).toBe(0);
    const folder = path.join(cwd, "tree", "0", runId);
    expect(readFileSync(path.join(folder, "metrics", "loss", "val"), "utf8")).toBe("5 0.75 0\n5 1e+300 0\n");
    const meta = JSON.parse(readFileSync(path.join(folder, "meta.yaml"), "utf8"));
    expect(meta).toMatchObject({ run_id: runId, status: 1, end_time: null, source_type: 4 });
  });

  it("escapes what a YAML reader would fold or refuse", async () => {
    const name = "a\u0085b\u2028c\u007f\uffff: 'x' #\n\"";
    const cwd = await filled(async (store) => {
      await store.post("experiments/create", { name });
    });
    expect((await exportTo(cwd, "tree")).code).toBe(0);
    const id = readdirSync(path.join(cwd, "tree")).find((one) => one.length === 18) ?? "";
    const text = readFileSync(path.join(cwd, "tree", id, "meta.yaml"), "utf8");
    expect(text).not.toMatch(/[\u007f-\u009f\u2028\u2029\uffff]/);
    expect(JSON.parse(text).name).toBe(name);
  });

  it("refuses what the layout cannot hold, all of it named, and writes nothing", async () => {
    const cwd = await filled(async (store) => {
      const runId = await store.createRun();
      await store.post("runs/log-metric", metric(runId, "k", 1));
      await store.post("runs/log-metric", metric(runId, "k/x", 2));
      await store.post("runs/set-tag", { run_id: runId, key: "é".repeat(200), value: "v" });
      await store.post("runs/log-parameter", { run_id: runId, key: "p", value: "a\r\nb" });
    });
    const refused = await exportTo(cwd, "tree");
    expect(refused.code).toBe(2);
    for (const part of [
      "'k/x' cannot stand beside 'k'",
      "255 bytes",
      "carriage returns",
      "--skip-unrepresentable",
    ]) {
      expect(refused.stderr).toContain(part);
    }
    expect(readdirSync(cwd)).toEqual([".mlops"]);
    const skipped = await exportTo(cwd, "tree", "--skip-unrepresentable");
    expect(skipped.code).toBe(0);
    expect(skipped.stderr).toContain("'k/x' cannot stand beside 'k'");
    expect(skipped.stdout).toContain("3 things left out");
    expect(existsSync(path.join(cwd, "tree", "0", "meta.yaml"))).toBe(true);
  });

  it("refuses a folder that holds something, a missing store, and a missing operand", async () => {
    const cwd = await filled(async () => undefined);
    mkdirSync(path.join(cwd, "used"));
    writeFileSync(path.join(cwd, "used", "mine.txt"), "mine");
    const used = await exportTo(cwd, "used");
    expect([used.code, used.stderr]).toEqual([2, expect.stringContaining("mine.txt")]);
    const none = await exportTo(cwd, "tree", "--store-dir", "nowhere");
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("nowhere")]);
    expect(existsSync(path.join(cwd, "nowhere"))).toBe(false);
    expect((await exportTo(cwd)).code).toBe(2);
  });

  it("refuses to leave a damaged line out without a word", async () => {
    let runId = "";
    const cwd = await filled(async (store) => {
      runId = await store.createRun();
    });
    const folder = path.join(cwd, ".mlops", "store", "experiments", "0", runId);
    const journal = path.join(folder, readdirSync(folder)[0] ?? "");
    appendFileSync(journal, "garbage\n");
    const refused = await exportTo(cwd, "tree");
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining(`${journal}: a line is damaged`),
    ]);
  });

  it("says with --dry-run what it would write, and writes nothing", async () => {
    const cwd = await filled(async (store) => void (await store.createRun()));
    const answer = await exportTo(cwd, "tree", "--dry-run");
    expect([answer.code, answer.stdout]).toEqual([
      0,
      expect.stringContaining("would write tree: 1 experiments, 1 runs"),
    ]);
    expect(readdirSync(cwd)).toEqual([".mlops"]);
  });
});
