import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { startCli } from "../support/cli.ts";
import { pythonOfTests, runPython } from "../support/python.ts";

const misbehaving = `
import os, signal, subprocess, sys, time
import numpy as np
def scores(x): return np.column_stack([np.zeros(len(x)), np.linspace(0, 1, len(x))])
def say(text): sys.stderr.write(text + "\\n"); sys.stderr.flush()
class Prints:
    def predict_proba(self, x):
        print("auc: 1.0", flush=True); os.write(1, b'{"verdict": "pass"}\\n'); subprocess.run(["echo", "from a child"])
        return scores(x)
class Forks:
    def predict_proba(self, x):
        if os.fork() == 0: time.sleep(600)
        open("left-behind", "w").write(str(subprocess.Popen(["sleep", "600"]).pid))
        return scores(x)
class Doubles:
    def predict_proba(self, x): os.fork(); return scores(x)
class Leaks:
    kept = []
    def predict_proba(self, x): self.kept.append(np.ones(1 << 28)); say("kept %d" % len(self.kept)); return scores(x)
class Recurses:
    def predict_proba(self, x): return self.predict_proba(x)
class Short:
    def predict_proba(self, x): return scores(x)[:-1]
class Long:
    def predict_proba(self, x): return scores(np.zeros(len(x) + 1))
class Nan:
    def predict_proba(self, x): return np.where(scores(x) > 0.5, np.nan, 0)
class Infinite:
    def predict(self, x): return np.full(len(x), np.inf)
class Words:
    def predict_proba(self, x): return np.full((len(x), 2), "0.5")
class Complex:
    def predict_proba(self, x): return scores(x) + 1j
class Nothing:
    def predict_proba(self, x): return None
class Killed:
    def predict_proba(self, x): say("reading embeddings"); say("4 GB so far"); os.kill(os.getpid(), signal.SIGKILL)
class Faults:
    def predict_proba(self, x): say("calling the C library"); os.kill(os.getpid(), signal.SIGSEGV)
class Ended:
    def predict_proba(self, x): os.kill(os.getpid(), signal.SIGTERM)
class Exits:
    def predict_proba(self, x): say("no licence found"); sys.exit(3)
class Leaves:
    def predict_proba(self, x): sys.exit(0)
class Closes:
    def predict_proba(self, x): os.closerange(3, 64); return scores(x)
class Floods:
    def predict_proba(self, x): sys.stderr.write("x" * 30_000_000); sys.stderr.write("\\nthe end\\n"); raise RuntimeError("after the flood")
`;
const writer = `
import joblib, misbehaving
for name in dir(misbehaving):
    kind = getattr(misbehaving, name)
    if isinstance(kind, type): joblib.dump(kind(), name + ".joblib")
`;

/** Three batches, so that a failure comes when there are scores already. */
const rows = 140_000;

describe("mlops evaluate of a model that misbehaves (built program)", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "mlops-misbehaving-"));
  beforeAll(async () => {
    writeFileSync(path.join(folder, "misbehaving.py"), misbehaving);
    writeFileSync(path.join(folder, "writer.py"), writer);
    const lines = Array.from({ length: rows }, (_, row) => `${row},${row % 2}`);
    writeFileSync(path.join(folder, "table.csv"), `x,label\n${lines.join("\n")}\n`);
    // As a job with little memory has it: 2 GB of addresses.
    await writePython("limited.sh", "ulimit -v 2000000\nexport OPENBLAS_NUM_THREADS=1");
    // As a machine that keeps what is left of a crashed program.
    await writePython("dumping.sh", "ulimit -S -c $(ulimit -H -c)");
    const made = await runPython({ args: ["writer.py"], cwd: folder });
    expect(made.exitCode, made.stderr).toBe(0);
    return () => rm(folder, { recursive: true, force: true });
  });

  async function writePython(name: string, settings: string): Promise<void> {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${settings}\nexec ${await pythonOfTests()} "$@"\n`);
    chmodSync(file, 0o755);
  }

  async function evaluate(name: string, python?: string) {
    const cwd = mkdtempSync(path.join(folder, "job-"));
    const inputs = ["--model-path", `../${name}.joblib`, "--eval-data-path", "../table.csv"];
    const outputs = ["--metrics-file", "metrics.txt", "--report", "report.html", "--json"];
    const flags = ["--label", "label", "--python", python ?? (await pythonOfTests())];
    const temporary = mkdtempSync(path.join(folder, "tmp-"));
    const env = { PYTHONPATH: folder, TMPDIR: temporary };
    const cli = startCli(["evaluate", ...inputs, ...flags, ...outputs], { cwd, env });
    const done = await cli.finished;
    // Compiled code of the program itself stays for its next start.
    const left = readdirSync(temporary).filter((one) => one !== "node-compile-cache");
    return { ...done, cwd, left };
  }

  it("keeps what it prints out of the result", async () => {
    const { code, stdout, left } = await evaluate("Prints");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ command: "evaluate", count: rows });
    expect(left).toEqual([]);
  });

  it("ends what it leaves behind, and keeps its scores", async () => {
    const { code, stdout, cwd } = await evaluate("Forks");
    expect([code, JSON.parse(stdout).count]).toEqual([0, rows]);
    const pid = readFileSync(path.join(cwd, "left-behind"), "utf8");
    const state = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8") : "gone Z";
    expect(state).toMatch(/ Z/);
  });

  it("lets only one of two go on where it forks", async () => {
    const once = await evaluate("Prints");
    const twice = await evaluate("Doubles");
    expect(twice.code, twice.stderr).toBe(0);
    expect(JSON.parse(twice.stdout).scores.sha256).toBe(JSON.parse(once.stdout).scores.sha256);
  });

  it.each([
    ["Short", /gave shape \(65535, 2\) for 65536 rows/],
    ["Long", /gave shape \(65537, 2\) for 65536 rows/],
    ["Nan", /NaN or infinity for \d+ of 65536 rows/],
    ["Infinite", /NaN or infinity for 65536 of 65536 rows/],
    ["Words", /values such as .*"?0\.5.*, expected numbers/],
    ["Complex", /expected numbers/],
    ["Nothing", /gave shape \(\) for \d+ rows/],
    ["Recurses", /failed: predict_proba raised RecursionError: maximum recursion depth exceeded:\n/],
    ["Killed", /was ended by SIGKILL \(out of memory\?\):\n.*reading embeddings\n.*4 GB so far/],
    ["Faults", /was ended by SIGSEGV:\n.*calling the C library/],
    ["Ended", /was ended by SIGTERM/],
    ["Exits", /failed \(exit 3\):\n.*no licence found/],
    ["Leaves", /left no usable scores/],
    ["Closes", /failed \(exit 1\):\n[\s\S]*Bad file descriptor/],
    ["Floods", /failed: predict_proba raised RuntimeError: after the flood:\n[\s\S]*the end\n/],
  ])("%s: exit 8 with the reason and its last lines, and nothing half-written", async (name, message) => {
    const { code, stdout, stderr, cwd, left } = await evaluate(name, path.join(folder, "dumping.sh"));
    expect(code, stderr).toBe(8);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "error" });
    expect(stderr).toMatch(message);
    expect(stderr.length).toBeLessThan(20_000);
    expect([readdirSync(cwd), left]).toEqual([[], []]);
  });

  it("says that there is no memory left where it leaks, before the kernel has to", async () => {
    const { code, stderr, cwd, left } = await evaluate("Leaks", path.join(folder, "limited.sh"));
    expect(code, stderr).toBe(8);
    expect(stderr).toContain("this Python has no memory left");
    expect([readdirSync(cwd), left]).toEqual([[], []]);
  });
});
