import { mkdtemp } from "node:fs/promises";
import path from "node:path";
import { MlopsError } from "../../errors.ts";
import type { DuckDb } from "../engine/duckdb.ts";
import { quotePath, quoteText } from "../engine/sql.ts";
import { mapBounded } from "./bounded.ts";
import { type CsvEncoding, copyAsUtf8, csvEncodings, markedEncoding } from "./csv-encoding.ts";
import type { FieldForms } from "./csv-forms.ts";
import { readCsvHead, readHeadBytes } from "./csv-head.ts";
import type { CsvHeader } from "./csv-header.ts";
import type { CsvInput } from "./csv-input.ts";
import type { Compression } from "./file-format.ts";
import type { Located } from "./located.ts";
import { refusal, refuseEach } from "./refusals.ts";
import type { CsvReading } from "./table-source.ts";

/** A CSV of which the head was read. */
export interface OpenedCsv {
  readonly file: Located;
  /** What is read as CSV: the file, or its copy in UTF-8. */
  readonly input: CsvInput;
  readonly header: CsvHeader;
  /** Of its first fields. */
  readonly forms: FieldForms;
  /** Of the file; undefined where it is only found with the rest of the text. */
  readonly sha256: string | undefined;
}

export interface CsvTable {
  readonly opened: readonly OpenedCsv[];
  readonly names: readonly string[];
  readonly reading: CsvReading;
}

export interface CsvOptions {
  readonly delimiter: string | undefined;
  readonly encoding: string | undefined;
  readonly signal: AbortSignal | undefined;
}

const headsAtOnce = 8;

/**
 * Reads the heads of `files`; those not in UTF-8 are copied into it first. Throws `not-evaluable` for all files that are no CSV, and
 * for files with other columns, delimiters or compression than the first; `usage` for an unknown encoding.
 */
export async function openCsv(files: readonly Located[], db: DuckDb, options: CsvOptions): Promise<CsvTable> {
  const encoding = knownEncoding(options.encoding);
  const folder = await mkdtemp(path.join(db.folder, "csv-"));
  const refused: unknown[] = [];
  const results = await mapBounded(files, headsAtOnce, async (file, index) => {
    try {
      return [await openOne(file, { ...options, encoding, copy: path.join(folder, `${index}.csv`) })];
    } catch (error) {
      options.signal?.throwIfAborted();
      refused.push(error);
      return [];
    }
  });
  refuseEach(refused);
  const opened = results.flat();
  const [first] = opened;
  if (first === undefined) throw new RangeError("a table has at least one file");
  refuseEach(opened.flatMap((one) => differences(first, one)));
  const { names, delimiter } = first.header;
  const encodings = [...new Set(opened.map((one) => shownEncoding(one.header)))];
  const reading = { delimiter, compression: first.file.compression, encoding: encodings.join(", ") };
  return { opened, names, reading };
}

function knownEncoding(name: string | undefined): CsvEncoding | undefined {
  if (name === undefined) return undefined;
  const plain = name.toLowerCase().replaceAll(/[-_ ]/g, "");
  const aliases: Readonly<Record<string, CsvEncoding>> = {
    utf8: "utf-8",
    latin1: "latin-1",
    iso88591: "latin-1",
    cp1252: "windows-1252",
    utf16: "utf-16le",
  };
  const found = aliases[plain] ?? csvEncodings.find((one) => one.replaceAll("-", "") === plain);
  if (found !== undefined) return found;
  throw new MlopsError({
    kind: "usage",
    code: "OPTION_INVALID",
    message: `The encoding ${JSON.stringify(name)} is not known.`,
    hint: `Known encodings: ${csvEncodings.join(", ")}.`,
  });
}

interface OpenOptions extends CsvOptions {
  readonly encoding: CsvEncoding | undefined;
  /** Where a copy in UTF-8 may be written. */
  readonly copy: string;
}

async function openOne(file: Located, options: OpenOptions): Promise<OpenedCsv> {
  const { delimiter, signal } = options;
  const original: CsvInput = file;
  const marked = markedEncoding(await readHeadBytes(original, signal));
  const encoding = marked ?? options.encoding ?? "utf-8";
  if (encoding === "utf-8") {
    const { header, forms } = await readCsvHead(original, { delimiter, signal });
    return { file, input: original, header: { ...header, encoding }, forms, sha256: undefined };
  }
  const copy = await copyAsUtf8(original, encoding, { target: options.copy, signal });
  const input: CsvInput = { uri: file.uri, absolutePath: copy.absolutePath, compression: "none" };
  const { header, forms } = await readCsvHead(input, { delimiter, signal });
  return { file, input, header: { ...header, encoding }, forms, sha256: copy.sha256 };
}

function shownEncoding(header: CsvHeader): string {
  return header.hasBom ? `${header.encoding} with BOM` : header.encoding;
}

/** Columns are matched by place, as the rows have no names. */
function differences(first: OpenedCsv, other: OpenedCsv): MlopsError[] {
  const [expected, found] = [first.header.names, other.header.names];
  const [a, b] = [first.file.uri, other.file.uri];
  const count = Math.max(expected.length, found.length);
  const places = Array.from({ length: count }, (_, place) => place).filter(
    (place) => expected[place] !== found[place],
  );
  const shown = places
    .slice(0, 3)
    .map((place) => `column ${place + 1} is ${nameAt(found, place)} and ${nameAt(expected, place)}`);
  const more = places.length > 3 ? ` and ${places.length - 3} more` : "";
  if (places.length > 0)
    return [
      refusal(
        "DATA_SCHEMAS_DIFFER",
        `${b} and ${a} are not of one table: ${shown.join(", ")}${more}.`,
        "Give CSV files with the same columns in the same order, or validate them one by one.",
      ),
    ];
  const how = (one: OpenedCsv): readonly [string, Compression] => [
    one.header.delimiter,
    one.input.compression,
  ];
  const [mine, theirs] = [how(first), how(other)];
  if (mine[0] === theirs[0] && mine[1] === theirs[1]) return [];
  return [
    refusal(
      "DATA_FORMATS_DIFFER",
      `${b} has delimiter ${JSON.stringify(theirs[0])} and compression ${theirs[1]}, ${a} has ${JSON.stringify(mine[0])} and ${mine[1]}.`,
      "Write the files of one table in one way.",
    ),
  ];
}

function nameAt(names: readonly string[], place: number): string {
  const name = names[place];
  return name === undefined ? "missing" : JSON.stringify(name);
}

/** DuckDB's reader of all files; nothing is guessed. `types` has DuckDB's type of each column. */
export function csvReader(
  table: CsvTable,
  {
    isParallel,
    columns,
  }: { readonly isParallel: boolean; readonly columns: readonly (readonly [string, string])[] },
): string {
  const compression = table.opened[0]?.input.compression ?? "none";
  const settings = [
    "auto_detect = false",
    "header = true",
    `delim = ${quoteText(table.reading.delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    "comment = ''",
    "skip = 0",
    "nullstr = ''",
    `compression = '${compression}'`,
    "strict_mode = true",
    "null_padding = false",
    "ignore_errors = false",
    "hive_partitioning = false",
    `parallel = ${isParallel}`,
    `columns = {${columns.map(([name, type]) => `${name}: '${type}'`).join(", ")}}`,
  ];
  const paths = table.opened.map((one) => quotePath(one.input.absolutePath));
  return `read_csv([${paths.join(", ")}], ${settings.join(", ")})`;
}
