import { writeSync } from "node:fs";
import { constants, type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { MlopsError, systemCodeOf } from "../errors.ts";
import { printable } from "../printable.ts";
import type { Checksums } from "./checksums.ts";
import { combineCrc32 } from "./crc.ts";
import { openPartJournal, type PartJournal } from "./part-journal.ts";
import { PartSink } from "./part-sink.ts";
import { mostPartsAtOnce, type PartSlot, type PartSlots, partBytes } from "./part-slots.ts";
import type { ObjectFacts } from "./s3-client.ts";
import type { S3Store } from "./s3-store.ts";
import { planVerification, type Verification } from "./verification.ts";

export interface DownloadRequest {
  readonly store: S3Store;
  readonly slots: PartSlots;
  readonly bucket: string;
  readonly object: ObjectFacts;
  /** The partial file and the journal beside it; both may be there from an earlier attempt. */
  readonly file: string;
  readonly journal: string;
  readonly signal: AbortSignal;
  /** An MD5 that an earlier reading of the same object gave: an ETag that differs from it twice is no MD5. */
  readonly knownDigest?: string | undefined;
  /** Called with the number of bytes that are there now and were not before. */
  readonly onBytes: (bytes: number) => void;
}

export interface Downloaded {
  /** CRC-32 of all bytes, to hold the file against later. */
  readonly crc32: number;
  readonly versionId: string | undefined;
}

/**
 * Reads an object in parallel ranges into `file`, going on from what an earlier attempt left, and checks size and checksum.
 * Throws S3_OBJECT_CHANGED (the object was replaced), `DamagedBytes`, DISK_FULL, or the signal's reason; the partial file stays.
 */
export async function download(request: DownloadRequest): Promise<Downloaded> {
  const { object, signal } = request;
  const heading = JSON.stringify({ etag: object.etag, sizeBytes: object.sizeBytes, partBytes });
  try {
    const journal = await openPartJournal(request.journal, heading);
    // Never truncated at the start: it may hold the parts that the journal names.
    const handle = await open(request.file, constants.O_RDWR | constants.O_CREAT, 0o644);
    let verification: Verification | undefined;
    try {
      if (journal.found.size === 0) await handle.truncate(0);
      const plan = (checksums: Checksums | undefined) => planVerification(request, checksums, handle);
      // Of an object of one part, only the answer tells the checksum.
      const isOnePart = object.sizeBytes <= partBytes;
      if (!isOnePart) verification = await plan(object.checksums);
      const parts = new PartReading(request, handle, journal);
      await parts.readAll((part) => verification?.add(part));
      const facts = parts.facts ?? object;
      if (isOnePart) verification = await plan(facts.checksums ?? object.checksums);
      if (isOnePart) verification?.add(0);
      await verification?.check((from, bytes) => parts.combined(from, bytes));
      return { crc32: parts.combined(0, object.sizeBytes), versionId: facts.versionId ?? object.versionId };
    } finally {
      await verification?.settled();
      await handle.close();
      await journal.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    throw diskError(error, request);
  }
}

interface Stretch {
  /** Part numbers; `end` is the one after the last. */
  readonly first: number;
  readonly end: number;
  readonly slot: PartSlot;
  readonly signal: AbortSignal;
  readonly onPart: (part: number) => void;
}

class PartReading {
  readonly #request: DownloadRequest;
  readonly #handle: FileHandle;
  readonly #journal: PartJournal;
  readonly #count: number;
  readonly #crcs = new Map<number, number>();
  #next = 0;
  facts: ObjectFacts | undefined;

  constructor(request: DownloadRequest, handle: FileHandle, journal: PartJournal) {
    this.#request = request;
    this.#handle = handle;
    this.#journal = journal;
    this.#count = Math.ceil(request.object.sizeBytes / partBytes);
  }

  /** `onPart` hears of each part that is on disk. */
  async readAll(onPart: (part: number) => void): Promise<void> {
    const { signal, slots } = this.#request;
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    const workers = Array.from({ length: Math.min(slots.count, this.#count) }, async () => {
      try {
        while (this.#next < this.#count) await this.#stretch(onPart, both);
      } catch (error) {
        // The others would only read on for nothing.
        stop.abort(error);
        throw error;
      }
    });
    // All have to be at rest before the file is closed.
    const ended = await Promise.allSettled(workers);
    signal.throwIfAborted();
    if (stop.signal.aborted) throw stop.signal.reason;
    for (const one of ended) if (one.status === "rejected") throw one.reason;
  }

  /** Reads what one request shall bring, or looks at one part that is here already. */
  async #stretch(onPart: (part: number) => void, signal: AbortSignal): Promise<void> {
    await this.#request.slots.use(async (slot) => {
      signal.throwIfAborted();
      const { first, end } = this.#take();
      if (first === end) return;
      if (await this.#isThere(first, slot.buffer)) {
        this.#request.onBytes(this.#lengthOf(first, end));
        onPart(first);
      } else await this.#read({ first, end, slot, signal, onPart });
    });
  }

  /** The next parts, of which the journal knows either the only one or none; fewer at the end, so that all connections end together. */
  #take(): { readonly first: number; readonly end: number } {
    const { found } = this.#journal;
    const first = this.#next;
    const share = Math.ceil((this.#count - first) / this.#request.slots.count);
    const limit = first + Math.min(share, mostPartsAtOnce);
    let end = Math.min(first + 1, limit);
    if (!found.has(first)) while (end < limit && !found.has(end)) end += 1;
    this.#next = end;
    return { first, end };
  }

  #lengthOf(first: number, end: number): number {
    return Math.min(end * partBytes, this.#request.object.sizeBytes) - first * partBytes;
  }

  async #read({ first, end, slot, signal, onPart }: Stretch): Promise<void> {
    const { store, bucket, object, onBytes } = this.#request;
    const start = first * partBytes;
    const sink = new PartSink({
      ...{ start, length: this.#lengthOf(first, end), buffer: slot.buffer, partBytes, onBytes },
      write: (bytes, at) => this.#onDisk(() => writeSync(this.#handle.fd, bytes, 0, bytes.length, at)),
      onPart: (part, crc) => {
        this.#onDisk(() => this.#journal.add(part, crc));
        this.#crcs.set(part, crc);
        onPart(part);
      },
    });
    const facts = await store.read({ bucket, object, start, sink, signal }, slot.reader);
    if (this.#count === 1) this.facts = facts;
  }

  /** What the disk says is not taken for what the network says. */
  #onDisk<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw diskError(error, this.#request);
    }
  }

  /** Whether an earlier attempt has left this part whole; `buffer` is only a place to read to. */
  async #isThere(part: number, buffer: Buffer): Promise<boolean> {
    const crc = this.#journal.found.get(part);
    if (crc === undefined) return false;
    const length = this.#lengthOf(part, part + 1);
    let [got, computed] = [0, 0];
    while (got < length) {
      const wanted = Math.min(buffer.length, length - got);
      const { bytesRead } = await this.#handle.read(buffer, 0, wanted, part * partBytes + got);
      if (bytesRead === 0) return false;
      computed = crc32(buffer.subarray(0, bytesRead), computed);
      got += bytesRead;
    }
    if (computed !== crc) return false;
    this.#crcs.set(part, crc);
    return true;
  }

  /** CRC-32 of a stretch that begins and ends with parts, from those of the parts. */
  combined(from: number, bytes: number): number {
    const end = Math.min(from + bytes, this.#request.object.sizeBytes);
    let whole = 0;
    for (let start = from; start < end; start += partBytes)
      whole = combineCrc32(whole, this.#crcs.get(start / partBytes) ?? 0, Math.min(partBytes, end - start));
    return whole;
  }
}

function diskError(error: unknown, { bucket, object, file }: DownloadRequest): unknown {
  const code = systemCodeOf(error);
  if (error instanceof MlopsError || code === undefined) return error;
  if (!["ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EACCES", "EIO"].includes(code)) return error;
  const uri = printable(`s3://${bucket}/${object.key}`);
  return new MlopsError({
    kind: "not-evaluable",
    code: code === "ENOSPC" || code === "EDQUOT" ? "DISK_FULL" : "CACHE_NOT_WRITTEN",
    message: `${uri} (${object.sizeBytes} bytes) cannot be written to ${file}: ${code === "ENOSPC" ? "the disk is full" : `it says ${code}`}.`,
    hint: "Make room, or name a folder on another disk in MLOPS_CACHE_DIR.",
    cause: error,
  });
}
