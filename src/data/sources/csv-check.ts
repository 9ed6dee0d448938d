import type { FieldForms } from "./csv-forms.ts";
import { type CsvHeader, refuseNul } from "./csv-header.ts";
import { type CsvInput, newHash, textOf } from "./csv-input.ts";
import { countRecords } from "./csv-records.ts";
import { CsvScan } from "./csv-scan.ts";
import { refusal } from "./refusals.ts";

export interface CheckedCsv {
  readonly sha256: string;
  /** Rows that a reader must find below the header. */
  readonly rows: number;
  /** Such a file is not safe to read in parallel. */
  readonly hasQuotedLineEnds: boolean;
  /** Those of the forms asked for that every field has. */
  readonly forms: FieldForms;
}

/** What is known while the text is read; it holds only where all of it turns out to be regular. */
export type CsvSoFar = Pick<CheckedCsv, "hasQuotedLineEnds" | "forms" | "rows">;

export interface CsvCheckOptions {
  readonly header: CsvHeader;
  readonly signal: AbortSignal | undefined;
  /** Asked of the fields below the header. */
  readonly forms: FieldForms;
  /** Called after each piece of the text with its size in bytes. */
  readonly onProgress: (bytes: number, soFar: CsvSoFar) => void;
}

const noForms: FieldForms = new Map();
const nothingKnown: CsvSoFar = { hasQuotedLineEnds: false, forms: noForms, rows: 0 };

/**
 * Reads the whole file once: its digest, and what DuckDB's reader would not notice. (1.5.6 takes a cut-off zstd stream for
 * complete; in parallel it can lose malformed rows behind quoted line ends, and serially the rows behind a quote that never closes.)
 * Throws `not-evaluable` for NUL bytes, an open quote, or a stream that is cut off.
 */
export async function checkCsv(input: CsvInput, options: CsvCheckOptions): Promise<CheckedCsv> {
  const { header, signal } = options;
  const hash = newHash();
  const scan = header.lineEnd === 10 ? new CsvScan(header.delimiter.charCodeAt(0), options.forms) : undefined;
  for await (const chunk of withoutMark(textOf(input, { hash, signal }), header)) {
    scan?.push(chunk);
    options.onProgress(chunk.length, scan ?? nothingKnown);
  }
  const sha256 = hash.digest("hex");
  const scanned = scan?.end();
  const counted = scanned?.isRegular === true ? scanned : await countClosely(input, options);
  const forms = scanned?.isRegular === true ? (scan?.forms ?? noForms) : noForms;
  // A blank line is no row, but in a table of one column it is a missing value.
  const lines = counted.records + (header.names.length === 1 ? counted.blankLines : 0);
  return { sha256, rows: lines - 1, hasQuotedLineEnds: counted.hasQuotedLineEnds, forms };
}

/** The slow way, byte by byte, for texts with quotes or line ends in unusual places; knows where what is wrong stands. */
async function countClosely(input: CsvInput, { header, signal, onProgress }: CsvCheckOptions) {
  const counter = countRecords(header.delimiter.charCodeAt(0), header.lineEnd);
  let offset = header.hasBom ? 3 : 0;
  for await (const chunk of withoutMark(textOf(input, { signal }), header)) {
    refuseNul(input.uri, chunk, offset);
    offset += chunk.length;
    counter.push(chunk);
    onProgress(0, nothingKnown);
  }
  const counted = counter.end();
  if (counted.unclosedQuoteLine === undefined) return counted;
  throw refusal(
    "DATA_CSV_MALFORMED",
    `${input.uri}:${counted.unclosedQuoteLine}: a quote is opened here and never closed.`,
    'Close the quote; a quote inside a quoted value is written twice: "".',
  );
}

/** The byte order mark is no text; it may be cut into pieces. */
async function* withoutMark(chunks: AsyncIterable<Buffer>, header: CsvHeader): AsyncGenerator<Buffer> {
  let skipped = header.hasBom ? 3 : 0;
  for await (const chunk of chunks) {
    const start = Math.min(skipped, chunk.length);
    skipped -= start;
    yield chunk.subarray(start);
  }
}
