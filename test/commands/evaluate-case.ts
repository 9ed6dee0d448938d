import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openDuckDb } from "../../src/data/engine/duckdb.ts";
import { run } from "../../src/main.ts";
import { evaluationResults } from "../../src/results/evaluation-results.ts";
import { testContext } from "../support/context.ts";

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `mlops evaluate` with the given words in a folder: the exit code and what was printed. */
export async function evaluate(cwd: string, ...args: string[]): Promise<Outcome> {
  const context = testContext({ cwd, env: { PATH: process.env["PATH"] ?? "" } });
  const code = await run(["evaluate", ...args], context);
  return { code, ...context.printed() };
}

/** The result that an evaluation has written, read by its schema. */
export function resultIn(cwd: string) {
  return evaluationResults.parse(JSON.parse(readFileSync(path.join(cwd, "evaluation_results.json"), "utf8")));
}

/** Writes the table of predictions, `p.csv`. */
export function tableIn(cwd: string, text: string): void {
  writeFileSync(path.join(cwd, "p.csv"), text);
}

/** Writes a Parquet file of the rows of a query. */
export async function parquetIn(cwd: string, name: string, select: string): Promise<void> {
  const db = await openDuckDb();
  try {
    await db.query(`COPY (${select}) TO '${path.join(cwd, name)}' (FORMAT parquet)`);
  } finally {
    await db.close();
  }
}
