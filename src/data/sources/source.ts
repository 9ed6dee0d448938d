import { stat } from "node:fs/promises";
import { digestOf } from "../../files.ts";
import type { DuckDb } from "../engine/duckdb.ts";
import { quotePath, quoteText } from "../engine/sql.ts";
import { type Compression, type CsvFile, inspectCsv } from "./csv-file.ts";
import { type Located, locateAll, type TableFormat } from "./locate.ts";
import { parquetColumns, positional, refuseBadMagic, type SourceColumn } from "./parquet-file.ts";
import { readError } from "./read-error.ts";
import { refusal } from "./refusals.ts";

export interface SourceFile {
  /** As the user wrote it. */
  readonly uri: string;
  readonly absolutePath: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly modifiedMs: number;
}

/** How a CSV was read; nothing of it was guessed from the rows. */
interface CsvReading {
  readonly delimiter: string;
  readonly compression: Compression;
  readonly encoding: "utf-8" | "utf-8 with BOM";
}

/** One table: one file, or several of one format and one schema, one after the other. */
export interface TableSource {
  readonly format: TableFormat;
  readonly files: readonly SourceFile[];
  readonly columns: readonly SourceColumn[];
  readonly csv: CsvReading | undefined;
  /** What a full read must find, where that is known beforehand: see `confirmRead`. */
  readonly expectedRows: number | undefined;
  /** A table expression, for `SELECT ${column.sql} FROM ${source.sql}`. A CSV gives text or NULL: use TRY_CAST. */
  readonly sql: string;
  /** What a failed query over `sql` means: an `MlopsError` that names file and line, or the same error where that is not it. */
  explain(error: unknown): unknown;
}

export interface SourceOptions {
  readonly cwd: string;
  /** Of CSV files; without it the one of `,` `;` tab `|` that the header line uses most. */
  readonly delimiter?: string | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Looks at `paths` and makes one table of them, reading each file once for its sha256.
 * Throws `not-evaluable` for a file that is missing, empty, a folder, damaged, or of another schema than the first.
 */
export async function openTable(
  paths: readonly string[],
  db: DuckDb,
  options: SourceOptions,
): Promise<TableSource> {
  const located = await locateAll(paths, options.cwd);
  const formats = new Set(located.map((file) => file.format));
  if (formats.size > 1) {
    throw refusal(
      "DATA_FORMATS_DIFFER",
      `The files of one table are of different formats: ${located.map((file) => file.uri).join(", ")}.`,
      "Give files of one format; validate the others on their own.",
    );
  }
  return formats.has("parquet") ? openParquet(located, db) : openCsv(located, options);
}

/**
 * To be called with the number of rows that a full read found. Throws where the reader lost rows, and where a file was written
 * to since `openTable` looked at it: the figures would be of neither version.
 */
export async function confirmRead(source: TableSource, rows: number): Promise<void> {
  for (const file of source.files) {
    const now = await stat(file.absolutePath).catch(() => undefined);
    if (now?.size === file.sizeBytes && now.mtimeMs === file.modifiedMs) continue;
    throw refusal(
      "DATA_FILE_CHANGED",
      `${file.uri} was changed while it was read.`,
      "Start again when the step that writes it has ended.",
    );
  }
  if (source.expectedRows === undefined || source.expectedRows === rows) return;
  const names = source.files.map((file) => file.uri).join(", ");
  throw refusal(
    "DATA_CSV_MALFORMED",
    `${names}: the reader found ${rows} rows where the text has ${source.expectedRows}: quotes or line ends in it are not as RFC 4180 has them.`,
    "Write the file with one kind of line end and with quotes around values that hold quotes or line ends.",
  );
}

async function openCsv(located: readonly Located[], options: SourceOptions): Promise<TableSource> {
  const inspected: CsvFile[] = [];
  for (const { uri, absolutePath, compression } of located) {
    const request = { absolutePath, uri, compression, delimiter: options.delimiter };
    inspected.push(await inspectCsv({ ...request, signal: options.signal }));
  }
  const files = located.map((file, index) => sourceFile(file, inspected[index]?.sha256 ?? ""));
  const names = inspected[0]?.names ?? [];
  const delimiter = inspected[0]?.delimiter ?? ",";
  const compression = located[0]?.compression ?? "none";
  for (const [index, file] of inspected.entries()) {
    refuseOtherSchema(located[0]?.uri ?? "", names, { uri: located[index]?.uri ?? "", names: file.names });
    if (file.delimiter === delimiter && file.compression === compression) continue;
    throw refusal(
      "DATA_FORMATS_DIFFER",
      `${located[index]?.uri} has delimiter ${JSON.stringify(file.delimiter)} and compression ${file.compression}, ${located[0]?.uri} has ${JSON.stringify(delimiter)} and ${compression}.`,
      "Write the files of one table in one way.",
    );
  }
  const columns = names.map((name, index) => ({ name, sql: positional(index), engineType: "VARCHAR" }));
  const isParallelSafe = inspected.every((file) => !file.hasQuotedLineEnds);
  return {
    format: "csv",
    files,
    columns,
    csv: {
      delimiter,
      compression,
      encoding: inspected.some((file) => file.hasBom) ? "utf-8 with BOM" : "utf-8",
    },
    expectedRows: inspected.reduce((sum, file) => sum + file.rows, 0),
    sql: csvExpression(files, { delimiter, compression, isParallelSafe, columns }),
    explain: (error) => readError(error, "csv", files),
  };
}

function csvExpression(
  files: readonly SourceFile[],
  reading: {
    readonly delimiter: string;
    readonly compression: Compression;
    readonly isParallelSafe: boolean;
    readonly columns: readonly SourceColumn[];
  },
): string {
  const settings = [
    "auto_detect = false",
    "header = true",
    `delim = ${quoteText(reading.delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    "comment = ''",
    "skip = 0",
    "nullstr = ''",
    `compression = '${reading.compression}'`,
    "strict_mode = true",
    "null_padding = false",
    "ignore_errors = false",
    "hive_partitioning = false",
    `parallel = ${reading.isParallelSafe}`,
    `columns = {${reading.columns.map((column) => `${column.sql}: 'VARCHAR'`).join(", ")}}`,
  ];
  return `read_csv([${files.map((file) => quotePath(file.absolutePath)).join(", ")}], ${settings.join(", ")})`;
}

async function openParquet(located: readonly Located[], db: DuckDb): Promise<TableSource> {
  const files: SourceFile[] = [];
  const first: { columns?: readonly SourceColumn[] } = {};
  for (const file of located) {
    await refuseBadMagic(file);
    files.push(sourceFile(file, (await digestOf(file.absolutePath)).sha256));
    const columns = await parquetColumns(file, db);
    first.columns ??= columns;
    const describe = (list: readonly SourceColumn[]) => list.map((one) => `${one.name} ${one.engineType}`);
    refuseOtherSchema(located[0]?.uri ?? "", describe(first.columns), {
      uri: file.uri,
      names: describe(columns),
    });
  }
  const columns = first.columns ?? [];
  const list = files.map((file) => quotePath(file.absolutePath)).join(", ");
  const aliases = columns.map((column) => column.sql).join(", ");
  return {
    format: "parquet",
    files,
    columns,
    csv: undefined,
    expectedRows: undefined,
    sql: `(SELECT * FROM read_parquet([${list}], hive_partitioning = false) AS t(${aliases}))`,
    explain: (error) => readError(error, "parquet", files),
  };
}

function refuseOtherSchema(
  firstUri: string,
  expected: readonly string[],
  file: { readonly uri: string; readonly names: readonly string[] },
): void {
  const index = Math.max(expected.length, file.names.length);
  for (let position = 0; position < index; position += 1) {
    if (expected[position] === file.names[position]) continue;
    throw refusal(
      "DATA_SCHEMAS_DIFFER",
      `${file.uri} and ${firstUri} are not of one table: column ${position + 1} is ${file.names[position] ?? "missing"} and ${expected[position] ?? "missing"}.`,
      "Give files with the same columns in the same order, or validate them one by one.",
    );
  }
}

function sourceFile(file: Located, sha256: string): SourceFile {
  const { uri, absolutePath, sizeBytes, modifiedMs } = file;
  return { uri, absolutePath, sizeBytes, sha256, modifiedMs };
}
