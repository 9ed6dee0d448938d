import type { DuckDb } from "../data/engine/duckdb.ts";
import type { Located } from "../data/sources/located.ts";
import { openTable } from "../data/sources/source.ts";
import type { TableSource } from "../data/sources/table-source.ts";
import type { EvaluationRequest } from "./evaluated-table.ts";

/**
 * Opens the table of an evaluation. The digest of a Parquet file is found while its rows are read; a CSV must be known to be one first.
 * The helper hashes large files.
 */
export async function openSource(request: EvaluationRequest, db: DuckDb): Promise<TableSource> {
  const { paths, cwd, signal, fetchRemote, helper } = request;
  const readsAhead = paths.every((one) => /\.(parquet|pq)$/i.test(one));
  const digest = helper && ((file: Located) => helper.digest(file));
  return await openTable(paths, db, { cwd, signal, fetchRemote, readsAhead, digest });
}

/** The table in a few words. */
export function shownPaths([first = "", ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
