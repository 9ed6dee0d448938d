/** Grows as it is written to. */
interface Output {
  bytes: Uint8Array<ArrayBuffer>;
  filled: number;
  readonly largest: number;
}

/**
 * Unpacks an LZ4 frame, which is how Arrow packs buffers by default. Source: the frame and block formats in the LZ4 repository.
 * Checksums are skipped; throws `RangeError` for anything that is no complete frame, or larger than `largest` bytes unpacked.
 */
export function unpackLz4Frame(input: Uint8Array, largest: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (input.length < 7 || view.getUint32(0, true) !== 0x184d2204) throw new RangeError("no LZ4 frame");
  const flags = view.getUint8(4);
  if (flags >>> 6 !== 1 || (flags & 1) !== 0) throw new RangeError("an LZ4 frame of an unknown kind");
  const blockChecksum = (flags & 0x10) === 0 ? 0 : 4;
  let at = 6 + ((flags & 0x08) === 0 ? 0 : 8) + 1;
  const first = Math.min(largest, Math.max(64, input.length * 3));
  const output: Output = { bytes: new Uint8Array(first), filled: 0, largest };
  for (;;) {
    const size = view.getUint32(at, true);
    at += 4;
    if (size === 0) break;
    const length = size & 0x7fff_ffff;
    if (at + length > input.length) throw new RangeError("an LZ4 block that is cut off");
    const block = input.subarray(at, at + length);
    if (size >>> 31 === 0) unpackBlock(block, output);
    else {
      if (output.filled + length > output.bytes.length) larger(output, output.filled, length);
      output.bytes.set(block, output.filled);
      output.filled += length;
    }
    at += length + blockChecksum;
  }
  const contentChecksum = (flags & 0x04) === 0 ? 0 : 4;
  if (at + contentChecksum !== input.length)
    throw new RangeError("an LZ4 frame that is shorter or longer than its bytes");
  return output.bytes.subarray(0, output.filled);
}

/** One loop without calls for short pieces, which are the rule: this is where the time goes. */
function unpackBlock(block: Uint8Array, output: Output): void {
  const end = block.length;
  let from = 0;
  let { bytes, filled } = output;
  while (from < end) {
    const token = block[from++] ?? 0;
    let literals = token >>> 4;
    if (literals === 15) {
      const long = longLength(block, from);
      literals += long.length;
      from = long.end;
    }
    if (from + literals > end) throw new RangeError("an LZ4 block with too long a literal");
    if (filled + literals > bytes.length) bytes = larger(output, filled, literals);
    if (literals > 64) bytes.set(block.subarray(from, from + literals), filled);
    else for (let index = 0; index < literals; index += 1) bytes[filled + index] = block[from + index] ?? 0;
    from += literals;
    filled += literals;
    // The last sequence has literals only.
    if (from >= end) break;
    const distance = (block[from] ?? 0) | ((block[from + 1] ?? 0) << 8);
    from += 2;
    let length = (token & 15) + 4;
    if (length === 19) {
      const long = longLength(block, from);
      length += long.length;
      from = long.end;
    }
    if (distance === 0 || distance > filled) throw new RangeError("an LZ4 block with a wrong match");
    if (filled + length > bytes.length) bytes = larger(output, filled, length);
    if (distance >= length && length > 64)
      bytes.copyWithin(filled, filled - distance, filled - distance + length);
    // Source and target may overlap: what was just written is read again.
    else for (let at = filled; at < filled + length; at += 1) bytes[at] = bytes[at - distance] ?? 0;
    filled += length;
  }
  output.filled = filled;
}

/** The rest of a length that does not fit into four bits: bytes to be added up, the last one below 255. */
function longLength(block: Uint8Array, start: number): { readonly length: number; readonly end: number } {
  let [length, at] = [0, start];
  for (let byte = 255; byte === 255; at += 1) {
    byte = block[at] ?? 0;
    length += byte;
  }
  return { length, end: at };
}

function larger(output: Output, filled: number, length: number): Uint8Array<ArrayBuffer> {
  const needed = filled + length;
  if (needed > output.largest) throw new RangeError("an LZ4 frame that is longer than it should be");
  const bytes = new Uint8Array(Math.min(output.largest, Math.max(needed, output.bytes.length * 2)));
  bytes.set(output.bytes.subarray(0, filled));
  output.bytes = bytes;
  return bytes;
}
