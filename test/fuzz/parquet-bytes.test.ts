import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDuckDb } from "../../src/data/engine/duckdb.ts";
import { type Page, parquetPages } from "../../src/data/sources/parquet-pages.ts";
import type { ValidationCheck } from "../../src/results/validation-report.ts";
import { fc } from "../support/fast-check.ts";
import { times } from "../support/full.ts";
import { type Damage, damage, damaged } from "./damage.ts";
import { FuzzRunner, type Outcome } from "./runner.ts";
import { type ReadFigures, SecondReader } from "./second-reader.ts";

const folder = mkdtempSync(path.join(tmpdir(), "mlops-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const runner = new FuzzRunner(folder);
const reader = new SecondReader();

const timeout = 1_800_000;
const rows = 300;

const table = `SELECT i AS id, (hash(i) % 1000)::INTEGER AS n, hash(i * 3) / 1e19 AS x,
  CASE WHEN i % 7 = 0 THEN NULL ELSE ['DE', 'FR', 'US'][1 + (hash(i * 5) % 3)::INT] END AS country,
  concat('user', hash(i), '@example.org') AS email,
  TIMESTAMP '2025-01-01' + to_seconds((hash(i * 7) % 100000)::BIGINT) AS ts, i % 3 = 0 AS b
  FROM range(${rows}) t(i)`;

const contract = `
columns:
  - {name: id, type: integer, nulls: never, min: 0, max: ${rows - 1}, unique: true}
  - {name: n, type: integer, nulls: never, min: 0, max: 999}
  - {name: x, type: double, nulls: never, min: 0, max: 2}
  - {name: country, type: string, nulls: {max_ratio: 0.2}, values: [DE, FR, US]}
  - {name: email, type: string, nulls: never}
  - {name: ts, type: timestamp, nulls: never, min: "2020-01-01", max: "2030-01-01"}
  - {name: b, type: boolean, nulls: never}
`;

const layouts = {
  zstd: "COMPRESSION zstd",
  snappy: "COMPRESSION snappy",
  gzip: "COMPRESSION gzip",
  uncompressed: "COMPRESSION uncompressed",
  "data pages of version 2": "COMPRESSION zstd, PARQUET_VERSION v2",
  "many row groups": "COMPRESSION zstd, ROW_GROUP_SIZE 64",
} as const;

const originals = new Map<string, { readonly bytes: Buffer; readonly pages: readonly Page[] }>();

async function pagesOf(file: string, sizeBytes: number): Promise<Page[]> {
  const handle = await open(file);
  try {
    return await Array.fromAsync(parquetPages(handle, sizeBytes));
  } finally {
    await handle.close();
  }
}

function originalOf(layout: string): { readonly bytes: Buffer; readonly pages: readonly Page[] } {
  const original = originals.get(layout);
  if (original === undefined) throw new Error(`there is no file with ${layout}`);
  return original;
}

beforeAll(async () => {
  const db = await openDuckDb();
  for (const [name, options] of Object.entries(layouts)) {
    const file = path.join(folder, "original.parquet");
    await db.query(`COPY (${table}) TO '${file}' (FORMAT parquet, ${options})`);
    const bytes = readFileSync(file);
    originals.set(name, { bytes, pages: await pagesOf(file, bytes.length) });
  }
  await db.close();
});

async function outcomeOf(bytes: Uint8Array): Promise<Outcome> {
  const files = [
    { name: "x.parquet", bytes },
    { name: "contract.yaml", bytes: contract },
  ];
  return await runner.run(files, ["--data-path", "x.parquet"]);
}

describe("Parquet bytes", () => {
  it.each(Object.keys(layouts))(
    "are never judged otherwise than pyarrow reads them: %s",
    async (layout) => {
      const { bytes, pages } = originalOf(layout);
      const undamaged = await outcomeOf(bytes);
      expect(undamaged.exitCode, "undamaged").toBe(0);
      await fc.assert(
        fc.asyncProperty(damage, async (one) => {
          const outcome = await outcomeOf(damaged(bytes, [one]));
          if (outcome.exitCode !== 0 && outcome.exitCode !== 3) return;
          const second = await reader.read(path.join(folder, "x.parquet"));
          if (!("error" in second)) expectSame(outcome, second);
          else if (outcome.exitCode === 0 && !isInValues(one, bytes.length, pages))
            expectUnharmed(outcome, second.error, undamaged);
        }),
        { numRuns: times(60, 700) },
      );
    },
    timeout,
  );

  it(
    "are refused wherever they are cut off",
    async () => {
      const original = originalOf("zstd").bytes;
      await fc.assert(
        fc.asyncProperty(fc.nat(original.length - 1), async (length) => {
          expect((await outcomeOf(original.subarray(0, length))).exitCode).toBe(4);
        }),
        { numRuns: times(60, 600) },
      );
    },
    timeout,
  );
});

/**
 * Values have no checksum in Parquet: a damage among them makes other values, or values that pyarrow finds impossible (more bits
 * than there are, too few levels) where DuckDB 1.5.6 reads what it can, as gzip pages whose checksum it does not compare.
 */
function isInValues({ at }: Damage, sizeBytes: number, pages: readonly Page[]): boolean {
  const place = Math.floor(at * sizeBytes);
  return pages.some(({ body, end }) => place >= body && place < end);
}

/**
 * A pass that pyarrow could not confirm, of a file whose values are whole: pyarrow wants headers and footer whole and each size in
 * them right, DuckDB needs only some of them. Then every figure is that of the undamaged file.
 */
function expectUnharmed({ report }: Outcome, problem: string, undamaged: Outcome): void {
  const figures = (one: Outcome["report"]) =>
    one?.checks.map(({ name, observed, failingRows }) => ({ name, observed, failingRows }));
  expect(figures(report), problem).toEqual(figures(undamaged.report));
}

const knownTypes: Readonly<Record<string, string>> = {
  ...{ id: "int64", n: "int32", x: "double", country: "string", email: "string" },
  ...{ ts: "timestamp[us]", b: "bool" },
};

/** Every figure of the report is the one that follows from what pyarrow read. */
function expectSame({ report }: Outcome, read: ReadFigures): void {
  expect(report?.dataset.rows, "rows").toBe(read.rows);
  for (const check of report?.checks ?? []) {
    const column = check.column === null ? undefined : read.columns[check.column];
    // A damaged schema may turn a number into bytes: then there is nothing to compare.
    if (check.column === null || column === undefined || column.type !== knownTypes[check.column]) continue;
    const expected = expectedFailing(check, column);
    if (expected !== undefined) expect(check.failingRows, check.name).toBe(expected);
    if (check.kind === "range" && check.column !== "ts" && check.verdict !== "error") {
      const extreme = check.comparison === ">=" ? column.min : column.max;
      if (column.infinite === 0) expect(Number(check.observed), check.name).toBe(Number(extreme));
    }
    if (check.kind === "range" && check.verdict === "pass") expectWithin(check, column);
  }
}

function expectedFailing(check: ValidationCheck, column: ReadFigures["columns"][string]): number | undefined {
  if (check.verdict === "error") return undefined;
  if (check.kind === "nulls") return column.missing;
  if (check.kind === "unique") return column.inDuplicates;
  if (check.kind !== "values" || column.counts === null) return undefined;
  const allowed = Array.isArray(check.limit) ? check.limit : [];
  const bad = Object.entries(column.counts).filter(([value]) => !allowed.includes(value));
  return bad.reduce((sum, [, count]) => sum + count, 0);
}

/** A bound that is said to hold does hold. */
function expectWithin(check: ValidationCheck, column: ReadFigures["columns"][string]): void {
  const limit = check.column === "ts" ? Date.parse(String(check.limit)) * 1000 : Number(check.limit);
  if (check.comparison === ">=" && column.min !== null)
    expect(Number(column.min), check.name).toBeGreaterThanOrEqual(limit);
  if (check.comparison === "<=" && column.max !== null)
    expect(Number(column.max), check.name).toBeLessThanOrEqual(limit);
}
