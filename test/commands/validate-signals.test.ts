import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { startCli } from "../support/cli.ts";
import { appeared, disappeared, folderWith } from "./validate-case.ts";

// Many rows for nothing: counted soon, written much later.
const endless = "checks: [{sql: 'SELECT d.* FROM data AS d, range(200000000)'}]\n";
// No index helps here: minutes.
const slow =
  "checks: [{sql: 'SELECT * FROM range(3000000) AS a, range(3000000) AS b WHERE a.range * b.range = -1'}]\n";

const args = ["--data-path", "x.csv", "--contract", "c.yaml", "--junit-path", "j.xml"];

const writing = (cwd: string) => appeared(cwd, /^bad\.parquet\.partial$/);
// The old report goes when everything else is ready.
const scanning = (cwd: string) => disappeared(cwd, "validation_report.json");

describe("mlops validate that is told to end", () => {
  it.each([
    ["SIGTERM", 143, "while it writes failing rows", endless, writing],
    ["SIGINT", 130, "while a query runs", slow, scanning],
    ["SIGTERM", 143, "while a query runs", slow, scanning],
  ] as const)(
    "by %s ends with %d %s, at once, and leaves nothing",
    { timeout: 60_000 },
    async (signal, code, _when, rules, isThere) => {
      const { cwd, tmp, running } = started(rules);
      await isThere(cwd);
      const signalledMs = performance.now();
      running.process.kill(signal);
      const outcome = await running.finished;
      expect(performance.now() - signalledMs).toBeLessThan(5000);
      expect(outcome.code).toBe(code);
      expect(outcome.stdout).toBe("");
      expect(leftIn(tmp)).toEqual([]);
      expect(readdirSync(cwd).toSorted()).toEqual(["c.yaml", "tmp", "x.csv"]);
    },
  );

  it("closes also a database that is only being opened", async () => {
    const { tmp, running } = started(slow);
    await appeared(tmp, /^mlops-duckdb-/);
    running.process.kill("SIGTERM");
    expect(await running.finished).toMatchObject({ code: 143, stdout: "" });
    expect(leftIn(tmp)).toEqual([]);
  });

  it("closes the database also where the contract is wrong", async () => {
    const { tmp, running } = started("columns: [{nam: a}]\n");
    expect(await running.finished).toMatchObject({ code: 2 });
    expect(leftIn(tmp)).toEqual([]);
  });
});

/** A run on one row, with old outputs in its folder and a temporary folder of its own. */
function started(rules: string) {
  const cwd = folderWith({
    "x.csv": "a\n1\n",
    "c.yaml": rules,
    "validation_report.json": "old",
    "bad.parquet": "old",
  });
  const tmp = path.join(cwd, "tmp");
  mkdirSync(tmp);
  const running = startCli(["validate", ...args, "--failing-rows", "bad.parquet"], {
    cwd,
    env: { TMPDIR: tmp },
  });
  return { cwd, tmp, running };
}

/** Node's own cache of compiled code stays, as it should. */
function leftIn(tmp: string): string[] {
  return readdirSync(tmp).filter((one) => one !== "node-compile-cache");
}
