import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { copyInto, PartSink } from "../../src/storage/part-sink.ts";
import { fc } from "../support/fast-check.ts";

const partBytes = 64;

interface Setting {
  readonly start: number;
  readonly bytes: Buffer;
  readonly bufferBytes: number;
  /** What the disk takes at a time. */
  readonly writeBytes?: number;
}

/** A sink over memory instead of a file, and what it said. */
function sinkOver({ start, bytes, bufferBytes, writeBytes = 1000 }: Setting) {
  const file = Buffer.alloc(start + bytes.length);
  const parts: (readonly [number, number])[] = [];
  let counted = 0;
  const sink = new PartSink({
    ...{ start, length: bytes.length, buffer: Buffer.alloc(bufferBytes), partBytes },
    write: (piece, at) => piece.copy(file, at, 0, Math.min(piece.length, writeBytes)),
    onBytes: (more) => {
      counted += more;
    },
    onPart: (part, crc) => parts.push([part, crc]),
  });
  return { sink, file, parts, counted: () => counted };
}

describe("a sink of parts", () => {
  it("puts bytes to their place and tells the CRC-32 of each part, however they come", () => {
    const cases = fc.record({
      firstPart: fc.nat(3),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      bufferBytes: fc.constantFrom(1, 8, 32, 64),
      writeBytes: fc.integer({ min: 1, max: 40 }),
      chunks: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
    });
    fc.assert(
      fc.property(cases, ({ firstPart, bytes, chunks, ...rest }) => {
        const start = firstPart * partBytes;
        const { sink, file, parts, counted } = sinkOver({ start, bytes, ...rest });
        for (let at = 0, index = 0; at < bytes.length; index++) {
          const end = at + (chunks[index % chunks.length] ?? 1);
          copyInto(sink, bytes.subarray(at, end));
          at = Math.min(end, bytes.length);
          expect(sink.left).toBe(bytes.length - at);
        }
        expect(file.subarray(start)).toEqual(bytes);
        expect(counted()).toBe(bytes.length);
        const wanted = Array.from({ length: Math.ceil(bytes.length / partBytes) }, (_, index) => [
          firstPart + index,
          crc32(bytes.subarray(index * partBytes, (index + 1) * partBytes)),
        ]);
        expect(parts).toEqual(wanted);
      }),
    );
  });

  it("offers memory up to the end of its buffer, of a part and of the stretch", () => {
    const { sink } = sinkOver({ start: 0, bytes: Buffer.alloc(70), bufferBytes: 32 });
    const rooms: number[] = [];
    while (sink.left > 0) {
      const { length } = sink.room();
      rooms.push(length);
      sink.took(Math.min(length, 20));
    }
    expect(rooms).toEqual([32, 12, 32, 12, 6]);
  });

  it("takes no more than its stretch", () => {
    const { sink } = sinkOver({ start: 0, bytes: Buffer.alloc(10), bufferBytes: 32 });
    expect(() => copyInto(sink, Buffer.alloc(11))).toThrow(RangeError);
  });
});
