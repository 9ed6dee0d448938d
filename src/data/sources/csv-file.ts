import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { MlopsError, messageOf, systemCodeOf } from "../../errors.ts";
import { type CsvHeader, headerEnd, readHeader, refuseNul } from "./csv-header.ts";
import { countRecords, type RecordCounter } from "./csv-records.ts";
import { refusal, refuseDuplicates, unreadable } from "./refusals.ts";

export type Compression = "none" | "gzip" | "zstd";

export interface CsvFile extends CsvHeader {
  readonly sha256: string;
  readonly compression: Compression;
  /** Rows that a reader must find below the header. */
  readonly rows: number;
  /** Such a file is not safe to read in parallel. */
  readonly hasQuotedLineEnds: boolean;
}

export interface CsvRequest {
  readonly absolutePath: string;
  /** As the user wrote it, for messages. */
  readonly uri: string;
  readonly compression: Compression;
  readonly delimiter: string | undefined;
  readonly signal: AbortSignal | undefined;
}

const longestHeaderBytes = 4 << 20;

/**
 * Reads the whole file once: its digest, its header, and what DuckDB's reader would not notice. (1.5.6 takes a cut-off zstd
 * stream for complete; in parallel it can lose malformed rows behind quoted line ends, and serially the rows behind a quote
 * that never closes.) Throws `not-evaluable` for what cannot be a CSV table.
 */
export async function inspectCsv(request: CsvRequest): Promise<CsvFile> {
  const { uri, compression } = request;
  const hash = createHash("sha256");
  const text = new CsvText(request);
  await readThrough(request, { bytes: (chunk) => hash.update(chunk), text: (chunk) => text.push(chunk) });
  const { header, counter } = text.end();
  const counted = counter.end();
  if (counted.unclosedQuoteLine !== undefined) {
    throw refusal(
      "DATA_CSV_MALFORMED",
      `${uri}:${counted.unclosedQuoteLine}: a quote is opened here and never closed.`,
      'Close the quote; a quote inside a quoted value is written twice: "".',
    );
  }
  refuseDuplicates(uri, header.names);
  // A blank line is no row, but in a table of one column it is a missing value.
  const lines = counted.records + (header.names.length === 1 ? counted.blankLines : 0);
  const { hasQuotedLineEnds } = counted;
  return { ...header, sha256: hash.digest("hex"), compression, rows: lines - 1, hasQuotedLineEnds };
}

/** Waits for the whole header, then counts records from the start on. */
class CsvText {
  readonly #request: CsvRequest;
  #head = Buffer.alloc(0);
  #bytes = 0;
  #found: { readonly header: CsvHeader; readonly counter: RecordCounter } | undefined;

  constructor(request: CsvRequest) {
    this.#request = request;
  }

  push(chunk: Buffer): void {
    const offset = this.#bytes;
    this.#bytes += chunk.length;
    if (this.#found !== undefined) {
      refuseNul(this.#request.uri, chunk, offset);
      this.#found.counter.push(chunk);
      return;
    }
    this.#head = Buffer.concat([this.#head, chunk]);
    const end = headerEnd(this.#head);
    // One byte more tells CR LF from a bare CR.
    if (this.#head.length >= longestHeaderBytes || (end !== undefined && end + 1 < this.#head.length))
      this.#start();
  }

  end(): { readonly header: CsvHeader; readonly counter: RecordCounter } {
    return this.#found ?? this.#start();
  }

  #start() {
    const { uri, delimiter } = this.#request;
    if (this.#bytes === 0)
      throw refusal("DATA_FILE_EMPTY", `${uri} holds no text.`, "Check the step that writes this file.");
    const header = readHeader(uri, this.#head, delimiter);
    const counter = countRecords(header.delimiter.charCodeAt(0), header.lineEnd);
    counter.push(header.hasBom ? this.#head.subarray(3) : this.#head);
    this.#found = { header, counter };
    return this.#found;
  }
}

async function readThrough(
  request: CsvRequest,
  readers: { bytes(chunk: Buffer): void; text(chunk: Buffer): void },
): Promise<void> {
  const bytes = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      readers.bytes(chunk);
      done(null, chunk);
    },
  });
  const text = new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        readers.text(chunk);
        done();
      } catch (error) {
        done(error instanceof Error ? error : new Error(messageOf(error)));
      }
    },
  });
  const input = createReadStream(request.absolutePath, { highWaterMark: 1 << 20 });
  const options = request.signal === undefined ? {} : { signal: request.signal };
  try {
    if (request.compression === "none") await pipeline(input, bytes, text, options);
    else await pipeline(input, bytes, decompressor(request.compression), text, options);
  } catch (error) {
    request.signal?.throwIfAborted();
    if (error instanceof MlopsError) throw error;
    // Node's own decompression errors have codes of zlib's (Z_…) and zstd's (ZSTD_…).
    if (systemCodeOf(error)?.startsWith("Z") !== true) throw unreadable(request.uri, error);
    throw refusal(
      "DATA_COMPRESSION_BROKEN",
      `${request.uri} is not a complete ${request.compression} stream: ${messageOf(error)}.`,
      "Fetch or write the file again; if it is not compressed, take the ending .gz or .zst away.",
      error,
    );
  }
}

function decompressor(compression: "gzip" | "zstd"): Transform {
  return compression === "gzip" ? createGunzip() : createZstdDecompress();
}
