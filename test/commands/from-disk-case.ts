import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { openDuckDb } from "../../src/data/engine/duckdb.ts";
import { startCli } from "../support/cli.ts";
import { appeared } from "./validate-case.ts";

/** How many rows a Parquet file has, and a digest of them in their order. */
export async function rowsOf(file: string) {
  const db = await openDuckDb();
  try {
    return await db.query(
      `SELECT count(*) AS n, sum(hash(row_number, t)) AS digest FROM (SELECT row_number() OVER () AS row_number, t FROM read_parquet('${file}') t)`,
    );
  } finally {
    await db.close();
  }
}

/** Ends `args` by SIGTERM when a file `whenThere` of the database's folder is there; `cwd` holds p.parquet, and nothing else is left. */
export async function endsWhenTold({
  cwd,
  args,
  whenThere,
}: {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly whenThere: RegExp;
}): Promise<void> {
  const tmp = path.join(cwd, "tmp");
  mkdirSync(tmp);
  const running = startCli([...args], { cwd, env: { TMPDIR: tmp } });
  await appeared(tmp, /^mlops-duckdb-/);
  const folder = readdirSync(tmp).find((one) => one.startsWith("mlops-duckdb-")) ?? "";
  await appeared(path.join(tmp, folder), whenThere);
  const signalledMs = performance.now();
  running.process.kill("SIGTERM");
  const outcome = await running.finished;
  expect(performance.now() - signalledMs).toBeLessThan(5000);
  expect([outcome.code, outcome.stdout], outcome.stderr).toEqual([143, ""]);
  expect(readdirSync(tmp).filter((one) => one !== "node-compile-cache")).toEqual([]);
  expect(readdirSync(cwd).sort()).toEqual(["p.parquet", "tmp"]);
}
