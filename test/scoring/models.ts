import { cpSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, expect } from "vitest";
import { openDuckDb } from "../../src/data/engine/duckdb.ts";
import { openTable } from "../../src/data/sources/source.ts";
import { readScoreColumns } from "../../src/scoring/arrow.ts";
import { openLocalModel } from "../../src/scoring/model-location.ts";
import { openScorer } from "../../src/scoring/score-model.ts";
import type { ModelScores, ScorerRequest } from "../../src/scoring/scorer.ts";
import { pythonOfTests, runPython } from "../support/python.ts";

export interface Scored extends ModelScores {
  readonly warnings: readonly string[];
}

/** How many rows the scripts give their tables. */
const rows = 500;

/** Trains the models of a script before the tests of the file that calls this, and removes them afterwards. */
export function trainedModels(script = "make_models.py") {
  const folder = mkdtempSync(path.join(tmpdir(), "mlops-kinds-"));
  beforeAll(async () => {
    for (const name of [script, "own_model.py"])
      cpSync(path.join(import.meta.dirname, name), path.join(folder, name));
    const made = await runPython({ args: [script], cwd: folder, timeoutMs: 500_000 });
    expect(made.exitCode, made.stderr).toBe(0);
    return () => rm(folder, { recursive: true, force: true });
  }, 600_000);

  return scoringIn(folder, pythonOfTests);
}

/** Scores the models of a folder with a Python of its own, and reads what their libraries made of the same table. */
export function scoringIn(folder: string, python: () => Promise<string>) {
  async function score(
    uri: string,
    table: string,
    options: Partial<Pick<ScorerRequest, "task" | "positiveClass" | "exclude" | "env" | "signal">> = {},
  ): Promise<Scored> {
    const warnings: string[] = [];
    // Not beside the models, where the module of one of them stands: what is scored must bring its own.
    const own = mkdtempSync(path.join(folder, "scoring-"));
    const db = await openDuckDb();
    const scorer = await openScorer({
      model: await openLocalModel(uri, folder),
      python: await python(),
      exclude: ["row", "death"],
      task: undefined,
      positiveClass: undefined,
      folder: own,
      cwd: own,
      env: { PATH: process.env["PATH"], MLFLOW_DISABLE_TELEMETRY: "true" },
      signal: new AbortController().signal,
      redact: (text) => text,
      onOutput: () => {},
      onWarning: (text) => warnings.push(text),
      ...options,
    });
    try {
      const source = await openTable([table], db, { cwd: folder });
      return { ...(await scorer.score(db, source, rows)), warnings };
    } finally {
      await scorer.close();
      await db.close();
    }
  }

  /** What the library itself gave. */
  async function expected(name: string) {
    return await readScoreColumns(path.join(folder, `${name}.expected`), rows);
  }

  return { score, expected };
}
