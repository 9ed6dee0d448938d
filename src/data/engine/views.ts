import { typedValue } from "./column-sql.ts";
import type { DuckDb } from "./duckdb.ts";
import type { EngineTable } from "./engine-table.ts";
import { quoteIdentifier } from "./sql.ts";

/** The name that queries of the user's know the table by. */
export const dataView = "data";

/**
 * A view of a table under a name, its columns by their names and as their types. Of names that differ in case only, which SQL
 * cannot tell apart, the first is there; a column without a name is not, nor one with a NUL, which no query can write.
 */
export async function createView(name: string, table: EngineTable, db: DuckDb): Promise<void> {
  const seen = new Set<string>();
  const columns = table.columns.flatMap((column) => {
    const identifier = table.identifierOf(column.name);
    const lowered = column.name.toLowerCase();
    if (identifier === undefined || seen.has(lowered) || !isWritable(column.name)) return [];
    seen.add(lowered);
    return [`${typedValue(column, `source.${identifier}`)} AS ${quoteIdentifier(column.name)}`];
  });
  await db.query(
    `CREATE OR REPLACE TEMP VIEW ${quoteIdentifier(name)} AS SELECT ${columns.join(", ") || "1 AS no_column"} FROM ${table.sql} AS source`,
  );
}

function isWritable(name: string): boolean {
  return name !== "" && !name.includes("\0");
}
