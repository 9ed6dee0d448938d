import { cpSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openDuckDb } from "../../src/data/engine/duckdb.ts";
import { openTable } from "../../src/data/sources/source.ts";
import { openLocalModel } from "../../src/scoring/model-location.ts";
import { openScorer } from "../../src/scoring/score-model.ts";
import type { Scorer } from "../../src/scoring/scorer.ts";
import { runPython } from "../support/python.ts";

/** More than two batches. */
const rows = 150_000;

describe("the scores of an ONNX model that lie in a file", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "mlops-stored-"));
  beforeAll(async () => {
    cpSync(path.join(import.meta.dirname, "make_onnx.py"), path.join(folder, "make_onnx.py"));
    const made = await runPython({ args: ["make_onnx.py"], cwd: folder });
    expect(made.exitCode, made.stderr).toBe(0);
    const db = await openDuckDb();
    await db.query(
      `COPY (SELECT t.* FROM '${folder}/table.parquet' t, range(${rows / 300})) TO '${folder}/large.parquet' (FORMAT parquet)`,
    );
    await db.close();
    return () => rm(folder, { recursive: true, force: true });
  }, 200_000);

  async function scored<T>(of: Scorer, how: (...args: Parameters<Scorer["score"]>) => Promise<T>) {
    const db = await openDuckDb();
    try {
      return await how.call(of, db, await openTable(["large.parquet"], db, { cwd: folder }), rows);
    } finally {
      await of.close();
      await db.close();
    }
  }

  async function scorer(model: string): Promise<Scorer> {
    const own = mkdtempSync(path.join(folder, "scoring-"));
    return await openScorer({
      model: await openLocalModel(model, folder),
      ...{ python: undefined, task: undefined, positiveClass: undefined },
      ...{ exclude: ["death", "species", "cost"], folder: own, cwd: own, env: {} },
      ...{ signal: new AbortController().signal, redact: (text: string) => text },
      ...{ onOutput: () => {}, onWarning: () => {} },
    });
  }

  it.each([
    ["binary.onnx", "score", 1],
    ["three.onnx", "probabilities", 3],
  ])("%s: are those of arrays, some rows at a time", async (model, kind, columns) => {
    const one = await scorer(model);
    const { values, dtype: _, ...facts } = await scored(one, one.score);
    expect([facts.kind, values.length, values[0].length]).toEqual([kind, columns, rows]);
    const other = await scorer(model);
    const { stretches, ...said } = await scored(other, other.scoreStored);
    expect(said).toEqual(facts);
    let row = 0;
    for await (const stretch of stretches()) {
      const end = row + stretch[0].length;
      expect(stretch).toEqual(values.map((column) => column.slice(row, end)));
      row = end;
    }
    expect(row).toBe(rows);
  });
});
