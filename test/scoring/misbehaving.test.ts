import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openDuckDb } from "../../src/data/engine/duckdb.ts";
import { openTable } from "../../src/data/sources/source.ts";
import { MlopsError } from "../../src/errors.ts";
import { openLocalModel } from "../../src/scoring/model-location.ts";
import { openScorer } from "../../src/scoring/score-model.ts";
import { pythonOfTests, runPython } from "../support/python.ts";

const misbehaving = `
import os, resource, signal, subprocess, sys, time
import numpy as np
def scores(x): return np.column_stack([np.zeros(len(x)), np.ones(len(x))])
class Forks:
    def predict_proba(self, x):
        if os.fork() == 0: time.sleep(600)
        child = subprocess.Popen(["sleep", "600"])
        open("left-behind", "w").write(str(child.pid))
        return scores(x)
class Leaks:
    def predict_proba(self, x):
        resource.setrlimit(resource.RLIMIT_AS, (1 << 32, 1 << 32))
        return scores(bytearray(1 << 34))
class Killed:
    def predict_proba(self, x): sys.stderr.write("loaded 3 GB\\n"); sys.stderr.flush(); os._exit(137)
class Faults:
    def predict_proba(self, x): os.kill(os.getpid(), signal.SIGSEGV)
class Late:
    seen = 0
    def predict_proba(self, x):
        given = scores(x)
        Late.seen += 1
        if Late.seen == 2: given[5] = np.nan
        return given
class Grows:
    seen = 0
    def predict_proba(self, x):
        Grows.seen += 1
        return np.zeros((len(x), 2 + Grows.seen))
class Texts:
    def predict_proba(self, x): return np.full((len(x), 2), "0.5")
class Logits:
    classes_ = [0, 1]
    def predict_proba(self, x): return x[:2]
class Halts:
    def predict_proba(self, x):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("deaf", flush=True)
        time.sleep(600)
`;
const writer = `
import joblib, misbehaving
for name in dir(misbehaving):
    kind = getattr(misbehaving, name)
    if isinstance(kind, type): joblib.dump(kind(), name + ".joblib")
`;

describe("a model that misbehaves while it scores", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "mlops-misbehaving-"));
  beforeAll(async () => {
    writeFileSync(path.join(folder, "misbehaving.py"), misbehaving);
    writeFileSync(path.join(folder, "writer.py"), writer);
    const rows = Array.from({ length: 140_000 }, (_, row) => `${row},${row % 2}`);
    writeFileSync(path.join(folder, "table.csv"), `x,label\n${rows.join("\n")}\n`);
    const made = await runPython({ args: ["writer.py"], cwd: folder });
    expect(made.exitCode, made.stderr).toBe(0);
    return () => rm(folder, { recursive: true, force: true });
  });

  async function score(name: string, stop = new AbortController()) {
    const own = mkdtempSync(path.join(folder, "scoring-"));
    const db = await openDuckDb();
    const scorer = await openScorer({
      model: await openLocalModel(`${name}.joblib`, folder),
      python: await pythonOfTests(),
      exclude: ["label"],
      task: undefined,
      positiveClass: undefined,
      folder: own,
      cwd: folder,
      env: { PATH: process.env["PATH"] },
      signal: stop.signal,
      redact: (text) => text,
      onOutput: (text) => {
        if (text.includes("deaf"))
          stop.abort(new MlopsError({ kind: "terminated", code: "SIGTERM", message: "" }));
      },
      onWarning: () => {},
    });
    try {
      return await scorer.score(db, await openTable(["table.csv"], db, { cwd: folder }), 140_000);
    } finally {
      await scorer.close();
      await db.close();
    }
  }

  it.each([
    ["Leaks", "this Python has no memory left"],
    ["Killed", "failed (exit 137) (out of memory?):\n  loaded 3 GB"],
    ["Faults", "was ended by SIGSEGV"],
    ["Late", "NaN or infinity for 1 of 65536 rows"],
    ["Grows", "gave shape (65536, 4) for 3 classes"],
    ["Texts", "expected numbers"],
    ["Logits", "gave shape (2, 1) for 65536 rows"],
  ])("%s: the child failed, and why is said", async (name, message) => {
    const failed = await score(name).catch((error: unknown) => error);
    expect(failed).toMatchObject({ kind: "child-failed", message: expect.stringContaining(message) });
  });

  it("keeps the scores of one that leaves processes behind, and ends them", async () => {
    const { values } = await score("Forks");
    expect(values[0].every((value) => value === 1)).toBe(true);
    expect(values[0]).toHaveLength(140_000);
    const left = readFileSync(path.join(folder, "left-behind"), "utf8");
    const state = existsSync(`/proc/${left}/stat`) ? readFileSync(`/proc/${left}/stat`, "utf8") : "gone Z";
    expect(state).toMatch(/ Z/);
  });

  it("ends one that ignores SIGTERM within 5 seconds, and leaves nothing in the working folder", async () => {
    const before = readdirSync(folder).filter((name) => !name.startsWith("scoring-"));
    const stop = new AbortController();
    let stoppedAt = 0;
    stop.signal.addEventListener("abort", () => {
      stoppedAt = performance.now();
    });
    const failed = await score("Halts", stop).catch((error: unknown) => error);
    expect(performance.now() - stoppedAt).toBeLessThan(5000);
    expect(failed).toMatchObject({ kind: "terminated", code: "SIGTERM" });
    expect(readdirSync(folder).filter((name) => !name.startsWith("scoring-"))).toEqual(before);
  });
});
