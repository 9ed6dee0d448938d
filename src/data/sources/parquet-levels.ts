import { writeVarint } from "./thrift-compact.ts";

/** Which of `count` values are there, as bits (least significant first); undefined: all. For values in no list and no struct. */
export function flatLevels(count: number, present: Uint8Array | undefined): Uint8Array {
  const run: number[] = [];
  // One run: of equal bits, or of the bits as they are in memory.
  if (present !== undefined) return sized(writtenRun(Math.ceil(count / 8)), present);
  writeVarint(count * 2, run);
  return sized([...run, 1]);
}

/**
 * Levels of values in lists and structs: how much of the way to each value is there, and at which list it repeats. `deepest` has
 * the largest of both; without lists nothing repeats. Source: the sections on nested encoding and on runs in the format's README.
 */
export function nestedLevels(
  found: { readonly repetition: readonly number[]; readonly definition: readonly number[] },
  deepest: { readonly repetition: number; readonly definition: number },
): Uint8Array {
  const repetition =
    deepest.repetition === 0 ? new Uint8Array() : packed(found.repetition, deepest.repetition);
  return Buffer.concat([repetition, packed(found.definition, deepest.definition)]);
}

/** One run of numbers of as many bits as the largest needs, the least significant first. */
function packed(levels: readonly number[], largest: number): Uint8Array {
  const width = 32 - Math.clz32(largest);
  const groups = Math.ceil(levels.length / 8);
  const bytes = new Uint8Array(groups * width);
  for (const [index, level] of levels.entries()) {
    const bit = index * width;
    const shifted = level << (bit & 7);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (shifted & 0xff);
    if (shifted > 0xff) bytes[(bit >> 3) + 1] = shifted >> 8;
  }
  return sized(writtenRun(groups), bytes);
}

function writtenRun(groups: number): number[] {
  const head: number[] = [];
  writeVarint(groups * 2 + 1, head);
  return head;
}

function sized(head: readonly number[], body: Uint8Array = new Uint8Array()): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length + body.length);
  return Buffer.concat([length, Buffer.from(head), body]);
}
