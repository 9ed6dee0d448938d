import type { PlanColumn } from "../plan/column.ts";

/** A table as the engine reads it. */
export interface EngineTable {
  /** A table expression; its columns are identifiers of ours. */
  readonly sql: string;
  /** The identifier of a top-level column of the table in `sql`, as SQL text. */
  identifierOf(name: string): string | undefined;
  readonly columns: readonly PlanColumn[];
  /** Columns of text that are read the quick way. */
  readonly quick: ReadonlySet<string>;
  /** The Parquet files whose footers describe the table; none for other formats. */
  readonly footers: readonly string[];
}
