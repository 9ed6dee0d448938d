const largestBytes = 2 ** 31;

/** Grows as it is written to. */
interface Output {
  bytes: Uint8Array<ArrayBuffer>;
  filled: number;
}

/**
 * Unpacks an LZ4 frame, which is how Arrow packs buffers by default. Source: the frame and block formats in the LZ4 repository.
 * Checksums are skipped; throws `RangeError` for anything that is no complete frame, or larger than 2 GiB unpacked.
 */
export function unpackLz4Frame(input: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (input.length < 7 || view.getUint32(0, true) !== 0x184d2204) throw new RangeError("no LZ4 frame");
  const flags = view.getUint8(4);
  if (flags >>> 6 !== 1 || (flags & 1) !== 0) throw new RangeError("an LZ4 frame of an unknown kind");
  const blockChecksum = (flags & 0x10) === 0 ? 0 : 4;
  let at = 6 + ((flags & 0x08) === 0 ? 0 : 8) + 1;
  const output: Output = { bytes: new Uint8Array(Math.max(64, input.length * 3)), filled: 0 };
  for (;;) {
    const size = view.getUint32(at, true);
    at += 4;
    if (size === 0) break;
    const length = size & 0x7fff_ffff;
    if (at + length > input.length) throw new RangeError("an LZ4 block that is cut off");
    const block = input.subarray(at, at + length);
    if (size >>> 31 === 0) unpackBlock(block, output);
    else append(output, block, { from: 0, length });
    at += length + blockChecksum;
  }
  return output.bytes.subarray(0, output.filled);
}

function unpackBlock(block: Uint8Array, output: Output): void {
  let from = 0;
  const lengthAt = (nibble: number): number => {
    let length = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; ) {
      byte = block[from++] ?? 0;
      length += byte;
    }
    return length;
  };
  while (from < block.length) {
    const token = block[from++] ?? 0;
    const literals = lengthAt(token >>> 4);
    if (from + literals > block.length) throw new RangeError("an LZ4 block with too long a literal");
    append(output, block, { from, length: literals });
    from += literals;
    // The last sequence has literals only.
    if (from >= block.length) return;
    const distance = (block[from] ?? 0) | ((block[from + 1] ?? 0) << 8);
    from += 2;
    repeat(output, distance, lengthAt(token & 15) + 4);
  }
}

/** Short pieces are the rule; a call to `set` costs more than they do. */
function append(
  output: Output,
  source: Uint8Array,
  { from, length }: { readonly from: number; readonly length: number },
): void {
  const { bytes, filled } = withRoom(output, length);
  if (length > 64) bytes.set(source.subarray(from, from + length), filled);
  else for (let index = 0; index < length; index += 1) bytes[filled + index] = source[from + index] ?? 0;
  output.filled += length;
}

function repeat(output: Output, distance: number, length: number): void {
  const { bytes, filled } = withRoom(output, length);
  if (distance === 0 || distance > filled) throw new RangeError("an LZ4 block with a wrong match");
  if (distance >= length && length > 64)
    bytes.copyWithin(filled, filled - distance, filled - distance + length);
  // Source and target may overlap: what was just written is read again.
  else for (let at = filled; at < filled + length; at += 1) bytes[at] = bytes[at - distance] ?? 0;
  output.filled += length;
}

function withRoom(output: Output, length: number): Output {
  const needed = output.filled + length;
  if (needed <= output.bytes.length) return output;
  if (needed > largestBytes) throw new RangeError("an LZ4 frame of more than 2 GiB");
  const larger = new Uint8Array(Math.min(largestBytes, Math.max(needed, output.bytes.length * 2)));
  larger.set(output.bytes.subarray(0, output.filled));
  output.bytes = larger;
  return output;
}
