import { fieldsOf, payloadBytes } from "../binary/rows-by-score.ts";
import type { Grouping } from "../metric-set.ts";
import { emptyPayloads, type Payloads } from "../score-columns.ts";

/** One way to group the rows, as bits of what travels with a probability. */
interface Slot {
  readonly shift: number;
  readonly mask: number;
  readonly groups: number;
}

/** Where the class and the groups of a row stand in what travels with its probability: the class lowest. */
export interface ClassSlots {
  /** Classes. */
  readonly size: number;
  readonly classMask: number;
  /** All rows as one group first, then each grouping. */
  readonly slots: readonly Slot[];
  /** More than 32 do not travel. */
  readonly bits: number;
}

/** Of so many classes, and so many groups of each grouping. */
export function classSlots(size: number, groups: readonly number[]): ClassSlots {
  const classBits = 32 - Math.clz32(Math.max(0, size - 1));
  // These leave one bit for a label of 0 or 1.
  const { fields, bits } = fieldsOf(groups);
  const moved = fields.map(({ shift, mask }, index) => ({
    shift: shift - 1 + classBits,
    mask,
    groups: groups[index] ?? 1,
  }));
  return {
    size,
    classMask: 2 ** classBits - 1,
    slots: [{ shift: 0, mask: 0, groups: 1 }, ...moved],
    bits: bits - 1 + classBits,
  };
}

/** Class and groups of all rows, packed. */
export function packClasses(
  labels: Uint32Array,
  groupings: readonly Grouping[],
  { slots, bits }: ClassSlots,
): Payloads {
  const packed = emptyPayloads(payloadBytes(bits), labels.length, true);
  packed.set(labels);
  for (const [index, { codes }] of groupings.entries()) {
    const { shift = 0 } = slots[index + 1] ?? {};
    for (let row = 0; row < packed.length; row += 1)
      packed[row] = (packed[row] ?? 0) | ((codes[row] ?? 0) << shift);
  }
  return packed;
}
