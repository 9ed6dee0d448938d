import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openDuckDb } from "../../src/data/engine/duckdb.ts";
import { parquetIn, resultIn } from "./evaluate-case.ts";
import { modelsInPython } from "./evaluate-models.ts";

const rows = 4_400_000;
/** Labels, and scores that the model makes, need 10 bytes a row at least. */
const small = ["--memory-limit", "40MB"];

describe("a model that scores more rows than fit into memory", { timeout: 300_000 }, () => {
  const { kept, score } = modelsInPython();

  async function resultOf(model: string, ...args: string[]) {
    const cwd = kept.folder ?? "";
    if (!readdirSync(cwd).includes("large.parquet")) await makeTable(cwd);
    const outcome = await score(model, "large.parquet", "--label", "death", ...args);
    expect(outcome.code, outcome.stderr).toBe(0);
    const { startedAt: _, finishedAt: __, ...result } = resultIn(cwd);
    const isFromDisk = outcome.stderr.includes(`measured from disk, ${rows} rows`);
    return { result, isFromDisk, digest: await digestOf(`${cwd}/scores.parquet`) };
  }

  it.each([
    ["floats.joblib", "gives scores", []],
    ["integers_svc.joblib", "predicts classes", ["--task", "binary", "--weight", "w", "--row-id", "id"]],
  ])("%s, which %s, has the result and the kept scores of a table in memory", async (model, _what, args) => {
    const whole = await resultOf(model, ...args, "--subgroup", "g");
    const stored = await resultOf(model, ...args, "--subgroup", "g", ...small);
    expect([whole.isFromDisk, stored.isFromDisk]).toEqual([false, true]);
    // A Parquet file tells who wrote it when.
    expect(stored.digest).toEqual(whole.digest);
    expect(stored.result).toEqual({ ...whole.result, scores: expect.anything() });
    expect(stored.result.scores?.sha256).toBe(whole.result.scores?.sha256);
  });
});

async function makeTable(cwd: string): Promise<void> {
  const x = "(i * 7919 % 1000003) / 1000003";
  await parquetIn(
    cwd,
    "large.parquet",
    `SELECT ${x} AS x, CAST(${x} + (i * 6007 % 101) / 300 > 0.8 AS INTEGER) AS death, i % 3 * 0.1 AS w,
      ${rows} - i AS id, 'g' || i % 3 AS g FROM range(${rows}) t(i)`,
  );
}

/** How many, and a digest of them in their order. */
async function digestOf(file: string) {
  const db = await openDuckDb();
  try {
    return await db.query(
      `SELECT count(*) AS n, sum(hash(row_number, t)) AS digest FROM (SELECT row_number() OVER () AS row_number, t FROM read_parquet('${file}') t)`,
    );
  } finally {
    await db.close();
  }
}
