import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { startCli } from "../support/cli.ts";
import { appeared, folderWith } from "./validate-case.ts";

// Many rows for nothing: counted soon, written much later.
const endless = "checks: [{sql: 'SELECT d.* FROM data AS d, range(200000000)'}]\n";
// No index helps here: minutes.
const slow =
  "checks: [{sql: 'SELECT * FROM range(3000000) AS a, range(3000000) AS b WHERE a.range * b.range = -1'}]\n";

const args = ["--data-path", "x.csv", "--contract", "c.yaml", "--junit-path", "j.xml"];

describe("mlops validate that is told to end", () => {
  it.each([
    ["SIGTERM", 143, "while it writes failing rows", endless, "cwd", /^bad\.parquet\.partial$/],
    ["SIGINT", 130, "while a query runs", slow, "tmp", /^mlops-duckdb-/],
    ["SIGTERM", 143, "while a query runs", slow, "tmp", /^mlops-duckdb-/],
  ] as const)(
    "by %s ends with %d %s, at once, and leaves nothing",
    { timeout: 60_000 },
    async (signal, code, _when, rules, place, name) => {
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
      await appeared(place === "tmp" ? tmp : cwd, name);
      const signalledMs = performance.now();
      running.process.kill(signal);
      const outcome = await running.finished;
      expect(performance.now() - signalledMs).toBeLessThan(5000);
      expect(outcome.code).toBe(code);
      expect(outcome.stdout).toBe("");
      // Node's own cache of compiled code stays, as it should.
      expect(readdirSync(tmp).filter((one) => one !== "node-compile-cache")).toEqual([]);
      expect(readdirSync(cwd).toSorted()).toEqual(["c.yaml", "tmp", "x.csv"]);
    },
  );
});
