import { type Columns, partOf } from "../score-columns.ts";
import type { Kernel } from "./kernel.ts";
import type { Loops } from "./loops.ts";

/** 2 ** 11 + 1 counts of digits, of 32 bits each. */
const countBytes = 4 * (2 ** 11 + 1);

/**
 * Sorts rows by score, highest first; rows of equal score in no promised order. A radix sort of the numbers' bits, linear and
 * without a comparison function: only the bits in which the scores differ are looked at.
 */
export class RowSorter {
  readonly #kernel: Kernel;
  readonly #scratch: Columns;
  readonly #room: Uint8Array;
  readonly #sort: Loops[`sort${ColumnTypes}`];

  /** For columns of the types of `like`, of at most as many rows. */
  constructor(kernel: Kernel, like: Columns) {
    const mostRows = like.scores.length;
    this.#kernel = kernel;
    this.#scratch = allotColumns(kernel, like, mostRows);
    this.#room = kernel.allot(Uint8Array, countBytes + 2 * mostRows);
    this.#sort = kernel.loops[`sort${typesOf(like)}`];
  }

  /**
   * Rows in the kernel's memory, of the types of the constructor; scores must be finite and no -0. Uses the rows up: the answer stands in
   * them, or in memory that is good until the next sort. Throws a RangeError for more rows than there is room for.
   */
  sort(rows: Columns): Columns {
    const { length } = rows.scores;
    const kernel = this.#kernel;
    const scratch = this.#scratch;
    if (length > scratch.scores.length)
      throw new RangeError(`${length} rows in a sorter of ${scratch.scores.length}`);
    const isInScratch = this.#sort(
      kernel.at(rows.scores),
      kernel.at(rows.payloads),
      kernel.at(scratch.scores),
      kernel.at(scratch.payloads),
      length,
      kernel.at(this.#room),
    );
    return isInScratch === 1 ? partOf(scratch, 0, length) : rows;
  }
}

/** What columns of the types of `like` take in a kernel with what sorts them, a little more. */
export function rowSorterBytes({ scores, payloads }: Columns, rows: number): number {
  return (2 * (scores.BYTES_PER_ELEMENT + payloads.BYTES_PER_ELEMENT) + 2) * rows + countBytes + 64;
}

export type ColumnTypes = `F${"32" | "64"}U${"8" | "16" | "32"}`;

export function typesOf({ scores, payloads }: Columns): ColumnTypes {
  const width = scores instanceof Float64Array ? "64" : "32";
  if (payloads instanceof Uint8Array) return `F${width}U8`;
  return payloads instanceof Uint16Array ? `F${width}U16` : `F${width}U32`;
}

/** Of the types of `like`. */
export function allotColumns(kernel: Kernel, { scores, payloads }: Columns, rows: number): Columns {
  return {
    scores:
      scores instanceof Float64Array ? kernel.allot(Float64Array, rows) : kernel.allot(Float32Array, rows),
    payloads: allotPayloads(kernel, payloads, rows),
  };
}

function allotPayloads(kernel: Kernel, like: Columns["payloads"], rows: number): Columns["payloads"] {
  if (like instanceof Uint8Array) return kernel.allot(Uint8Array, rows);
  return like instanceof Uint16Array ? kernel.allot(Uint16Array, rows) : kernel.allot(Uint32Array, rows);
}
