import { planColumns } from "../engine/columns.ts";
import { openDuckDb } from "../engine/duckdb.ts";
import { duckDbEngine } from "../engine/duckdb-engine.ts";
import { confirmRead, openTable } from "../sources/source.ts";
import { measureProfile } from "./measure-profile.ts";
import type { TableProfile } from "./profile.ts";
import { suggestContract } from "./suggest-contract.ts";
import { suggestionText } from "./suggestion-text.ts";

export interface SuggestRequest {
  /** Files, globs, folders or URIs, read as one table. */
  readonly paths: readonly string[];
  readonly cwd: string;
  readonly delimiter: string | undefined;
  readonly signal: AbortSignal;
}

export interface SuggestedFile {
  readonly profile: TableProfile;
  readonly contract: Readonly<Record<string, unknown>>;
  /** The contract as a file, with the reasons as comments. */
  readonly yaml: string;
}

/** Measures a table and writes a first contract that passes on it. Throws `not-evaluable` for data that cannot be read. */
export async function suggestForTable({
  paths,
  cwd,
  delimiter,
  signal,
}: SuggestRequest): Promise<SuggestedFile> {
  const db = await openDuckDb({ signal });
  try {
    const source = await openTable(paths, db, { cwd, delimiter, signal });
    try {
      const columns = await planColumns(source, {}, db);
      const identifiers = new Map(source.columns.map((column) => [column.name, column.sql]));
      const identifierOf = (name: string) => identifiers.get(name);
      const table = { sql: source.sql, columns, footers: [], quick: new Set<string>(), identifierOf };
      const profile = await measureProfile(columns, duckDbEngine({ db, table }));
      await confirmRead(source, profile.rows);
      const suggested = suggestContract(profile);
      return { profile, contract: suggested.contract, yaml: suggestionText(suggested, paths.join(", ")) };
    } catch (error) {
      signal.throwIfAborted();
      throw source.explain(error);
    }
  } finally {
    await db.close();
  }
}
