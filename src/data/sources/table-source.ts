import type { FieldForm } from "./csv-form-code.ts";
import type { Compression, TableFormat } from "./file-format.ts";
import type { Located, RemoteFetch } from "./located.ts";

export interface SourceColumn {
  /** As it stands in the file. */
  readonly name: string;
  /** What to write in SQL for it, in a query over `TableSource.sql`. */
  readonly sql: string;
  /** DuckDB's type; VARCHAR for every column of a CSV, whose text has no types of its own. */
  readonly engineType: string;
  /** Where the values stand: in the files, or in the names of their folders (`country=DE`), which have types also for a CSV. */
  readonly origin: "file" | "partition";
}

/** A file of the table, as it was when it was found. */
interface DataFile extends Located {
  /** The file that DuckDB reads: the same, or a copy in UTF-8 or Parquet that goes away with the database. */
  readonly readPath: string;
}

/** What a report says about a file, known when all of it was read. */
export interface SourceFile {
  readonly uri: string;
  readonly absolutePath: string;
  readonly sizeBytes: number;
  /** Hex; null for an object of an object store, whose `etag` names its bytes. */
  readonly sha256: string | null;
  readonly etag: string | null;
  readonly rows: number;
}

/** How a CSV was read; nothing of it was guessed from the rows. */
export interface CsvReading {
  readonly delimiter: string;
  readonly compression: Compression;
  readonly encoding: string;
}

/**
 * Types that DuckDB's CSV reader can be asked for. DOUBLE it takes from the same texts as `TRY_CAST`; for the others it takes more
 * than it should (1.5 as the integer 2): they are only right for columns whose texts all have a form.
 */
export type CsvType = "DOUBLE" | "BIGINT" | "DATE" | "TIMESTAMP" | "BOOLEAN";

/** How the engine may read a CSV before it is known whether it can be read in parallel. */
interface OptimisticReading {
  /** As `TableSource.sql`, read in parallel. */
  readonly sql: string;
  /** False: figures found over `sql` may be wrong; find them again over `TableSource.sql`, which is read serially. */
  readonly holds: Promise<boolean>;
}

/** One table: one file, or several of one format and one schema, one after the other. */
export interface TableSource {
  readonly format: TableFormat;
  readonly files: readonly DataFile[];
  readonly columns: readonly SourceColumn[];
  readonly csv: CsvReading | undefined;
  /** Things to know that are no verdict: a mutable path, columns of different width, a byte order mark. */
  readonly notes: readonly string[];
  /** A table expression, for `SELECT ${column.sql} FROM ${source.sql}`. A CSV gives text or NULL: use TRY_CAST. */
  readonly sql: string;
  /** Set while it is not known yet that a CSV may be read in parallel; only with `SourceOptions.readsAhead`. */
  readonly optimistic: OptimisticReading | undefined;
  /**
   * Table expressions as `sql`, of at most so many rows each, one after the other all rows in their order. Undefined where the files
   * cannot be read from the middle at little cost.
   */
  stretches(mostRows: number): readonly string[] | undefined;
  /**
   * `sql` (or `optimistic.sql`) with some CSV columns, by name, read as their types, which is faster. The reader throws where a
   * text is not of the type: then read as text. Undefined where no column can be read so.
   */
  typedSql(types: ReadonlyMap<string, CsvType>, how: "sure" | "optimistic"): string | undefined;
  /** About how many rows a CSV has; undefined where nothing tells. */
  likelyRows(): number | undefined;
  /**
   * By name: the forms that the texts of CSV columns have so far as they were looked at, and those that all of them have, which is
   * known when all was read (it never throws; where the text is no CSV there are none).
   */
  forms(): ReadonlyMap<string, FieldForm>;
  heldForms(): Promise<ReadonlyMap<string, FieldForm>>;
  /** Digests and rows of the files, when all was read. Throws as `confirmRead` does. */
  facts(): Promise<readonly SourceFile[]>;
  /** What a failed query over `sql` means: an `MlopsError` that names file and line, or the same error where that is not it. */
  explain(error: unknown): unknown;
  /** Ends the reading that goes on behind; to be called where `facts` is not waited for. */
  close(): void;
}

export interface SourceOptions {
  readonly cwd: string;
  /** Of CSV files; without it the one of `,` `;` tab `|` that the header line uses most. */
  readonly delimiter?: string | undefined;
  /** Of CSV files; one of `csvEncodings`. Default: UTF-8, or UTF-16 where a byte order mark says so. */
  readonly encoding?: string | undefined;
  /** Whether `key=value` folders make columns. Default: true. */
  readonly partitions?: boolean | undefined;
  /** Brings `s3://` addresses to local files. */
  readonly fetchRemote?: RemoteFetch | undefined;
  /**
   * True: the table comes back when its head is known, and digests and the count of CSV records are found while the caller reads.
   * The caller must then heed `optimistic`, call `confirmRead` at the end, and `close` in any case. Default: false.
   */
  readonly readsAhead?: boolean | undefined;
  /** Another place that finds the sha256 of a file; undefined for a file that it does not want. Default: this thread does. */
  readonly digest?: ((file: Located) => Promise<string> | undefined) | undefined;
  readonly signal?: AbortSignal | undefined;
}
