import { stat } from "node:fs/promises";
import type { DuckDb } from "../engine/duckdb.ts";
import { locateAll } from "./locate.ts";
import type { Located } from "./located.ts";
import { openCsvSource } from "./open-csv-source.ts";
import { openParquetSource } from "./open-parquet-source.ts";
import { refusal } from "./refusals.ts";
import type { SourceOptions, TableSource } from "./table-source.ts";

/**
 * Looks at `paths` and makes one table of them. Throws `not-evaluable` for data that is missing, empty, damaged, or of several
 * formats or schemas. Unless `options.readsAhead` is set, every CSV was read once when this ends.
 */
export async function openTable(
  paths: readonly string[],
  db: DuckDb,
  options: SourceOptions,
): Promise<TableSource> {
  const { files, notes } = await locateAll(paths, options);
  refuseMixedFormats(files);
  const request = { files, notes, db, options };
  switch (files[0]?.format) {
    case "csv":
      return await openCsvSource(request);
    case "parquet":
      return await openParquetSource(request);
    case "arrow":
      return await (await import("./open-arrow-source.ts")).openArrowSource(request);
    case undefined:
      throw new RangeError("a table has at least one file");
  }
}

/**
 * To be called with the number of rows that a full read found; waits until all files were read. Throws where the reader lost rows,
 * and where a file was written to since `openTable` looked at it: the figures would be of neither version.
 */
export async function confirmRead(source: TableSource, rows: number): Promise<void> {
  const facts = await source.facts();
  for (const file of source.files) {
    const now = await stat(file.absolutePath).catch(() => undefined);
    if (now?.size === file.sizeBytes && now.mtimeMs === file.modifiedMs) continue;
    throw refusal(
      "DATA_FILE_CHANGED",
      `${file.uri} was changed while it was read.`,
      "Start again when the step that writes it has ended.",
    );
  }
  const expected = facts.reduce((sum, file) => sum + file.rows, 0);
  if (expected === rows) return;
  const [first, ...others] = source.files;
  const names = others.length === 0 ? first?.uri : `${first?.uri} and ${others.length} more`;
  if (source.format === "csv")
    throw refusal(
      "DATA_CSV_MALFORMED",
      `${names}: the reader found ${rows} rows where the text has ${expected}: quotes or line ends in it are not as RFC 4180 has them.`,
      "Write the file with one kind of line end and with quotes around values that hold quotes or line ends.",
    );
  throw refusal(
    "DATA_ROWS_LOST",
    `${names}: the reader found ${rows} rows where the files say they have ${expected}.`,
    "The file is damaged: fetch or write it again.",
  );
}

/**
 * Why reading failed: what is wrong with the files' bytes where that is known or found out (with file and line), else what the
 * failed query says.
 */
export async function failureOf(source: TableSource, error: unknown): Promise<unknown> {
  const explained = source.explain(error);
  if (explained === error) return error;
  return await source.facts().then(
    () => explained,
    (found: unknown) => found,
  );
}

function refuseMixedFormats(files: readonly Located[]): void {
  const [first] = files;
  const other = files.find((file) => file.format !== first?.format);
  if (first === undefined || other === undefined) return;
  throw refusal(
    "DATA_FORMATS_DIFFER",
    `The files of one table are of different formats: ${first.uri} is ${first.format}, ${other.uri} is ${other.format}.`,
    "Give files of one format; validate the others on their own.",
  );
}
