import { refusal } from "./refusals.ts";

export interface CsvHeader {
  readonly names: readonly string[];
  readonly delimiter: string;
  readonly lineEnd: 10 | 13;
  readonly hasBom: boolean;
  readonly encoding: string;
}

const delimiters = [",", ";", "\t", "|"] as const;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

export const encodingHint = "Convert the file, for example: iconv -f ISO-8859-1 -t UTF-8 IN > OUT.";

/** Where the first line ends, line ends inside quotes skipped; undefined where `head` does not reach that far. */
export function headerEnd(head: Buffer): number | undefined {
  let isQuoted = false;
  for (const [index, byte] of head.entries()) {
    if (byte === 0x22) isQuoted = !isQuoted;
    else if (!isQuoted && (byte === 0x0a || byte === 0x0d)) return index;
  }
  return undefined;
}

/**
 * Reads the header line of `head`, the first bytes of `uri`. A nameless column gets the name that pandas gives it, `Unnamed: 0`.
 * Throws `not-evaluable` for text that is not UTF-8, a blank first line, or a quote that never closes.
 */
export function readHeader(uri: string, head: Buffer, givenDelimiter: string | undefined): CsvHeader {
  refuseBinary(uri, head);
  const hasBom = head.subarray(0, 3).equals(byteOrderMark);
  const end = headerEnd(head) ?? head.length;
  const record = decode(uri, head.subarray(hasBom ? 3 : 0, end));
  if (record.trim() === "") {
    throw refusal(
      "DATA_CSV_HEADER",
      `${uri}:1: the first line is blank, expected the names of the columns.`,
      "Take blank lines above the header away.",
    );
  }
  if ((record.split('"').length - 1) % 2 === 1) {
    throw refusal(
      "DATA_CSV_HEADER",
      `${uri}:1: a quote is opened in the header line and never closed.`,
      "Close the quote.",
    );
  }
  const delimiter = givenDelimiter ?? likelyDelimiter(record);
  const names = splitRecord(record, delimiter).map((name, index) =>
    name.trim() === "" ? `Unnamed: ${index}` : name,
  );
  const isMacintosh = head[end] === 0x0d && head[end + 1] !== 0x0a && head[end + 1] !== undefined;
  return { names, delimiter, lineEnd: isMacintosh ? 13 : 10, hasBom, encoding: "utf-8" };
}

function decode(uri: string, bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw refusal("DATA_ENCODING", `${uri}:1: the header line is not valid UTF-8.`, encodingHint, error);
  }
}

const signatures: readonly [Buffer, string, string][] = [
  [Buffer.from("PAR1"), "a Parquet file", "Rename it to .parquet."],
  [Buffer.from("PK\x03\x04", "latin1"), "a ZIP archive or an Excel workbook", "Save the sheet as CSV."],
  [Buffer.from([0x1f, 0x8b]), "gzip-compressed bytes", "Rename it to .csv.gz."],
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), "zstd-compressed bytes", "Rename it to .csv.zst."],
  [Buffer.from("ARROW1"), "an Arrow file", "Rename it to .arrow."],
  [Buffer.from("FEA1"), "a Feather file of version 1", "Write it again as Parquet or Feather version 2."],
];

function refuseBinary(uri: string, head: Buffer): void {
  for (const [mark, what, hint] of signatures) {
    if (head.subarray(0, mark.length).equals(mark))
      throw refusal("DATA_NOT_CSV", `${uri} holds ${what}, not UTF-8 CSV text.`, hint);
  }
  refuseNul(uri, head, 0);
}

/** Throws where a piece of text that starts at `offset` of the file holds a NUL byte, which no text does. */
export function refuseNul(uri: string, chunk: Buffer, offset: number): void {
  const index = chunk.indexOf(0);
  if (index < 0) return;
  throw refusal(
    "DATA_NOT_CSV",
    `${uri} is not text: it has a NUL byte at offset ${offset + index}.`,
    "Check that this is the file you mean, and that it was written as UTF-8 CSV.",
  );
}

/** The one of `,` `;` tab `|` that stands most often outside quotes; a comma where none does (one column). */
function likelyDelimiter(record: string): string {
  const bare = record.replace(/"[^"]*"/g, "");
  const counted = delimiters.map((mark) => ({ mark, count: bare.split(mark).length - 1 }));
  return counted.toSorted((a, b) => b.count - a.count)[0]?.mark ?? ",";
}

/** The fields of a record without their quotes. */
export function splitRecord(record: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = "";
  let isQuoted = false;
  for (let index = 0; index < record.length; index += 1) {
    const letter = record[index] ?? "";
    if (letter === '"' && isQuoted && record[index + 1] === '"') {
      field += '"';
      index += 1;
    } else if (letter === '"') isQuoted = !isQuoted;
    else if (letter === delimiter && !isQuoted) {
      fields.push(field);
      field = "";
    } else field += letter;
  }
  return [...fields, field];
}
