import { constants, type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { MlopsError, systemCodeOf } from "../errors.ts";
import { printable } from "../printable.ts";
import type { Checksums } from "./checksums.ts";
import { combineCrc32 } from "./crc.ts";
import { openPartJournal, type PartJournal } from "./part-journal.ts";
import { type PartSlots, partBytes } from "./part-slots.ts";
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
        for (let part = this.#next++; part < this.#count; part = this.#next++) {
          await this.#part(part, both);
          onPart(part);
        }
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

  async #part(part: number, signal: AbortSignal): Promise<void> {
    const { slots, store, bucket, object, onBytes } = this.#request;
    const start = part * partBytes;
    const length = Math.min(partBytes, object.sizeBytes - start);
    await slots.use(async ({ buffer, reader }) => {
      signal.throwIfAborted();
      const into = buffer.subarray(0, length);
      if (await this.#isThere(part, start, into)) {
        onBytes(length);
        return;
      }
      let [got, crc] = [0, 0];
      // Piece by piece as they come: a whole part would have left the processor's cache again.
      const onPiece = (bytes: number) => {
        crc = crc32(into.subarray(got, got + bytes), crc);
        got += bytes;
        onBytes(bytes);
      };
      const facts = await store.read({ bucket, object, start, into, signal, onBytes: onPiece }, reader);
      if (this.#count === 1) this.facts = facts;
      await writeAll(this.#handle, into, start);
      await this.#journal.add(part, crc);
      this.#crcs.set(part, crc);
    });
  }

  /** Whether an earlier attempt has left this part whole; `into` is only a place to read it to. */
  async #isThere(part: number, start: number, into: Buffer): Promise<boolean> {
    const crc = this.#journal.found.get(part);
    if (crc === undefined) return false;
    let got = 0;
    while (got < into.length) {
      const { bytesRead } = await this.#handle.read(into, got, into.length - got, start + got);
      if (bytesRead === 0) return false;
      got += bytesRead;
    }
    if (crc32(into) !== crc) return false;
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

async function writeAll(handle: FileHandle, bytes: Buffer, start: number): Promise<void> {
  let done = 0;
  while (done < bytes.length)
    done += (await handle.write(bytes, done, bytes.length - done, start + done)).bytesWritten;
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
