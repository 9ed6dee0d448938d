import { readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { messageOf } from "../../errors.ts";
import { mapBounded } from "./bounded.ts";
import type { Located } from "./located.ts";
import { refusal, unreadable } from "./refusals.ts";
import { ThriftReader } from "./thrift-reader.ts";

const filesAtOnce = 4;
/** So many headers are read at a stretch, which is less than a millisecond where the file lies in memory. */
const pagesAtOnce = 32;
const mostFooterBytes = 1 << 30;
/** Headers are some 30 bytes; those with statistics of long texts are longer. */
const headerBytes = 256;
const mostHeaderBytes = 1 << 24;
/** Of PageType in parquet.thrift. */
const [dataPage, dataPageV2] = [0, 3];

/** The values of a column in a row group. */
interface Chunk {
  values: number;
  bytes: number;
  dataOffset: number;
  dictionaryOffset: number;
}

export interface Page {
  /** Where its header stands in the file, where its bytes begin, and where they end. */
  readonly header: number;
  readonly body: number;
  readonly end: number;
  /** Zero for dictionaries and indexes. */
  readonly values: number;
}

/**
 * Looks at the headers of all pages, which are not packed. Throws `not-evaluable` where the pages of a column end before all of its
 * values: DuckDB 1.5.6 would then read on in the pages of the next column.
 */
export async function refuseMissingPages(
  files: readonly Located[],
  signal: AbortSignal | undefined,
): Promise<void> {
  await mapBounded(files, filesAtOnce, async (file) => {
    const handle = await open(file.absolutePath).catch((error: unknown) => {
      throw unreadable(file.uri, error);
    });
    try {
      for await (const _ of parquetPages(handle, file.sizeBytes)) signal?.throwIfAborted();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof RangeError)) throw error;
      throw refusal(
        "DATA_PARQUET_BROKEN",
        `${file.uri} is not a readable Parquet file: ${messageOf(error)}.`,
        "It is damaged: fetch or write it again.",
        error,
      );
    } finally {
      await handle.close();
    }
  });
}

/** All pages, column by column. Throws `RangeError` for headers that cannot be read, and for columns with too few pages. */
export async function* parquetPages(handle: FileHandle, sizeBytes: number): AsyncGenerator<Page> {
  // Read in the thread itself, into one buffer: the scan reads the same pages at the same time, so that they lie in memory, and tens
  // of thousands of requests to other threads would cost more than what they ask for, and 15 MB until the collector comes.
  const scratch = Buffer.alloc(headerBytes);
  let count = 0;
  for (const chunk of chunksOf(readFooter(handle, sizeBytes))) {
    const { dictionaryOffset, dataOffset } = chunk;
    const hasDictionary = dictionaryOffset > 0 && dictionaryOffset < dataOffset;
    const start = hasDictionary ? dictionaryOffset : dataOffset;
    let found = 0;
    for (let at = start; found < chunk.values; ) {
      if (at >= start + chunk.bytes)
        throw new RangeError(
          `the pages of a column hold ${found} values where its footer says ${chunk.values}`,
        );
      const page = readPage(handle, { at, sizeBytes, scratch });
      found += page.values;
      at = page.end;
      yield page;
      count += 1;
      if (count % pagesAtOnce === 0) await setImmediate();
    }
  }
}

function readFooter(handle: FileHandle, sizeBytes: number): Uint8Array {
  const tail = bytesAt(handle, Math.max(0, sizeBytes - 8), Buffer.alloc(8));
  const length = tail.readUInt32LE(0);
  if (length > Math.min(mostFooterBytes, sizeBytes - 12)) throw new RangeError("its footer is too long");
  return bytesAt(handle, sizeBytes - 8 - length, Buffer.alloc(length));
}

/** What stands at `position`, as much as `into` holds: a part of it. */
function bytesAt(handle: FileHandle, position: number, into: Buffer): Buffer {
  return into.subarray(0, readSync(handle.fd, into, 0, into.length, position));
}

/** Field numbers are those of parquet.thrift. Columns that are encrypted or stand in another file are left out. */
function chunksOf(footer: Uint8Array): Chunk[] {
  const chunks: Chunk[] = [];
  let chunk: Chunk | undefined;
  const integer = (name: keyof Chunk) => (of: ThriftReader) => {
    const value = of.integer();
    if (chunk !== undefined) chunk[name] = value;
  };
  const facts = {
    ...{ 5: integer("values"), 7: integer("bytes"), 9: integer("dataOffset") },
    11: integer("dictionaryOffset"),
  };
  const parts = {
    3(of: ThriftReader) {
      chunk = { values: 0, bytes: 0, dataOffset: 0, dictionaryOffset: 0 };
      of.struct(facts);
    },
  };
  const column = (reader: ThriftReader) => {
    chunk = undefined;
    reader.struct(parts);
    if (chunk !== undefined) chunks.push(chunk);
  };
  const group = (reader: ThriftReader) => reader.struct({ 1: (of) => of.list(column) });
  new ThriftReader(footer).struct({ 4: (of) => of.list(group) });
  return chunks;
}

function readPage(
  handle: FileHandle,
  { at, sizeBytes, scratch }: { readonly at: number; readonly sizeBytes: number; readonly scratch: Buffer },
): Page {
  for (let length = headerBytes; ; length *= 16) {
    const wanted = Math.min(length, Math.max(0, sizeBytes - at));
    const bytes = bytesAt(
      handle,
      at,
      wanted <= scratch.length ? scratch.subarray(0, wanted) : Buffer.alloc(wanted),
    );
    const page = { kind: -1, packedBytes: 0, values: 0, valuesV2: 0 };
    const integer = (name: keyof typeof page) => (of: ThriftReader) => {
      page[name] = of.integer();
    };
    const reader = new ThriftReader(bytes);
    try {
      reader.struct({
        ...{ 1: integer("kind"), 3: integer("packedBytes") },
        5: (of) => of.struct({ 1: integer("values") }),
        8: (of) => of.struct({ 1: integer("valuesV2") }),
      });
    } catch (error) {
      // Perhaps there is only more of it.
      if (bytes.length === length && length < mostHeaderBytes) continue;
      throw new RangeError(`the header of a page cannot be read (${messageOf(error)})`, { cause: error });
    }
    // A page says by its kind which of its parts count; DuckDB reads over those of other kinds.
    let values = 0;
    if (page.kind === dataPage) values = page.values;
    if (page.kind === dataPageV2) values = page.valuesV2;
    if (page.packedBytes < 0 || values < 0) throw new RangeError("a page of no size");
    const body = at + reader.place;
    return { header: at, body, end: body + page.packedBytes, values };
  }
}
