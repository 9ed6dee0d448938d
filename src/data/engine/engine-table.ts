import type { PlanColumn } from "../plan/column.ts";
import type { FieldForm } from "../sources/csv-form-code.ts";
import type { CsvType } from "../sources/table-source.ts";

/** What is known of the texts of a CSV. */
export interface TextForms {
  /** About how many rows there are; undefined where nothing tells. */
  rows(): number | undefined;
  /** By column: so far as they were looked at, and of all texts when all were. */
  now(): ReadonlyMap<string, FieldForm>;
  held(): Promise<ReadonlyMap<string, FieldForm>>;
  /** Columns that the reader of the file can read as types. */
  readonly readable: ReadonlySet<string>;
  /** The table expression with some of them read so. */
  sql(types: ReadonlyMap<string, CsvType>): string;
}

/** A table as the engine reads it. */
export interface EngineTable {
  /** A table expression; its columns are identifiers of ours. */
  readonly sql: string;
  /** The identifier of a top-level column of the table in `sql`, as SQL text. */
  identifierOf(name: string): string | undefined;
  readonly columns: readonly PlanColumn[];
  /** Columns of text that are read the quick way. */
  readonly quick: ReadonlySet<string>;
  /** Those of them that the reader of the file may read as their types; their forms are proven beside the scan. Default: none. */
  readonly typed?: ReadonlySet<string>;
  /** Undefined where the format has types of its own. */
  readonly forms?: TextForms;
  /** The Parquet files whose footers describe the table; none for other formats. */
  readonly footers: readonly string[];
}
