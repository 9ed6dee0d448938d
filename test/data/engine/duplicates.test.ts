import { describe, expect, it, onTestFinished } from "vitest";
import { openDuckDb } from "../../../src/data/engine/duckdb.ts";
import { countDuplicates } from "../../../src/data/engine/duplicates.ts";
import type { EngineTable } from "../../../src/data/engine/engine-table.ts";
import { quoteText } from "../../../src/data/engine/sql.ts";
import type { PlanColumn } from "../../../src/data/plan/column.ts";
import { column, compare, isPresent, literal } from "../../../src/data/plan/expression.ts";
import { fc } from "../../support/fast-check.ts";
import { times } from "../../support/full.ts";

const about = (name: string, type: "integer" | "string", storedAs: string): PlanColumn => ({
  name,
  storage: "typed",
  type,
  origin: "stored",
  storedType: type,
  storedAs,
});

const table: EngineTable = {
  sql: "given",
  columns: [about("n", "integer", "BIGINT"), about("t", "string", "VARCHAR")],
  footers: [],
  quick: new Set(),
  identifierOf: (name) => name,
};

type Given = readonly [number | null, string | null];

async function database() {
  const db = await openDuckDb({ threads: 2 });
  onTestFinished(() => db.close());
  await db.query("CREATE TABLE given(n BIGINT, t VARCHAR)");
  const fill = async (rows: readonly Given[]) => {
    await db.query("TRUNCATE given");
    const values = rows.map(([n, t]) => `(${n}, ${t === null ? "NULL" : quoteText(t)})`);
    if (values.length > 0) await db.query(`INSERT INTO given VALUES ${values.join(", ")}`);
  };
  return { db, fill };
}

describe("countDuplicates", () => {
  it("counts every row of a key that stands twice, null as equal to null, in any number of parts", async () => {
    const { db, fill } = await database();
    const row = fc.tuple(fc.constantFrom(null, 0, 1, 2), fc.constantFrom(null, "", "a", "b", "0", "NULL"));
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 12 }),
        fc.constantFrom(1, 3, 1000),
        async (rows, keysPerPart) => {
          await fill(rows);
          const keys = rows.map((one) => JSON.stringify(one));
          const expected = keys.filter((one) => keys.indexOf(one) !== keys.lastIndexOf(one)).length;
          const measure = { kind: "duplicates", keys: [column("n"), column("t")] } as const;
          expect(await countDuplicates(measure, { db, table, keysPerPart })).toBe(expected);
        },
      ),
      { numRuns: times(60, 1500) },
    );
  });

  it("counts only among the rows that a condition keeps", async () => {
    const { db, fill } = await database();
    await fill([
      [1, "a"],
      [1, "b"],
      [null, "a"],
      [null, "b"],
    ]);
    const count = (where?: Parameters<typeof countDuplicates>[0]["where"]) =>
      countDuplicates({ kind: "duplicates", keys: [column("n")], where }, { db, table, keysPerPart: 2 });
    expect(await count()).toBe(4);
    expect(await count(isPresent("n"))).toBe(2);
    expect(await count(compare(column("t"), "=", literal("a")))).toBe(0);
  });

  it("leaves no table behind, also after a fault", async () => {
    const { db } = await database();
    await countDuplicates({ kind: "duplicates", keys: [column("n")] }, { db, table });
    const wrong = { kind: "duplicates", keys: [{ op: "user", sql: "no_such" }] } as const;
    await expect(countDuplicates(wrong, { db, table })).rejects.toThrow("no_such");
    expect(await db.query("SELECT table_name FROM duckdb_tables()")).toEqual([{ table_name: "given" }]);
  });
});
