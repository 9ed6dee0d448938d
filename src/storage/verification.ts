import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { type Checksums, StoreDigest } from "./checksums.ts";
import { bytesOf32 } from "./crc.ts";
import { partBytes } from "./part-slots.ts";
import type { ObjectFacts } from "./s3-client.ts";
import type { S3Store } from "./s3-store.ts";

/** The bytes are not those that the store's own checksum was made of. */
export class DamagedBytes extends Error {
  override readonly name = "DamagedBytes";
  /** What the bytes gave. */
  readonly computed: string;

  constructor(message: string, computed: string) {
    super(message);
    this.computed = computed;
  }
}

/** CRC-32 of a stretch of the object that begins with a part of ours. */
type CrcOf = (from: number, bytes: number) => number;

/** Holds the bytes against the store's checksum, while they come as far as that is possible. */
export interface Verification {
  /** Says that a part of ours is on disk. Never throws. */
  add(part: number): void;
  /** Throws `DamagedBytes`, or what reading the file again threw. */
  check(crcOf: CrcOf): Promise<void>;
  /** Resolves when nothing of it reads the file any more. */
  settled(): Promise<void>;
}

interface Wanted {
  readonly store: S3Store;
  readonly bucket: string;
  readonly object: ObjectFacts;
  readonly signal: AbortSignal;
  readonly knownDigest?: string | undefined;
}

/** Undefined where the store gives no checksum that can be computed. */
export async function planVerification(
  wanted: Wanted,
  checksums: Checksums | undefined,
  handle: FileHandle,
): Promise<Verification | undefined> {
  if (checksums === undefined) return undefined;
  const { store, bucket, signal } = wanted;
  const { key, sizeBytes } = wanted.object;
  const { algorithm, parts } = checksums;
  let uploadPart: number | undefined;
  if (parts !== undefined) {
    uploadPart = parts === 1 ? sizeBytes : await store.firstPartBytes(bucket, key, signal);
    // Parts of unequal size: nothing tells where each of them ends.
    if (uploadPart === undefined || uploadPart === 0 || Math.ceil(sizeBytes / uploadPart) !== parts)
      return undefined;
  }
  const compare = (computed: string) => compareDigests(checksums, computed, wanted.knownDigest);
  const isOfOurParts = uploadPart === undefined || parts === 1 || uploadPart % partBytes === 0;
  if (algorithm === "crc32" && isOfOurParts)
    return {
      add: () => undefined,
      check: async (crcOf) => compare(digestOfParts(sizeBytes, uploadPart, crcOf)),
      settled: async () => undefined,
    };
  const digest = new InOrderDigest(handle, sizeBytes, new StoreDigest(algorithm, uploadPart));
  return {
    add: (part) => digest.add(part),
    check: async () => compare(await digest.end()),
    settled: () => digest.settled(),
  };
}

function compareDigests(
  { algorithm, value }: Checksums,
  computed: string,
  knownDigest: string | undefined,
): void {
  if (computed === value || (algorithm === "md5" && computed === knownDigest)) return;
  throw new DamagedBytes(`its ${algorithm} is ${computed}, and the store says ${value}`, computed);
}

/** The CRC-32 as the store states it, without reading the file again. */
function digestOfParts(sizeBytes: number, uploadPart: number | undefined, crcOf: CrcOf): string {
  if (uploadPart === undefined) return bytesOf32(crcOf(0, sizeBytes)).toString("hex");
  const values: Buffer[] = [];
  for (let from = 0; from < sizeBytes; from += uploadPart) values.push(bytesOf32(crcOf(from, uploadPart)));
  return bytesOf32(crc32(Buffer.concat(values))).toString("hex");
}

/** Read and digested at once: some milliseconds, so that connections do not wait longer. */
const pieceBytes = 1 << 20;

/**
 * Parts arrive in any order, and a digest wants the bytes in theirs: each part is read back from the system's memory of the file as soon
 * as all before it are there, while the next ones are on their way.
 */
class InOrderDigest {
  readonly #handle: FileHandle;
  readonly #sizeBytes: number;
  readonly #digest: StoreDigest;
  readonly #there = new Set<number>();
  readonly #buffer = Buffer.allocUnsafe(pieceBytes);
  #next = 0;
  #work = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  constructor(handle: FileHandle, sizeBytes: number, digest: StoreDigest) {
    this.#handle = handle;
    this.#sizeBytes = sizeBytes;
    this.#digest = digest;
  }

  add(part: number): void {
    this.#there.add(part);
    this.#work = this.#work
      .then(() => this.#advance())
      .catch((error: unknown) => {
        this.#failure ??= { error };
      });
  }

  async settled(): Promise<void> {
    // Nothing more is read for bytes that nobody wants any more.
    this.#there.clear();
    await this.#work;
  }

  /** All parts have been added. */
  async end(): Promise<string> {
    await this.#work;
    if (this.#failure !== undefined) throw this.#failure.error;
    return this.#digest.digest();
  }

  async #advance(): Promise<void> {
    while (this.#there.has(this.#next)) {
      const start = this.#next * partBytes;
      const end = Math.min(start + partBytes, this.#sizeBytes);
      for (let at = start; at < end; ) {
        const { bytesRead } = await this.#handle.read(this.#buffer, 0, Math.min(pieceBytes, end - at), at);
        if (bytesRead === 0) throw new Error(`the file ends at ${at}, before its ${this.#sizeBytes} bytes`);
        this.#digest.update(this.#buffer.subarray(0, bytesRead));
        at += bytesRead;
      }
      this.#next += 1;
    }
  }
}
