import type { Grouping } from "../metric-set.ts";
import type { Payloads } from "../score-columns.ts";
import type { ClassSlots } from "./class-slots.ts";

/** What stands behind the numbers of rows that travel with their probabilities. */
export interface NumberedRows {
  /** Undefined: every row counts once. */
  readonly weights: Float64Array | undefined;
  readonly tags: RowTags;
}

/** Class and groups of each row: as bits, or where these would be too many, column by column. */
type RowTags =
  | { readonly packed: Payloads }
  | { readonly labels: Uint32Array; readonly groupings: readonly Grouping[] };

/** Looks some rows up at a time, in memory that the next ones use again. */
export class RowLookup {
  readonly #slots: ClassSlots;
  readonly #weights: Float64Array;
  readonly #bits: Uint32Array;
  readonly #cells: Uint32Array;
  #numbers: Payloads = new Uint32Array();
  #tags: RowTags = { packed: this.#numbers };

  /** For at most so many rows. */
  constructor(slots: ClassSlots, mostRows: number) {
    this.#slots = slots;
    this.#weights = new Float64Array(mostRows);
    this.#bits = new Uint32Array(mostRows);
    this.#cells = new Uint32Array(mostRows);
  }

  /** The rows that are then looked at; answers their weights. */
  start(numbers: Payloads, { weights, tags }: NumberedRows): Float64Array {
    this.#numbers = numbers;
    this.#tags = tags;
    const own = this.#weights.subarray(0, numbers.length);
    if (weights === undefined) own.fill(1);
    else for (let place = 0; place < own.length; place += 1) own[place] = weights[numbers[place] ?? 0] ?? 0;
    if ("packed" in tags) gather(tags.packed, numbers, this.#bits);
    return own;
  }

  /** Of each row, in one way to group them: `group * classes + class`. */
  cells(slot: number): Uint32Array {
    const { size, classMask, slots } = this.#slots;
    const [numbers, tags] = [this.#numbers, this.#tags];
    const cells = this.#cells.subarray(0, numbers.length);
    if (!("packed" in tags)) {
      gather(tags.labels, numbers, cells);
      const codes = slot === 0 ? undefined : tags.groupings[slot - 1]?.codes;
      if (codes !== undefined)
        for (let place = 0; place < cells.length; place += 1)
          cells[place] = (cells[place] ?? 0) + (codes[numbers[place] ?? 0] ?? 0) * size;
      return cells;
    }
    const { shift, mask } = slots[slot] ?? { shift: 0, mask: 0 };
    const bits = this.#bits;
    for (let place = 0; place < cells.length; place += 1) {
      const own = bits[place] ?? 0;
      cells[place] = ((own >>> shift) & mask) * size + (own & classMask);
    }
    return cells;
  }
}

function gather(values: Payloads, numbers: Payloads, into: Uint32Array): void {
  for (let place = 0; place < numbers.length; place += 1) into[place] = values[numbers[place] ?? 0] ?? 0;
}
