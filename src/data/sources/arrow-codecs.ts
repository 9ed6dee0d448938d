import { zstdDecompressSync } from "node:zlib";
import { CompressionType, compressionRegistry } from "apache-arrow";
import { unpackLz4Frame } from "./lz4-frame.ts";

const prefixBytes = 8;
const largestBytes = 2 ** 31;

/** Teaches the library to unpack what Arrow packs. Unpacking throws `RangeError` where the length is not what the file says. */
export function registerCodecs(): void {
  compressionRegistry.set(CompressionType.LZ4_FRAME, {
    decode: (bytes) => unpacked(bytes, (expected) => unpackLz4Frame(bytes, expected)),
  });
  compressionRegistry.set(CompressionType.ZSTD, {
    decode: (bytes) => unpacked(bytes, (expected) => unpackZstd(bytes, expected)),
  });
}

function unpackZstd(bytes: Uint8Array, expected: number): Uint8Array {
  const answer: unknown = zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, expected), info: true });
  if (!isZlibAnswer(answer)) throw new TypeError("zlib did not say how much it read");
  // The engine leaves what stands behind the end of the frame.
  const readBytes = answer.engine.bytesWritten;
  if (readBytes !== bytes.length)
    throw new RangeError(`a packed buffer that ends after ${readBytes} of its ${bytes.length} bytes`);
  // A copy of its own: numbers of 8 bytes have to begin at a multiple of 8.
  return new Uint8Array(answer.buffer);
}

/** What `info` asks for, which the types of Node do not know: the result, and the engine, whose `bytesWritten` is what it took in. */
function isZlibAnswer(
  answer: unknown,
): answer is { readonly buffer: Uint8Array; readonly engine: { readonly bytesWritten: number } } {
  return typeof answer === "object" && answer !== null && "buffer" in answer && "engine" in answer;
}

/** The length stands before the packed bytes; the library reads over it and hands on what follows. */
function unpacked(bytes: Uint8Array, unpack: (expected: number) => Uint8Array): Uint8Array {
  if (bytes.byteOffset < prefixBytes) throw new RangeError("a packed buffer without its length");
  const prefix = new DataView(bytes.buffer, bytes.byteOffset - prefixBytes, prefixBytes);
  const expected = Number(prefix.getBigInt64(0, true));
  if (expected < 0 || expected > largestBytes) throw new RangeError("a packed buffer of no length");
  const found = unpack(expected);
  if (found.length !== expected)
    throw new RangeError(`a packed buffer of ${found.length} bytes where its length says ${expected}`);
  return found;
}
