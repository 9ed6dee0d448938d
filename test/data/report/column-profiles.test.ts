import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { planColumns } from "../../../src/data/engine/columns.ts";
import { openDuckDb } from "../../../src/data/engine/duckdb.ts";
import { duckDbEngine } from "../../../src/data/engine/duckdb-engine.ts";
import { mask } from "../../../src/data/mask.ts";
import { Answers } from "../../../src/data/plan/answers.ts";
import { columnProfiles } from "../../../src/data/report/column-profiles.ts";
import { profileMeasures } from "../../../src/data/report/profile-measures.ts";
import { openTable } from "../../../src/data/sources/source.ts";
import { temporaryFolder } from "../../support/folder.ts";

/** The profiles of a table in a file, found by DuckDB. `make` writes the file. */
async function profilesOf(name: string, make: string | ((file: string) => string)) {
  const cwd = temporaryFolder();
  mkdirSync(cwd, { recursive: true });
  const file = path.join(cwd, name);
  const db = await openDuckDb();
  try {
    if (typeof make === "string") writeFileSync(file, make);
    else await db.query(make(file));
    const signal = new AbortController().signal;
    const source = await openTable([name], db, { cwd, delimiter: undefined, signal });
    const columns = await planColumns(source, {}, db);
    const identifiers = new Map(source.columns.map((column) => [column.name, column.sql]));
    const identifierOf = (column: string) => identifiers.get(column);
    const engine = duckDbEngine({
      db,
      table: { sql: source.sql, columns, footers: [], quick: new Set<string>(), identifierOf },
    });
    const first = new Answers(await engine.answer(profileMeasures(columns)));
    return await columnProfiles(columns, first, { engine, show: mask });
  } finally {
    await db.close();
  }
}

describe("profiles of a real table", () => {
  it("counts missing, distinct and binned values of a CSV", async () => {
    const rows = Array.from(
      { length: 100 },
      (_, index) => `${index},${index % 2 === 0 ? "red" : "blue"},${index === 7 ? "" : index / 4}`,
    );
    const profiles = await profilesOf("x.csv", `id,colour,ratio\n${rows.join("\n")}\n`);
    expect(profiles.get("id")).toEqual({
      ...{ nulls: 0, distinct: 100, min: 0, max: 99, frequent: [] },
      histogram: { edges: expect.any(Array), counts: Array.from({ length: 20 }, () => 5) },
    });
    expect(profiles.get("colour")).toEqual({
      ...{ nulls: 0, distinct: 2, min: "b***(4)", max: "r***(3)", histogram: null },
      frequent: [
        { value: "b***(4)", count: 50 },
        { value: "r***(3)", count: 50 },
      ],
    });
    expect(profiles.get("ratio")).toMatchObject({ nulls: 1, distinct: 99, min: 0, max: 24.75 });
    expect(profiles.get("ratio")?.histogram?.counts.reduce((sum, one) => sum + one, 0)).toBe(99);
  });

  it("holds for every stored type, with NaN, infinities, nulls, wide integers and decimals", async () => {
    const profiles = await profilesOf(
      "x.parquet",
      (file) => `COPY (SELECT * FROM (VALUES
        ('nan'::DOUBLE, 9223372036854775807, 1.10::DECIMAL(38,2), DATE '2026-01-01', true, [1], 'a'),
        ('inf'::DOUBLE, -9223372036854775808, 2.20, DATE '2026-01-02', false, [2], 'b'),
        (1.5, 0, NULL, NULL, NULL, NULL, NULL),
        (2.5, NULL, 99999999999999999999999999999999999.99, DATE '2026-01-02', true, [2], 'b')
      ) AS t(d, i, m, day, flag, list, "we""ird <script>")) TO '${file}' (FORMAT parquet)`,
    );
    expect(profiles.get("d")).toMatchObject({ nulls: 1, distinct: 3, min: 1.5, max: 2.5 });
    expect(profiles.get("d")?.histogram?.counts.reduce((sum, one) => sum + one, 0)).toBe(2);
    expect(profiles.get("i")).toMatchObject({
      nulls: 1,
      min: "-9223372036854775808",
      max: "9223372036854775807",
    });
    expect(profiles.get("i")?.histogram?.counts.reduce((sum, one) => sum + one, 0)).toBe(3);
    expect(profiles.get("m")).toMatchObject({ nulls: 1, distinct: 3, min: "1.10" });
    expect(profiles.get("m")?.histogram?.counts.reduce((sum, one) => sum + one, 0)).toBe(3);
    expect(profiles.get("day")).toMatchObject({
      nulls: 1,
      distinct: 2,
      min: "2026-01-01",
      max: "2026-01-02",
    });
    expect(profiles.get("flag")?.frequent).toEqual([
      { value: "true", count: 2 },
      { value: "false", count: 1 },
    ]);
    expect(profiles.get("list")).toMatchObject({ nulls: 1, distinct: 2, frequent: [] });
    expect(profiles.get('we"ird <script>')).toMatchObject({ nulls: 1, distinct: 2, min: "a***(1)" });
  });

  it("has nothing but counts for a table without rows and for columns without values", async () => {
    const none = { nulls: 0, distinct: 0, min: null, max: null, histogram: null, frequent: [] };
    expect([...(await profilesOf("x.csv", "a,b\n")).values()]).toEqual([none, none]);
    const empty = await profilesOf(
      "y.parquet",
      (file) =>
        `COPY (SELECT NULL::DOUBLE AS a, NULL::VARCHAR AS b FROM range(3)) TO '${file}' (FORMAT parquet)`,
    );
    expect([...empty.values()]).toEqual([
      { ...none, nulls: 3 },
      { ...none, nulls: 3 },
    ]);
  });
});
