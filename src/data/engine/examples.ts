import type { FailingRows } from "../plan/check.ts";
import type { FailingExample } from "../plan/engine.ts";
import type { DuckDb } from "./duckdb.ts";
import { failingRowsSql } from "./rows-sql.ts";
import type { EngineTable } from "./table-scope.ts";

/** Distinct failing values, most frequent first, then by value. */
export async function examplesOf(
  failing: FailingRows,
  limit: number,
  { db, table }: { readonly db: DuckDb; readonly table: EngineTable },
): Promise<readonly FailingExample[]> {
  const { rows, shown } = failing;
  if (rows.kind === "failing-test" || rows.kind === "query" || rows.kind === "table-rows") return [];
  const names = shown.map((_, index) => `s${index}`);
  if (names.length === 0) return [];
  const found = await db.query(
    `SELECT ${names.join(", ")}, count(*) AS n FROM (${failingRowsSql(rows, shown, table)}) GROUP BY ALL ORDER BY n DESC, ${names.join(", ")} LIMIT ${limit}`,
  );
  return found.map((row) => ({ values: names.map((name) => row[name] ?? null), count: Number(row["n"]) }));
}
