import { describe, expect, it, onTestFinished } from "vitest";
import { openDuckDb } from "../../../src/data/engine/duckdb.ts";
import { duckDbEngine } from "../../../src/data/engine/duckdb-engine.ts";
import type { EngineTable } from "../../../src/data/engine/engine-table.ts";
import { quickColumns } from "../../../src/data/engine/quick-reading.ts";
import { quoteText } from "../../../src/data/engine/sql.ts";
import type { ColumnType, PlanColumn } from "../../../src/data/plan/column.ts";
import { column, compare, isPresent, literal, textOf } from "../../../src/data/plan/expression.ts";
import type { Answer, Measure } from "../../../src/data/plan/measure.ts";
import { fc } from "../../support/fast-check.ts";
import { times } from "../../support/full.ts";

/** A column of text, and the same where DuckDB's type of it is one that is never read the quick way. */
function planned(type: ColumnType): PlanColumn {
  return { name: "x", storage: "text", type, origin: "declared", storedType: undefined, storedAs: "VARCHAR" };
}

function tableOver(sql: string, about: PlanColumn): EngineTable {
  return { sql, columns: [about], footers: [], quick: new Set(), identifierOf: () => "x" };
}

const values = (texts: readonly (string | null)[]) =>
  texts.map((text) => `(${text === null ? "NULL" : quoteText(text)})`).join(", ");

const limits: Readonly<Partial<Record<ColumnType, Parameters<typeof literal>[0]>>> = {
  integer: 5,
  date: { date: "2020-06-01" },
  timestamp: { timestamp: "2020-06-01T00:00:00Z" },
  boolean: true,
};

function measuresOf(type: ColumnType): Measure[] {
  return [
    { kind: "count", where: { op: "is-mistyped", column: "x" } },
    { kind: "count", where: { op: "is-null", column: "x" } },
    { kind: "count", where: isPresent("x") },
    {
      kind: "count",
      where: compare(column("x"), type === "boolean" ? "=" : ">=", literal(limits[type] ?? 0)),
    },
    { kind: "min", of: column("x") },
    { kind: "max", of: column("x") },
    { kind: "distinct", of: [column("x")] },
    { kind: "duplicates", keys: [column("x")], where: isPresent("x") },
    ...(type === "integer"
      ? [{ kind: "sum", of: column("x") } as const, { kind: "distinct", of: [textOf("x")] } as const]
      : []),
  ];
}

const plain = {
  integer: fc.integer({ min: -20, max: 20 }).map(String),
  date: fc.integer({ min: 1, max: 28 }).map((day) => `2020-06-${String(day).padStart(2, "0")}`),
  timestamp: fc
    .integer({ min: 0, max: 59 })
    .map((second) => `2020-06-01 00:00:${String(second).padStart(2, "0")}`),
  boolean: fc.constantFrom("true", "false"),
} as const;

const good = { integer: "3", date: "2020-06-02", timestamp: "2020-06-01 00:00:07", boolean: "true" } as const;

const odd = fc.constantFrom(
  ...[
    "+1",
    "01",
    " 7",
    "7 ",
    "1_000",
    "1.0",
    "1e3",
    "0x10",
    "-0",
    "",
    " ",
    "--1",
    "9223372036854775807",
    "9223372036854775808",
  ],
  ...["-170141183460469231731687303715884105728", "infinity", "-infinity", "NaN", "epoch", "today", "null"],
  ...[
    "2020-6-1",
    "2020-06-01",
    "12020-06-01",
    "0044-03-15 (BC)",
    "0001-01-01",
    "9999-12-31",
    "2020-02-30",
    " 2020-06-01",
  ],
  ...[
    "2020-01-01T00:00:00Z",
    "2020-01-01 00:00:00",
    "2020-01-01 00:00:00.5",
    "2020-01-01 00:00:00.123456",
    "2020-01-01 00:00",
  ],
  ...[
    "2020-01-01 00:00:00+02",
    "12020-01-01 00:00:00",
    "0044-03-15 00:00:00 (BC)",
    "2020-01-01 24:00:00",
    "2020-01-01 00:00:00.1234567",
  ],
  ...["True", "TRUE", "t", "f", "yes", "0", "1", "false ", "é", "'", "\u0000"],
);

describe.each(["integer", "date", "timestamp", "boolean"] as const)("the quick reading of a %s", (type) => {
  it("gives the answers of the strict one, whatever stands behind the first rows", async () => {
    const db = await openDuckDb({ threads: 1 });
    onTestFinished(() => db.close());
    await db.query("CREATE TABLE given(x VARCHAR)");
    const mixed = fc.oneof(
      { weight: 3, arbitrary: plain[type] },
      { weight: 1, arbitrary: odd },
      { weight: 1, arbitrary: fc.constant(null) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(plain[type], { maxLength: 3 }),
        fc.array(mixed, { maxLength: 12 }),
        async (first, others) => {
          await db.query("TRUNCATE given");
          // So many good rows in front that the look at the first ones sees no odd text.
          await db.query(`INSERT INTO given SELECT ${quoteText(good[type])} FROM range(2100)`);
          const texts = [...first, ...others];
          if (texts.length > 0) await db.query(`INSERT INTO given VALUES ${values(texts)}`);
          const strictly = { ...planned(type), storedAs: "TEXT" };
          const [quick, strict] = [tableOver("given", planned(type)), tableOver("given", strictly)];
          expect([...(await quickColumns(quick, db)).quick]).toEqual(["x"]);
          const measures = measuresOf(type);
          const [some, same] = [
            await duckDbEngine({ db, table: quick }).answer(measures),
            await duckDbEngine({ db, table: strict }).answer(measures),
          ];
          expect(normal(some)).toEqual(normal(same));
        },
      ),
      { numRuns: times(15, 150) },
    );
  });
});

/** In one order; a timestamp without a zone is one of UTC. */
function normal(answers: ReadonlyMap<string, Answer>) {
  const texts = [...answers].map(([key, answer]) => [key, JSON.stringify(answer, plainValue)] as const);
  return Object.fromEntries(texts);
}

function plainValue(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}`;
  return typeof value === "string" ? value.replace(/\+00$/, "") : value;
}
