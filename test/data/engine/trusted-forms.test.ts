import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type DuckDb, openDuckDb } from "../../../src/data/engine/duckdb.ts";
import { duckDbEngine } from "../../../src/data/engine/duckdb-engine.ts";
import type { EngineTable, TextForms } from "../../../src/data/engine/engine-table.ts";
import { quickColumns } from "../../../src/data/engine/quick-reading.ts";
import type { ColumnType, PlanColumn } from "../../../src/data/plan/column.ts";
import { column, isPresent, textOf } from "../../../src/data/plan/expression.ts";
import type { Answer, Measure } from "../../../src/data/plan/measure.ts";
import type { FieldForm } from "../../../src/data/sources/csv-form-code.ts";
import { openTable } from "../../../src/data/sources/source.ts";
import { fc } from "../../support/fast-check.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { times } from "../../support/full.ts";

const types = { i: "integer", d: "date", t: "timestamp", b: "boolean", x: "double", s: "string" } as const;
const names = Object.keys(types);
const good = { i: "3", d: "2020-06-02", t: "2020-06-01 00:00:07", b: "true", x: "1.5", s: "word" } as const;
/** What the first rows let one hope for. */
const hoped = new Map<string, FieldForm>([
  ["i", "integer"],
  ["d", "date"],
  ["t", "timestamp"],
  ["b", "boolean"],
]);

function planned(name: string, type: ColumnType, storedAs: string): PlanColumn {
  return { name, storage: "text", type, origin: "declared", storedType: undefined, storedAs };
}

/** The columns of a file; those of "TEXT" are never read but in the strict way. */
async function tableOver(
  file: string,
  db: DuckDb,
  storedAs: "VARCHAR" | "TEXT",
): Promise<EngineTable & { readonly forms: TextForms }> {
  const source = await openTable([path.basename(file)], db, { cwd: path.dirname(file) });
  const identifiers = new Map(source.columns.map((one) => [one.name, one.sql]));
  return {
    sql: source.sql,
    columns: Object.entries(types).map(([name, type]) => planned(name, type, storedAs)),
    footers: [],
    quick: new Set(),
    identifierOf: (name) => identifiers.get(name),
    forms: {
      rows: () => undefined,
      now: () => hoped,
      held: () => source.heldForms(),
      readable: new Set(names),
      sql: (given) => source.typedSql(given, "sure") ?? source.sql,
    },
  };
}

const measures: readonly Measure[] = [
  { kind: "count" },
  ...names.flatMap((name): Measure[] => [
    { kind: "count", where: { op: "is-mistyped", column: name } },
    { kind: "count", where: { op: "is-null", column: name } },
    { kind: "count", where: isPresent(name) },
    { kind: "min", of: column(name) },
    { kind: "max", of: column(name) },
  ]),
  { kind: "distinct", of: [column("d")] },
  { kind: "duplicates", keys: [column("i")], where: isPresent("i") },
  { kind: "count", where: { op: "matches", value: textOf("t"), pattern: "0$" } },
  { kind: "distinct", of: [textOf("i")] },
];

const odd = fc.constantFrom(
  ...["1.5", "1e3", "+4", "007", "-0", " 5", "0x10", "9223372036854775808", "true", "TRUE", "t", "1", "0"],
  ...["2020-06-01", "2020-6-1", "2020-02-30", "2020-13-01", "0044-03-15", "infinity", "nan", "1e400", "x"],
  ...["2020-01-01T00:00:00", "2020-01-01T00:00:00Z", "2020-01-01 24:00:00", "2020-01-01 00:00:00.1234567"],
  ...["2020-01-01 00:00:00.100", "2020-01-01 00:00:60", "2020-01-01 00:00:00+02", "é", "", '""', '"5"'],
);

function normal(answers: ReadonlyMap<string, Answer>) {
  const shown = [...answers].map(([key, answer]) => [key, JSON.stringify(answer, plainValue)] as const);
  return Object.fromEntries(shown);
}

/** In one order; a timestamp without a zone is one of UTC. */
function plainValue(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  return typeof value === "string" && /^\d{4}-\d\d-\d\d \d/.test(value) ? value.replace(/\+00$/, "") : value;
}

async function opened(): Promise<{ readonly db: DuckDb; readonly file: string }> {
  const db = await openDuckDb({ threads: 2 });
  onTestFinished(() => db.close());
  return { db, file: path.join(temporaryFolder(), "x.csv") };
}

const head = `${names.join(",")}\n`;
const goodRows = `${Object.values(good).join(",")}\n`.repeat(2100);

describe("columns of a CSV that the reader reads as types", () => {
  it("have the answers of the strict reading, whatever stands behind the first rows", async () => {
    const { db, file } = await opened();
    const row = fc.record(
      Object.fromEntries(
        Object.entries(good).map(([name, value]) => [
          name,
          fc.oneof({ weight: 12, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: odd }),
        ]),
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 4 }), async (rows) => {
        const lines = rows.map((one) => `${names.map((name) => one[name]).join(",")}\n`);
        writeFileSync(file, head + goodRows + lines.join(""));
        const table = await tableOver(file, db, "VARCHAR");
        expect((await quickColumns(table, db)).typed).toEqual(new Set(["i", "d", "t", "b", "x"]));
        const strict = await tableOver(file, db, "TEXT");
        const [some, same] = [
          await duckDbEngine({ db, table }).answer(measures),
          await duckDbEngine({ db, table: strict }).answer(measures),
        ];
        expect(normal(some)).toEqual(normal(same));
      }),
      { numRuns: times(10, 150) },
    );
  });

  it("are read so once, and not asked whether they are exact", async () => {
    const { db, file } = await opened();
    writeFileSync(file, head + goodRows);
    const table = await tableOver(file, db, "VARCHAR");
    const [scan = ""] = await duckDbEngine({ db, table }).explain(measures);
    // Of the timestamp the text is asked for too.
    expect(scan).toContain(
      `columns = {"c0": 'BIGINT', "c1": 'DATE', "c2": 'VARCHAR', "c3": 'BOOLEAN', "c4": 'DOUBLE', "c5": 'VARCHAR'}`,
    );
    expect(scan.match(/CAST\(_v\d AS VARCHAR\) = _c\d/g)).toEqual(["CAST(_v2 AS VARCHAR) = _c2"]);
    expect(scan).toContain(`source."c0" AS _v0`);
  });

  it("are read as text where the reader throws at several of them", async () => {
    const { db, file } = await opened();
    writeFileSync(file, `${head}${goodRows}${"9".repeat(19)},2020-02-30,2020-02-30 00:00:00,true,x,y\n`);
    const table = await tableOver(file, db, "VARCHAR");
    const strict = await tableOver(file, db, "TEXT");
    const answers = await duckDbEngine({ db, table }).answer(measures);
    expect(normal(answers)).toEqual(normal(await duckDbEngine({ db, table: strict }).answer(measures)));
  });

  it("do not hide a row that is none", async () => {
    const { db, file } = await opened();
    writeFileSync(file, `${head}${goodRows}1,2\n`);
    const table = await tableOver(file, db, "VARCHAR");
    await expect(duckDbEngine({ db, table }).answer(measures)).rejects.toThrow("Expected Number of Columns");
  });
});
