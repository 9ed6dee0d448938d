import { rm } from "node:fs/promises";
import {
  DuckDBArrayValue,
  type DuckDBConnection,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBStructValue,
  version,
} from "@duckdb/node-api";
import { makeTemporaryFolder } from "../../files.ts";
import { type ColumnVector, columnVector } from "./column-vector.ts";
import { type HeldChunk, heldChunks } from "./held-rows.ts";
import { quotePath, quoteText } from "./sql.ts";
import { type Guard, streamChunks } from "./stream-chunks.ts";

/** What a cell is in JavaScript. NaN and infinities stay numbers; decimals and times are text; big integers keep every digit. */
export type Cell =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly Cell[]
  | { readonly [key: string]: Cell };

export type Row = Readonly<Record<string, Cell>>;

interface ColumnChunk {
  readonly rows: number;
  /** By column, in the order of the query. */
  readonly columns: readonly (readonly Cell[])[];
}

interface VectorChunk {
  readonly rows: number;
  /** By column, in the order of the query. */
  readonly columns: readonly ColumnVector[];
}

export interface DuckDbOptions {
  readonly threads?: number | undefined;
  /** As DuckDB writes it: `400MB`. */
  readonly memoryLimit?: string | undefined;
  /** Where DuckDB may spill; a folder of its own is made below it and removed by `close`. Default: the system's. */
  readonly tempDirectory?: string;
  /** Interrupts the running query; what is then thrown is the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface DuckDb {
  /** Of the engine: `1.5.6`. */
  readonly version: string;
  /** For files of the time of this database: what stands in it is removed by `close`. */
  readonly folder: string;
  /** All rows of one statement. Throws DuckDB's own error: the caller knows which file it read and says so. */
  query(sql: string, params?: readonly (string | number | boolean | null)[]): Promise<Row[]>;
  /** The columns of a result chunk by chunk (about 2,000 rows each): memory stays flat. */
  streamColumns(sql: string): AsyncIterable<ColumnChunk>;
  /** As `streamColumns`, but as the values lie in memory, for columns of millions. */
  streamVectors(sql: string): AsyncIterable<VectorChunk>;
  /** Columns of numbers and enums, all rows of them at once in DuckDB's memory: for so many as may be there, several times as fast. */
  holdNumbers(sql: string): Promise<Iterable<HeldChunk>>;
  /**
   * From here on nothing can be read but `readable` files and nothing written but `writable` ones, nothing attached, no setting
   * changed: SQL that somebody else wrote may run.
   */
  lock(files: { readonly readable: readonly string[]; readonly writable: readonly string[] }): Promise<void>;
  /** How far the running query is, 0..100, as DuckDB guesses; undefined where none runs or it cannot say. */
  progress(): number | undefined;
  /** Ends the running query, which then throws; forgotten where it has not begun to run. */
  interrupt(): void;
  close(): Promise<void>;
}

/**
 * An empty database in memory that downloads nothing and writes only below its own temporary folder. Throws `usage` where no such
 * folder can be made.
 */
export async function openDuckDb(options: DuckDbOptions = {}): Promise<DuckDb> {
  const spill = await makeTemporaryFolder("mlops-duckdb-", options.tempDirectory);
  let instance: DuckDBInstance;
  let connection: DuckDBConnection;
  try {
    instance = await DuckDBInstance.create(":memory:", settingsOf(options, spill));
    connection = await instance.connect();
    await connection.run(sessionSettings.join("; "));
  } catch (error) {
    await rm(spill, { recursive: true, force: true });
    throw error;
  }
  const guarded = guard(connection, options.signal);
  return {
    version: version().replace(/^v/, ""),
    folder: spill,
    query: (sql, params) =>
      guarded(async () => {
        const result = await connection.run(sql, params === undefined ? undefined : [...params]);
        const rows = await result.getRowObjects();
        return rows.map((row) =>
          Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toCell(value)])),
        );
      }),
    streamColumns: (sql) =>
      streamChunks(connection, sql, {
        guarded,
        take: (chunk) => ({
          rows: chunk.rowCount,
          columns: chunk.getColumns().map((column) => column.map(toCell)),
        }),
      }),
    streamVectors: (sql) =>
      streamChunks(connection, sql, {
        guarded,
        take: (chunk) => ({
          rows: chunk.rowCount,
          columns: Array.from({ length: chunk.columnCount }, (_, index) => {
            const vector = chunk.getColumnVector(index);
            return columnVector(vector, (row) => toCell(vector.getItem(row)));
          }),
        }),
      }),
    holdNumbers: async (sql) => heldChunks(await guarded(() => connection.run(sql))),
    async lock({ readable, writable }) {
      // A reader names a file with a * or [ in its name by a pattern, and DuckDB asks for that very text too.
      const allowed = [...readable, ...writable]
        .flatMap((file) => [quoteText(file), quotePath(file)])
        .join(", ");
      await connection.run(`SET allowed_paths = [${allowed}]`);
      await connection.run("SET enable_external_access = false");
      await connection.run("SET lock_configuration = true");
    },
    progress() {
      const { percentage } = connection.progress;
      return percentage < 0 ? undefined : percentage;
    },
    interrupt: () => connection.interrupt(),
    async close() {
      connection.closeSync();
      instance.closeSync();
      await rm(spill, { recursive: true, force: true });
    },
  };
}

/** What can only be said to an open database, all at once: each statement is a way to another thread and back. */
const sessionSettings = [
  // Timestamps with zones are compared and shown in UTC, whatever zone the runner is in.
  "SET TimeZone = 'UTC'",
  // The footers of large files are megabytes: parsed once, not by every query.
  "SET parquet_metadata_cache = true",
  // Counted, not printed: see `progress`.
  "SET enable_progress_bar = true",
  "SET enable_progress_bar_print = false",
];

function settingsOf(options: DuckDbOptions, spill: string): Record<string, string> {
  return {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
    // It would hold what was read of a file, which no second run in this process reads.
    enable_external_file_cache: "false",
    // Otherwise DuckDB believes what the footers of Parquet files say of their pages, and does not look: a damaged file passes.
    disabled_optimizers: "statistics_propagation",
    // What a query gave back is given back to the system: arrays of the program want it next.
    allocator_flush_threshold: "8MB",
    // The default is `.tmp` in the working folder, which is the user's checkout.
    temp_directory: spill,
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    ...(options.memoryLimit === undefined ? {} : { memory_limit: options.memoryLimit }),
  };
}

const interruptIntervalMs = 20;

/**
 * Runs work on a connection and interrupts it when the signal is aborted. DuckDB forgets an interrupt that comes before the query
 * has begun to run, so it is repeated until the work ends.
 */
function guard(connection: DuckDBConnection, signal: AbortSignal | undefined): Guard {
  return async (work) => {
    signal?.throwIfAborted();
    let timer: NodeJS.Timeout | undefined;
    const interrupt = () => {
      connection.interrupt();
      timer = setInterval(() => connection.interrupt(), interruptIntervalMs);
    };
    signal?.addEventListener("abort", interrupt, { once: true });
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", interrupt);
      clearInterval(timer);
    }
  };
}

function toCell(value: unknown): Cell {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    case "object":
      return objectToCell(value);
    default:
      return null;
  }
}

function objectToCell(value: object | null): Cell {
  if (value === null) return null;
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(toCell);
  if (value instanceof DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([key, item]) => [key, toCell(item)]));
  // Dates, times, decimals, UUIDs and bytes print themselves as DuckDB would, every digit kept.
  return String(value);
}
