import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { type Readable, Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { MlopsError, messageOf, systemCodeOf } from "../../errors.ts";
import type { Compression } from "./file-format.ts";
import { refusal, unreadable } from "./refusals.ts";

/** Bytes of a text file, to be read once from the start. */
export interface CsvInput {
  /** As the user wrote it, for messages. */
  readonly uri: string;
  readonly absolutePath: string;
  readonly compression: Compression;
}

const chunkBytes = 1 << 20;

/**
 * The text of a file piece by piece, decompressed; each piece is only good until the next is asked for. `hash` is fed with the bytes of
 * the file itself. Throws `not-evaluable` for a file that cannot be read and for a compressed stream that is cut off or damaged.
 */
export async function* textOf(
  input: CsvInput,
  { hash, signal }: { readonly hash?: Hash; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Buffer> {
  const chunks = input.compression === "none" ? plainChunks(input, hash) : unpackedChunks(input, hash);
  try {
    for await (const chunk of chunks) {
      signal?.throwIfAborted();
      yield chunk;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof MlopsError ? error : readFailure(input, error);
  }
}

/** Reads ahead by one piece, so that the disk and the reader of the text work at the same time. */
async function* plainChunks(input: CsvInput, hash: Hash | undefined): AsyncGenerator<Buffer> {
  const file = await open(input.absolutePath);
  try {
    const buffers = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)] as const;
    const read = (buffer: Buffer) => file.read(buffer, 0, chunkBytes, null);
    let pending = read(buffers[0]);
    for (let turn = 0; ; turn += 1) {
      const { bytesRead, buffer } = await pending;
      if (bytesRead === 0) return;
      pending = read(turn % 2 === 0 ? buffers[1] : buffers[0]);
      // Where the reader of the text stops early, nobody waits for this piece.
      pending.catch(() => undefined);
      const chunk = buffer.subarray(0, bytesRead);
      hash?.update(chunk);
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

async function* unpackedChunks(input: CsvInput, hash: Hash | undefined): AsyncGenerator<Buffer> {
  const bytes = createReadStream(input.absolutePath, { highWaterMark: chunkBytes });
  const tap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash?.update(chunk);
      done(null, chunk);
    },
  });
  const unpacker: Transform =
    input.compression === "gzip"
      ? createGunzip({ chunkSize: 1 << 18 })
      : createZstdDecompress({ chunkSize: 1 << 18 });
  bytes.once("error", (error) => unpacker.destroy(error));
  const text: Readable = bytes.pipe(tap).pipe(unpacker);
  try {
    for await (const chunk of text) if (Buffer.isBuffer(chunk)) yield chunk;
  } finally {
    bytes.destroy();
    unpacker.destroy();
  }
}

function readFailure(input: CsvInput, error: unknown): MlopsError {
  // Node's own decompression errors have codes of zlib's (Z_…) and zstd's (ZSTD_…).
  if (systemCodeOf(error)?.startsWith("Z") !== true) return unreadable(input.uri, error);
  return refusal(
    "DATA_COMPRESSION_BROKEN",
    `${input.uri} is not a complete ${input.compression} stream: ${messageOf(error)}.`,
    "Fetch or write the file again; if it is not compressed, take the ending .gz or .zst away.",
    error,
  );
}

export function newHash(): Hash {
  return createHash("sha256");
}
