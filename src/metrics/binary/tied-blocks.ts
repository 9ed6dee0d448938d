import { ExactSum } from "../exact-sum.ts";
import type { Tags } from "./rows-by-score.ts";
import type { BlockMaker, PlacedBlocks } from "./score-blocks.ts";

interface Sums {
  /** Negative and positive rows of each group in turn. */
  readonly rows: Uint32Array;
  /** Of weights. */
  readonly weights: readonly ExactSum[];
}

/** The blocks of rows that all have one score: however many they are, nothing is sorted or kept. */
export class TiedBlocks {
  readonly #score: number;
  readonly #isWeighted: boolean;
  readonly #sums: readonly Sums[];

  /** `groups`: of each slot. */
  constructor(score: number, groups: readonly number[], isWeighted: boolean) {
    this.#score = score;
    this.#isWeighted = isWeighted;
    this.#sums = groups.map((count) => ({
      rows: new Uint32Array(2 * count),
      weights: isWeighted ? Array.from({ length: 2 * count }, () => new ExactSum()) : [],
    }));
  }

  /** Rows of a slot: what `countRows` answers. */
  count(slot: number, counts: Uint32Array): void {
    const own = this.#sums[slot]?.rows ?? counts;
    for (let place = 0; place < own.length; place += 1) own[place] = (own[place] ?? 0) + (counts[place] ?? 0);
  }

  /** Weights of rows with the tags of a slot. */
  weigh(slot: number, { values, shift, mask }: Tags, weights: Float64Array): void {
    const own = this.#sums[slot]?.weights ?? [];
    for (let row = 0; row < weights.length; row += 1) {
      const value = values[row] ?? 0;
      own[2 * ((value >>> shift) & mask) + (value & 1)]?.add(weights[row] ?? 0);
    }
  }

  /** The block of all rows first, then that of each group that has rows; each is good until `take` returns. */
  each(maker: BlockMaker, take: (slot: number, group: number, blocks: PlacedBlocks) => void): void {
    for (const [slot, { rows, weights }] of this.#sums.entries()) {
      for (let group = 0; 2 * group < rows.length; group += 1) {
        const [negativeRows, positiveRows] = [rows[2 * group] ?? 0, rows[2 * group + 1] ?? 0];
        if (negativeRows + positiveRows === 0) continue;
        const sum = (place: number) => (this.#isWeighted ? weights[place]?.value : rows[place]) ?? 0;
        const block = { score: this.#score, positives: sum(2 * group + 1), negatives: sum(2 * group) };
        take(slot, group, maker.one(block, { positiveRows, negativeRows }));
      }
    }
  }
}
