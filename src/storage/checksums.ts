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
  const found = stated.flatMap(([algorithm, text]) => {
    const [, value = "", parts] = /^([A-Za-z0-9+/]+=*)(?:-(\d+))?$/.exec(text ?? "") ?? [];
    if (value === "") return [];
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

const pieceBytes = 4 << 20;

/**
 * The digest (hex) of a file as the store would state it: over all bytes, or over the digests of pieces of `partBytes`.
 * Reads in pieces of 4 MiB; a file just written comes from memory.
 */
export async function digestLikeStore(
  file: string,
  algorithm: Algorithm,
  partBytes: number | undefined,
  signal: AbortSignal,
): Promise<string> {
  const digests: Buffer[] = [];
  const handle = await open(file, "r");
  try {
    const buffer = Buffer.allocUnsafe(pieceBytes);
    let current = digestOf(algorithm);
    let inPart = 0;
    for (;;) {
      signal.throwIfAborted();
      const room = partBytes === undefined ? pieceBytes : Math.min(pieceBytes, partBytes - inPart);
      const { bytesRead } = await handle.read(buffer, 0, room, null);
      if (bytesRead === 0) break;
      current.update(buffer.subarray(0, bytesRead));
      inPart += bytesRead;
      if (inPart !== partBytes) continue;
      digests.push(current.digest());
      current = digestOf(algorithm);
      inPart = 0;
    }
    if (partBytes === undefined || inPart > 0) digests.push(current.digest());
  } finally {
    await handle.close();
  }
  if (partBytes === undefined) return Buffer.concat(digests).toString("hex");
  const whole = digestOf(algorithm);
  whole.update(Buffer.concat(digests));
  return whole.digest().toString("hex");
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

/** CRC-32 (a number) of a file, read in pieces of 4 MiB. Throws what the file system throws. */
export async function crc32OfFile(file: string, signal: AbortSignal): Promise<number> {
  return Number.parseInt(await digestLikeStore(file, "crc32", undefined, signal), 16);
}
