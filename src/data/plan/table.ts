import type { Check } from "./check.ts";
import type { PlanColumn } from "./column.ts";

/** Another table that rules look at: the target of a reference, or the one whose rows are compared. */
export interface OtherTable {
  /** The name that measures and SQL checks call it by; never `data`, which is the table itself. */
  readonly name: string;
  /** Files, globs, folders or URIs, as `--data-path` takes them. */
  readonly paths: readonly string[];
}

/** All that is to be found out about a table. Knows nothing of an engine. */
export interface Plan {
  readonly columns: readonly PlanColumn[];
  readonly tables: readonly OtherTable[];
  /** In the order of the report: rows, columns of the contract one by one, checks, suites. */
  readonly checks: readonly Check[];
}
