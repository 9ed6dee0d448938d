import path from "node:path";
import { openDuckDb } from "../../../src/data/engine/duckdb.ts";
import { quoteText } from "../../../src/data/engine/sql.ts";

/** Writes what a query of DuckDB gives as a Parquet file in `folder`. Returns its path. */
export async function writeQuery(sql: string, folder: string, name = "data"): Promise<string> {
  const file = path.join(folder, `${name}.parquet`);
  const db = await openDuckDb();
  try {
    await db.query(`COPY (${sql}) TO ${quoteText(file)} (FORMAT parquet)`);
  } finally {
    await db.close();
  }
  return file;
}
