import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { startCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { parquetIn } from "./evaluate-case.ts";
import { appeared } from "./validate-case.ts";

const rows = 3_000_000;
const args = ["--predictions", "p.parquet", "--subgroup", "g", "--scores-path", "s.parquet"];

/** Resolves when the process has a thread of that name, as Linux shows it; nothing tells of that, so it is looked for. */
async function threadStarted(pid: number | undefined, name: string): Promise<void> {
  const folder = `/proc/${pid}/task`;
  for (;;) {
    for (const id of readdirSync(folder)) {
      try {
        if (readFileSync(path.join(folder, id, "comm"), "utf8").trim() === name) return;
      } catch {
        // The thread has ended since.
      }
    }
    await sleep(5);
  }
}

/** `place` shows that the work has come so far. */
const moments = [
  ["SIGTERM", 143, "while it reads", "tmp", /^mlops-duckdb-/, []],
  ["SIGINT", 130, "while it writes the scores", "cwd", /^s\.parquet\.partial$/, []],
  [
    "SIGTERM",
    143,
    "while a program of the user runs",
    "cwd",
    /^started$/,
    ["--metrics-program", "sh own.sh"],
  ],
] as const;

describe("mlops evaluate that is told to end", () => {
  it.each(moments)(
    "by %s ends with %d %s, at once, and leaves nothing",
    { timeout: 120_000 },
    async (signal, code, _when, place, name, more) => {
      const cwd = temporaryFolder();
      const select = "SELECT i % 2 AS label, (i * 7919 % 10007) / 10007 AS score, i % 9 AS g";
      await parquetIn(cwd, "p.parquet", `${select} FROM range(${rows}) t(i)`);
      writeFileSync(path.join(cwd, "own.sh"), "touch started\nsleep 600\n");
      writeFileSync(path.join(cwd, "evaluation_results.json"), "old");
      const tmp = path.join(cwd, "tmp");
      mkdirSync(tmp);
      const running = startCli(["evaluate", ...args, ...more], { cwd, env: { TMPDIR: tmp } });
      await appeared(place === "tmp" ? tmp : cwd, name);
      const signalledMs = performance.now();
      running.process.kill(signal);
      const outcome = await running.finished;
      expect(performance.now() - signalledMs).toBeLessThan(5000);
      expect([outcome.code, outcome.stdout], outcome.stderr).toEqual([code, ""]);
      expect(readdirSync(tmp).filter((one) => one !== "node-compile-cache")).toEqual([]);
      const left = readdirSync(cwd).filter((one) => !["own.sh", "p.parquet", "tmp", "started"].includes(one));
      // The scores are written before the program starts.
      expect(left).toEqual(more.length === 0 ? [] : ["s.parquet"]);
    },
  );

  it.runIf(process.platform === "linux")(
    "by SIGTERM ends within 5 s while a thread of its own measures, and leaves nothing",
    { timeout: 120_000 },
    async () => {
      const cwd = temporaryFolder();
      const select =
        "SELECT (i * 7919 % 1000003) / 7 AS label, (i * 104729 % 1000003) / 7 AS prediction, i % 9 AS g";
      await parquetIn(cwd, "p.parquet", `${select} FROM range(${rows}) t(i)`);
      writeFileSync(path.join(cwd, "evaluation_results.json"), "old");
      const tmp = path.join(cwd, "tmp");
      mkdirSync(tmp);
      const given = ["evaluate", ...args, "--task", "regression", "--report", "r.html", "--charts", "charts"];
      const running = startCli(given, { cwd, env: { TMPDIR: tmp } });
      await threadStarted(running.process.pid, "WorkerThread");
      const signalledMs = performance.now();
      running.process.kill("SIGTERM");
      const outcome = await running.finished;
      expect(performance.now() - signalledMs).toBeLessThan(5000);
      expect([outcome.code, outcome.stdout], outcome.stderr).toEqual([143, ""]);
      expect(readdirSync(tmp).filter((one) => one !== "node-compile-cache")).toEqual([]);
      expect(readdirSync(cwd).toSorted()).toEqual(["p.parquet", "tmp"]);
    },
  );
});
