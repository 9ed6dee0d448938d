import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { widerType } from "../../../src/data/sources/merge-schemas.ts";
import { confirmRead, openTable } from "../../../src/data/sources/source.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { openReader } from "./reading.ts";

const { db, rowsOf, refusalOf } = await openReader();

/** A folder with one Parquet file for each query. */
async function filesOf(queries: Readonly<Record<string, string>>): Promise<string> {
  const cwd = temporaryFolder();
  for (const [name, query] of Object.entries(queries)) {
    mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    await db.query(`COPY (${query}) TO '${path.join(cwd, name)}' (FORMAT parquet)`);
  }
  return cwd;
}

describe("Parquet files of one table", () => {
  it("are matched by name and widened where nothing is lost", async () => {
    const cwd = await filesOf({
      "a.parquet": "SELECT 1::INTEGER AS i, 1.5::FLOAT AS x, 1.25::DECIMAL(5,2) AS d",
      "b.parquet": "SELECT 12.5::DECIMAL(9,1) AS d, 9007199254740993::BIGINT AS i, 0.1::DOUBLE AS x",
    });
    const source = await openTable(["a.parquet", "b.parquet"], db, { cwd });
    const types = source.columns.map((column) => [column.name, column.engineType]);
    expect(types).toEqual([
      ["i", "BIGINT"],
      ["x", "DOUBLE"],
      ["d", "DECIMAL(10,2)"],
    ]);
    expect(source.notes).toEqual(
      types.map(
        ([name, type]) => `Column "${name}" has different types in the files and is read as ${type}.`,
      ),
    );
    const stored = source.columns.map((column) => `typeof(${column.sql})`).join(" || ' ' || ");
    expect(await db.query(`SELECT DISTINCT ${stored} AS t FROM ${source.sql}`)).toEqual([
      { t: "BIGINT DOUBLE DECIMAL(10,2)" },
    ]);
    expect(await rowsOf(cwd, "a.parquet", "b.parquet")).toEqual([
      { 0: 1, 1: 1.5, 2: "1.25" },
      { 0: 9007199254740993n, 1: 0.1, 2: "12.50" },
    ]);
  });

  it("are refused with every column that is missing or of another type", async () => {
    const cwd = await filesOf({
      "a.parquet": "SELECT 1 AS i, 'x' AS s, 1 AS gone",
      "b.parquet": "SELECT 'one' AS i, 'x' AS s, 2 AS new",
    });
    const error = await refusalOf(cwd, "a.parquet", "b.parquet");
    expect(error).toMatchObject({ kind: "not-evaluable", code: "DATA_SCHEMAS_DIFFER" });
    expect(error.message).toContain('column "gone" of a.parquet is missing in b.parquet');
    expect(error.message).toContain('column "new" of b.parquet is missing in a.parquet');
    expect(error.message).toContain('column "i" is VARCHAR in b.parquet and INTEGER in files before it');
  });

  it("with nested columns must be alike in them", async () => {
    const nested = (type: string) => `SELECT [{k: 1::${type}}] AS list`;
    const cwd = await filesOf({ "a.parquet": nested("INTEGER"), "b.parquet": nested("VARCHAR") });
    expect((await refusalOf(cwd, "a.parquet", "b.parquet")).message).toContain("STRUCT(k VARCHAR)[]");
    expect(await rowsOf(cwd, "a.parquet")).toEqual([{ 0: [{ k: 1 }] }]);
  });

  it("keep columns whose names differ by case only, as long as all files are alike", async () => {
    const cwd = await filesOf({
      "n.parquet": "SELECT 1 AS i",
      "o.parquet": "SELECT 2::BIGINT AS i",
    });
    expect(await rowsOf(cwd, "n.parquet", "o.parquet")).toEqual([{ 0: 1 }, { 0: 2 }]);
  });

  it("that are damaged are all named", async () => {
    const cwd = await filesOf({ "a.parquet": "SELECT 1 AS i" });
    writeFileSync(path.join(cwd, "b.parquet"), "no Parquet at all");
    writeFileSync(path.join(cwd, "c.parquet"), "PAR1 but cut off");
    writeFileSync(path.join(cwd, "d.parquet"), "PARE and so on, encrypted PARE");
    const error = await refusalOf(cwd, ".");
    expect(error.kind).toBe("not-evaluable");
    expect(error.message.split("\n")).toEqual([
      expect.stringContaining("b.parquet is not a Parquet file"),
      expect.stringContaining("c.parquet is a Parquet file that is cut off"),
      expect.stringContaining("d.parquet is an encrypted Parquet file"),
    ]);
  });

  it.each(["snappy", "gzip", "zstd", "brotli", "lz4_raw", "uncompressed"])(
    "packed with %s, in pages of version 2, are read",
    async (codec) => {
      const cwd = temporaryFolder();
      const options = `FORMAT parquet, COMPRESSION ${codec}, PARQUET_VERSION v2`;
      await db.query(`COPY (SELECT range AS i FROM range(3)) TO '${path.join(cwd, "x.pq")}' (${options})`);
      expect(await rowsOf(cwd, "x.pq")).toEqual([{ 0: 0 }, { 0: 1 }, { 0: 2 }]);
    },
  );

  it("know the rows of each file, and when a reader loses some", async () => {
    const cwd = await filesOf({
      "a.parquet": "FROM range(3)",
      "b.parquet": "FROM range(4)",
    });
    const source = await openTable(["a.parquet", "b.parquet"], db, { cwd });
    expect((await source.facts()).map((file) => [file.uri, file.rows])).toEqual([
      ["a.parquet", 3],
      ["b.parquet", 4],
    ]);
    await expect(confirmRead(source, 6)).rejects.toMatchObject({ code: "DATA_ROWS_LOST" });
  });
});

describe("widerType", () => {
  it("is what DuckDB makes of both, and never loses a value", async () => {
    const types =
      "TINYINT SMALLINT INTEGER BIGINT UTINYINT USMALLINT UINTEGER UBIGINT FLOAT DOUBLE VARCHAR DATE"
        .split(" ")
        .concat("DECIMAL(5,2)", "DECIMAL(9,1)", "DECIMAL(38,0)", "DECIMAL(38,10)");
    for (const a of types) {
      for (const b of types) {
        const wider = widerType(a, b);
        expect(widerType(b, a)).toBe(wider);
        if (wider === undefined) continue;
        const [row] = await db.query(`SELECT typeof([NULL::${a}, NULL::${b}]) AS t`);
        expect(row?.["t"], `${a} and ${b}`).toBe(`${wider}[]`);
      }
    }
    expect(widerType("DECIMAL(38,0)", "DECIMAL(38,10)")).toBeUndefined();
    expect(widerType("BIGINT", "DOUBLE")).toBeUndefined();
  });
});
