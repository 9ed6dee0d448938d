import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { DuckDb } from "../../../src/data/engine/duckdb.ts";
import { confirmRead, openTable } from "../../../src/data/sources/source.ts";
import type { TableSource } from "../../../src/data/sources/table-source.ts";
import { fc } from "../../support/fast-check.ts";
import { times } from "../../support/full.ts";
import { runPython } from "../../support/python.ts";
import { folderForAll, openReader } from "./reading.ts";

const { db, rowsOf, refusalOf } = await openReader();
const cwd = folderForAll();

beforeAll(async () => {
  const script = path.join(import.meta.dirname, "arrow-tables.py");
  const written = await runPython({ args: [script], cwd });
  expect(written.exitCode, written.stderr).toBe(0);
});

/** Names of columns whose type or any value differs. */
async function differences(found: TableSource, expected: TableSource, database: DuckDb): Promise<string[]> {
  const wrong: string[] = [];
  for (const [index, column] of expected.columns.entries()) {
    const other = found.columns[index];
    const numbered = (sql: string, source: TableSource) =>
      `(SELECT ${sql} AS value, row_number() OVER () AS place FROM ${source.sql})`;
    const [row] = await database.query(
      `SELECT count(*) AS rows, count(*) FILTER (WHERE a.value IS DISTINCT FROM b.value) AS other
FROM ${numbered(other?.sql ?? "NULL", found)} a JOIN ${numbered(column.sql, expected)} b USING (place)`,
    );
    const isEqual = row?.["rows"] === 200 && row["other"] === 0;
    if (!isEqual || other?.name !== column.name || other.engineType !== column.engineType)
      wrong.push(column.name);
  }
  return wrong;
}

describe("Arrow", () => {
  it.each(["file.arrow", "stream.arrows", "lz4.feather", "zstd.feather"])(
    "%s has the types and values that pyarrow writes as Parquet",
    async (name) => {
      const source = await openTable([name], db, { cwd });
      const expected = await openTable(["expected.parquet"], db, { cwd });
      expect(source.format).toBe("arrow");
      expect(source.columns).toHaveLength(expected.columns.length);
      expect(await differences(source, expected, db)).toEqual([]);
      await confirmRead(source, 200);
      expect(await source.facts()).toMatchObject([{ uri: name, rows: 200 }]);
    },
  );

  it("reads several files as one table", async () => {
    expect(await rowsOf(cwd, "file.arrow", "lz4.feather")).toHaveLength(400);
  });

  it("says what becomes of durations, and reads columns of nothing but nulls", async () => {
    expect((await openTable(["odd.arrow"], db, { cwd })).notes).toEqual([
      expect.stringContaining("wait: durations are read as whole numbers of µs"),
    ]);
    expect(await rowsOf(cwd, "odd.arrow")).toEqual([{ 0: 90_000_000, 1: null }]);
  });

  it("refuses what it cannot keep: Feather version 1, intervals", async () => {
    expect(await refusalOf(cwd, "old.feather")).toMatchObject({ code: "DATA_FEATHER_V1" });
    const error = await refusalOf(cwd, "unknown.arrow");
    expect(error).toMatchObject({ kind: "not-evaluable", code: "DATA_TYPE_UNKNOWN" });
    expect(error.message).toContain('"months" is Interval');
  });

  it.each(["file.arrow", "stream.arrows", "lz4.feather"])("refuses %s cut off anywhere", async (name) => {
    const bytes = readFileSync(path.join(cwd, name));
    const target = `cut-${name}`;
    for (const share of [0.01, 0.3, 0.9, 0.999]) {
      writeFileSync(path.join(cwd, target), bytes.subarray(0, Math.floor(bytes.length * share)));
      expect(await refusalOf(cwd, target)).toMatchObject({
        kind: "not-evaluable",
        code: "DATA_ARROW_BROKEN",
      });
    }
  });

  it("ends in rows or in an error of ours, whatever byte is damaged", async () => {
    for (const name of ["file.arrow", "stream.arrows", "lz4.feather"]) {
      const bytes = readFileSync(path.join(cwd, name));
      const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), {
        minLength: 1,
        maxLength: 4,
      });
      await fc.assert(
        fc.asyncProperty(damage, async (changes) => {
          const damaged = Buffer.from(bytes);
          for (const [at, value] of changes) damaged[at] = value;
          writeFileSync(path.join(cwd, `damaged-${name}`), damaged);
          await rowsOf(cwd, `damaged-${name}`).catch((error: unknown) => {
            expect(error).toMatchObject({ kind: "not-evaluable" });
          });
        }),
        { numRuns: times(40, 1500) },
      );
    }
  });
});
