import { ExactSums } from "../exact-sums.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { typesOf } from "../kernel/row-sorter.ts";
import type { Scores } from "../score-columns.ts";
import type { Tags } from "./rows-by-score.ts";

/**
 * Neighbouring rows of one group by score: one block a distinct score, highest first. All metrics are made of blocks: rows of equal
 * score cannot be told apart, so that their order cannot show, and sums run down the scores, never along the rows.
 */
export interface ScoreBlocks {
  readonly scores: Float64Array;
  /** Of each block: rows, or sums of weights. */
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  /** Rows of each block; undefined without weights, where positives and negatives are rows. */
  readonly rows: Uint32Array | undefined;
  /** Rows of all blocks by label. */
  readonly positiveRows: number;
  readonly negativeRows: number;
}

/** Blocks that are found again among those of all rows. */
export interface PlacedBlocks extends ScoreBlocks {
  /** Of each block: the number of the block of all rows with the same score. */
  readonly places: Uint32Array;
}

/** Some rows by score, highest first. */
export interface SortedRows {
  /** These and the values of the tags: in the kernel's memory. */
  readonly scores: Scores;
  readonly tags: Tags;
  /** In the order of the scores. */
  readonly weights: Float64Array | undefined;
}

const none = 0xffff_ffff;

/** Makes blocks in the kernel's memory: they are good until it makes the next ones. */
export class BlockMaker {
  readonly #kernel: Kernel;
  readonly #scores: Float64Array;
  readonly #positives: Float64Array;
  readonly #negatives: Float64Array;
  readonly #places: Uint32Array;
  /** Where these begin. */
  readonly #columns: Uint32Array;
  /** Of the sums of weights. */
  readonly #positiveRests: Float64Array;
  readonly #negativeRests: Float64Array;
  readonly #rows: Uint32Array | undefined;
  /** Of each row: its block among those of all rows. */
  readonly #blockOf: Uint32Array;
  /** Of each group: where its next block goes, and its last block among those of all rows. */
  readonly #groups: Uint32Array;

  /** For at most so many rows, and groups of one grouping. */
  constructor(
    kernel: Kernel,
    {
      mostRows,
      mostGroups,
      isWeighted,
    }: { readonly mostRows: number; readonly mostGroups: number; readonly isWeighted: boolean },
  ) {
    this.#kernel = kernel;
    this.#scores = kernel.allot(Float64Array, mostRows);
    this.#positives = kernel.allot(Float64Array, mostRows);
    this.#negatives = kernel.allot(Float64Array, mostRows);
    this.#places = kernel.allot(Uint32Array, mostRows);
    this.#columns = kernel.allot(Uint32Array, 4);
    this.#columns.set(
      [this.#scores, this.#positives, this.#negatives, this.#places].map((column) => kernel.at(column)),
    );
    this.#blockOf = kernel.allot(Uint32Array, mostRows);
    this.#groups = kernel.allot(Uint32Array, 2 * mostGroups);
    this.#positiveRests = new Float64Array(isWeighted ? mostRows : 0);
    this.#negativeRests = new Float64Array(isWeighted ? mostRows : 0);
    this.#rows = isWeighted ? new Uint32Array(mostRows) : undefined;
  }

  /** Of all rows, which must come first: those of groups are found among them. */
  all(rows: SortedRows, counts: Uint32Array): PlacedBlocks | undefined {
    const { scores } = rows;
    const { loops } = this.#kernel;
    const number = scores instanceof Float64Array ? loops.numberBlocksF64 : loops.numberBlocksF32;
    number(this.#kernel.at(this.#blockOf), this.#kernel.at(scores), scores.length);
    return this.groups(rows, counts)[0];
  }

  /** Of each group of a grouping; undefined for one without rows here. `counts` are those of `countRows`. */
  groups(rows: SortedRows, counts: Uint32Array): readonly (PlacedBlocks | undefined)[] {
    const count = counts.length / 2;
    const groups = this.#groups;
    const starts = new Uint32Array(count);
    for (let group = 0, start = 0; group < count; group += 1) {
      starts[group] = start;
      groups[2 * group] = start;
      groups[2 * group + 1] = none;
      start += (counts[2 * group] ?? 0) + (counts[2 * group + 1] ?? 0);
    }
    if (rows.weights === undefined) this.#count(rows);
    else this.#weigh(rows, rows.weights);
    return Array.from(starts, (start, group) => {
      const end = groups[2 * group] ?? 0;
      if (start === end) return undefined;
      return {
        scores: this.#scores.subarray(start, end),
        positives: this.#positives.subarray(start, end),
        negatives: this.#negatives.subarray(start, end),
        places: this.#places.subarray(start, end),
        rows: this.#rows?.subarray(start, end),
        negativeRows: counts[2 * group] ?? 0,
        positiveRows: counts[2 * group + 1] ?? 0,
      };
    });
  }

  /** One block, of rows that all have one score. `rows`: with weights. */
  one(
    block: { readonly score: number; readonly positives: number; readonly negatives: number },
    rows: { readonly positiveRows: number; readonly negativeRows: number },
  ): PlacedBlocks {
    const { positiveRows, negativeRows } = rows;
    this.#scores[0] = block.score;
    this.#positives[0] = block.positives;
    this.#negatives[0] = block.negatives;
    this.#places[0] = 0;
    if (this.#rows !== undefined) this.#rows[0] = positiveRows + negativeRows;
    return {
      scores: this.#scores.subarray(0, 1),
      positives: this.#positives.subarray(0, 1),
      negatives: this.#negatives.subarray(0, 1),
      places: this.#places.subarray(0, 1),
      rows: this.#rows?.subarray(0, 1),
      negativeRows,
      positiveRows,
    };
  }

  #count({ scores, tags }: SortedRows): void {
    const { values, shift, mask } = tags;
    const kernel = this.#kernel;
    kernel.loops[`countBlocks${typesOf({ scores, payloads: values })}`](
      kernel.at(this.#columns),
      kernel.at(this.#groups),
      kernel.at(this.#blockOf),
      kernel.at(scores),
      kernel.at(values),
      scores.length,
      shift,
      mask,
    );
  }

  #weigh({ scores, tags }: SortedRows, weights: Float64Array): void {
    const { values, shift, mask } = tags;
    const groups = this.#groups;
    const own = (sums: Float64Array, rests: Float64Array) =>
      new ExactSums(sums.subarray(0, scores.length).fill(0), rests.subarray(0, scores.length).fill(0));
    const positives = own(this.#positives, this.#positiveRests);
    const negatives = own(this.#negatives, this.#negativeRests);
    const rows = this.#rows?.subarray(0, scores.length).fill(0) ?? new Uint32Array(scores.length);
    for (let row = 0; row < scores.length; row += 1) {
      const place = this.#blockOf[row] ?? 0;
      const value = values[row] ?? 0;
      const group = (value >>> shift) & mask;
      const isNew = place !== groups[2 * group + 1];
      const block = isNew ? (groups[2 * group] ?? 0) : (groups[2 * group] ?? 0) - 1;
      if (isNew) {
        groups[2 * group] = block + 1;
        groups[2 * group + 1] = place;
        this.#places[block] = place;
        this.#scores[block] = scores[row] ?? 0;
      }
      ((value & 1) === 1 ? positives : negatives).add(block, weights[row] ?? 0);
      rows[block] = (rows[block] ?? 0) + 1;
    }
    positives.finish();
    negatives.finish();
  }
}

/** Negative rows, positive rows of group 0, then of group 1 and so on. */
export function countRows({ values, shift, mask }: Tags, rows: number, groups: number): Uint32Array {
  const counts = new Uint32Array(2 * groups);
  if (groups === 1) {
    let positives = 0;
    for (let place = 0; place < rows; place += 1) positives += (values[place] ?? 0) & 1;
    return Uint32Array.of(rows - positives, positives);
  }
  for (let place = 0; place < rows; place += 1) {
    const value = values[place] ?? 0;
    const slot = 2 * ((value >>> shift) & mask) + (value & 1);
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
  return counts;
}
