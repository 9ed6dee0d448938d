import { afterAll } from "vitest";
import { type DuckDb, openDuckDb } from "../../../src/data/engine/duckdb.ts";
import { duckDbEngine } from "../../../src/data/engine/duckdb-engine.ts";
import { Answers } from "../../../src/data/plan/answers.ts";
import type { PlanColumn } from "../../../src/data/plan/column.ts";
import type { Engine } from "../../../src/data/plan/engine.ts";
import type { Measure } from "../../../src/data/plan/measure.ts";

/** A column of a test's table: DuckDB's type of it, and what the plan takes it for. */
export type ColumnSpec = Pick<PlanColumn, "type" | "storage"> & { readonly as: string };

export interface TestTable {
  readonly db: DuckDb;
  readonly engine: Engine;
  ask(...measures: readonly Measure[]): Promise<Answers>;
}

const opened: DuckDb[] = [];
afterAll(async () => {
  for (const db of opened.splice(0)) await db.close();
});

/** An engine over rows that a `VALUES` list gives; its database is closed after the last test of the file. */
export async function tableOf(
  columns: Readonly<Record<string, ColumnSpec>>,
  values: string,
): Promise<TestTable> {
  const db = await openDuckDb({ threads: 2 });
  opened.push(db);
  const names = Object.keys(columns);
  const types = Object.values(columns).map((spec, index) => `c${index} ${spec.as}`);
  await db.query(`CREATE TABLE given(${types.join(", ")})`);
  if (values !== "") await db.query(`INSERT INTO given VALUES ${values}`);
  const planned = Object.entries(columns).map(
    ([name, spec]): PlanColumn => ({
      name,
      storage: spec.storage,
      type: spec.type,
      origin: spec.storage === "text" ? "declared" : "stored",
      storedType: spec.storage === "text" ? undefined : spec.type,
      storedAs: spec.as,
    }),
  );
  const engine = duckDbEngine({
    db,
    table: {
      sql: "given",
      columns: planned,
      footers: [],
      quick: new Set(),
      identifierOf: (name) => (names.includes(name) ? `c${names.indexOf(name)}` : undefined),
    },
  });
  return { db, engine, ask: async (...measures) => new Answers(await engine.answer(measures)) };
}
