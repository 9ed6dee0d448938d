import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { startCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { pythonEnvironment, pythonOfTests } from "../support/python.ts";
import { openTestSession } from "../support/tracking-session.ts";

/** The script, a child of it, and a child that ignores SIGTERM: each says its process id once it runs, in one write. */
const script = `
import subprocess, sys, time
obedient = "import os, time; os.write(1, b'pid %d\\\\n' % os.getpid()); time.sleep(600)"
stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + obedient
for program in (obedient, stubborn):
    subprocess.Popen([sys.executable, "-c", program])
exec(obedient)
`;

async function isAlive(pid: number): Promise<boolean> {
  try {
    return !/\) [ZX] /.test(await readFile(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

describe("the built program, terminated in the middle of a training", () => {
  it("ends every process, closes the run as KILLED and exits with 143, within 5 s", async () => {
    const cwd = temporaryFolder("mlops-train");
    await writeFile(path.join(cwd, "train.py"), script);
    const cli = startCli(["train", "--dotenv", "train.env", "--", "train.py"], {
      cwd,
      env: { ...pythonEnvironment({}), MLOPS_PYTHON: await pythonOfTests() },
    });
    await cli.printed(/(pid \d+[\s\S]*){3}/);
    const startedMs = performance.now();
    cli.process.kill("SIGTERM");
    const { code, signal, stdout, stderr } = await cli.finished;
    const tookMs = performance.now() - startedMs;
    expect({ code, signal }, stderr).toEqual({ code: 143, signal: null });
    expect(stderr).toContain("error: Terminated (SIGTERM).");
    expect(tookMs).toBeLessThan(5000);
    const pids = [...stdout.matchAll(/pid (\d+)/g)].map((match) => Number(match[1]));
    expect(pids).toHaveLength(3);
    for (const pid of pids) expect(await isAlive(pid), `process ${pid}`).toBe(false);
    const runId = (await readFile(path.join(cwd, "outputs/mlflow_run_id.txt"), "utf8")).trim();
    expect(await readFile(path.join(cwd, "train.env"), "utf8")).toContain(`MLFLOW_RUN_ID=${runId}\n`);
    await using opened = await openTestSession({ trackingUri: undefined, cwd, storeDir: ".mlops/store" });
    expect((await opened.session.client.getRun(runId)).status).toBe("KILLED");
  });
});
