import { crc32 } from "node:zlib";

/** Where the bytes of an answer go, in order. */
export interface ByteSink {
  /** How many bytes are still to come. */
  readonly left: number;
  /** Free memory for the next of them: at least one byte as long as some are to come. */
  room(): Buffer;
  /** Says that `room()` was filled with so many bytes. Throws what writing them throws. */
  took(bytes: number): void;
}

interface SinkTarget {
  /** Puts bytes at a place of the file, before it returns; answers how many it took. */
  readonly write: (bytes: Buffer, at: number) => number;
  /** Offset in the file and in the object; the beginning of a part. */
  readonly start: number;
  readonly length: number;
  /** Its size divides that of a part. */
  readonly buffer: Buffer;
  readonly partBytes: number;
  readonly onBytes: (bytes: number) => void;
  /** Hears of each part that is on disk: its number, and the CRC-32 of its bytes. */
  readonly onPart: (part: number, crc: number) => void;
}

/**
 * Writes a stretch of parts as they arrive, a small buffer at a time and on this thread: bytes that are received, checked and
 * written within the processor's cache cost half as much as whole parts that are handed to another thread (measured: 2 GB in 1.3 s
 * of processor time instead of 2.9).
 */
export class PartSink implements ByteSink {
  readonly #target: SinkTarget;
  /** In the buffer and not yet in the file. */
  #held = 0;
  #written = 0;
  #crc = 0;

  constructor(target: SinkTarget) {
    this.#target = target;
  }

  /** Bytes that have come. */
  get taken(): number {
    return this.#written + this.#held;
  }

  get left(): number {
    return this.#target.length - this.taken;
  }

  room(): Buffer {
    const { buffer, partBytes } = this.#target;
    const toPartEnd = partBytes - (this.taken % partBytes);
    const free = Math.min(buffer.length - this.#held, toPartEnd, this.left);
    return buffer.subarray(this.#held, this.#held + free);
  }

  took(bytes: number): void {
    const { buffer, partBytes, onBytes } = this.#target;
    // Piece by piece as they come: the whole buffer might have left the processor's cache again.
    this.#crc = crc32(buffer.subarray(this.#held, this.#held + bytes), this.#crc);
    this.#held += bytes;
    const isPartEnd = this.taken % partBytes === 0 || this.left === 0;
    if (isPartEnd || this.#held === buffer.length) this.#write();
    if (isPartEnd) this.#endPart();
    onBytes(bytes);
  }

  #write(): void {
    const { write, buffer, start } = this.#target;
    for (let done = 0; done < this.#held; )
      done += write(buffer.subarray(done, this.#held), start + this.#written + done);
    this.#written += this.#held;
    this.#held = 0;
  }

  #endPart(): void {
    const { start, partBytes, onPart } = this.#target;
    onPart(Math.floor((start + this.#written - 1) / partBytes), this.#crc);
    this.#crc = 0;
  }
}

/** Takes bytes that stand elsewhere. */
export function copyInto(sink: ByteSink, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) {
    const copied = bytes.copy(sink.room(), 0, done);
    if (copied === 0) throw new RangeError("more bytes than the sink takes");
    sink.took(copied);
    done += copied;
  }
}
