import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { bytesOf32, type Crc, crc32c, crc64nvme } from "./crc.ts";

type Algorithm = "crc32" | "crc32c" | "crc64nvme" | "sha1" | "sha256" | "md5";

/** What the store says about an object's bytes: one value over all of them, or a value over the values of its upload's parts. */
export interface Checksums {
  readonly algorithm: Algorithm;
  /** Hex. */
  readonly value: string;
  /** Undefined: over the whole object. */
  readonly parts: number | undefined;
}

/** The fields of an answer that matter here, by the names of the S3 API. */
export interface ChecksumFields {
  readonly ETag?: string | undefined;
  readonly ChecksumCRC32?: string | undefined;
  readonly ChecksumCRC32C?: string | undefined;
  readonly ChecksumCRC64NVME?: string | undefined;
  readonly ChecksumSHA1?: string | undefined;
  readonly ChecksumSHA256?: string | undefined;
  readonly ChecksumType?: string | undefined;
  readonly ServerSideEncryption?: string | undefined;
  readonly SSECustomerAlgorithm?: string | undefined;
}

/**
 * The check to hold the bytes against: one over the whole object before one over parts, CRC-32 first of all (it needs no second
 * reading), the MD5 that an ETag is last. With SSE-KMS and SSE-C an ETag is no MD5 (S3 API, "Object"). Undefined: the store gives none.
 */
export function checksumsOf(answer: ChecksumFields): Checksums | undefined {
  const stated: readonly [Algorithm, string | undefined][] = [
    ["crc32", answer.ChecksumCRC32],
    ["crc64nvme", answer.ChecksumCRC64NVME],
    ["crc32c", answer.ChecksumCRC32C],
    ["sha256", answer.ChecksumSHA256],
    ["sha1", answer.ChecksumSHA1],
  ];
  // Some stores leave away the number of parts that tells a checksum of checksums.
  const isUnclear = /-\d+"?$/.test(answer.ETag ?? "") && answer.ChecksumType !== "FULL_OBJECT";
  const found = stated.flatMap(([algorithm, text]) => {
    const [, value = "", parts] = /^([A-Za-z0-9+/]+=*)(?:-(\d+))?$/.exec(text ?? "") ?? [];
    if (value === "" || (parts === undefined && isUnclear)) return [];
    const hex = Buffer.from(value, "base64").toString("hex");
    return [{ algorithm, value: hex, parts: parts === undefined ? undefined : Number(parts) }];
  });
  return found.find((one) => one.parts === undefined) ?? found[0] ?? etagChecksum(answer);
}

function etagChecksum(answer: ChecksumFields): Checksums | undefined {
  const isOther = answer.ServerSideEncryption?.startsWith("aws:") === true;
  if (isOther || answer.SSECustomerAlgorithm !== undefined) return undefined;
  const [, value, parts] = /^"?([0-9a-f]{32})(?:-(\d+))?"?$/.exec(answer.ETag ?? "") ?? [];
  if (value === undefined) return undefined;
  return { algorithm: "md5", value, parts: parts === undefined ? undefined : Number(parts) };
}

/** A digest as the store states it, over bytes in order: over all of them, or over the digests of pieces of `partBytes`. */
export class StoreDigest {
  readonly #algorithm: Algorithm;
  readonly #partBytes: number | undefined;
  readonly #digests: Buffer[] = [];
  #current: Crc;
  #inPart = 0;

  constructor(algorithm: Algorithm, partBytes: number | undefined) {
    this.#algorithm = algorithm;
    this.#partBytes = partBytes;
    this.#current = digestOf(algorithm);
  }

  update(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      const room = (this.#partBytes ?? Number.POSITIVE_INFINITY) - this.#inPart;
      const piece = rest.subarray(0, Math.min(room, rest.length));
      this.#current.update(piece);
      this.#inPart += piece.length;
      rest = rest.subarray(piece.length);
      if (this.#inPart === this.#partBytes) this.#endPart();
    }
  }

  /** Hex. Call once. */
  digest(): string {
    if (this.#partBytes === undefined) return this.#current.digest().toString("hex");
    if (this.#inPart > 0) this.#endPart();
    const whole = digestOf(this.#algorithm);
    whole.update(Buffer.concat(this.#digests));
    return whole.digest().toString("hex");
  }

  #endPart(): void {
    this.#digests.push(this.#current.digest());
    this.#current = digestOf(this.#algorithm);
    this.#inPart = 0;
  }
}

function digestOf(algorithm: Algorithm): Crc {
  switch (algorithm) {
    case "crc32":
      return nodeCrc32();
    case "crc32c":
      return crc32c();
    case "crc64nvme":
      return crc64nvme();
    default: {
      const hash = createHash(algorithm);
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
    }
  }
}

function nodeCrc32(): Crc {
  let value = 0;
  return {
    update: (bytes) => {
      value = crc32(bytes, value);
    },
    digest: () => bytesOf32(value),
  };
}

/** Little enough to stay in the processor's cache between the reading and the counting. */
const pieceBytes = 1 << 20;

/** CRC-32 (a number) of a file, read in pieces of 1 MiB. Throws what the file system throws. */
export async function crc32OfFile(file: string, signal: AbortSignal): Promise<number> {
  const handle = await open(file, "r");
  try {
    const buffer = Buffer.allocUnsafe(pieceBytes);
    let value = 0;
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, pieceBytes, null);
      if (bytesRead === 0) return value;
      value = crc32(buffer.subarray(0, bytesRead), value);
    }
  } finally {
    await handle.close();
  }
}
