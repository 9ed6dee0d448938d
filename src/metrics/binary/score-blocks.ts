import { ExactSum } from "../exact-sum.ts";
import type { Amounts, Columns, Scores } from "./columns.ts";
import type { Tags } from "./rows-by-score.ts";

/**
 * Neighbouring rows of one group by score: one block a distinct score, highest first. All metrics are made of blocks: rows of equal
 * score cannot be told apart, so that their order cannot show, and sums run down the scores, never along the rows.
 */
export interface ScoreBlocks {
  readonly scores: Scores;
  /** Of each block: rows, or sums of weights. */
  readonly positives: Amounts;
  readonly negatives: Amounts;
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
  readonly scores: Scores;
  readonly tags: Tags;
  /** In the order of the scores. */
  readonly weights: Float64Array | undefined;
}

/** Makes blocks in memory of its own: they are good until it makes the next ones. */
export class BlockMaker {
  readonly #scores: Scores;
  readonly #positives: Amounts;
  readonly #negatives: Amounts;
  /** Of the sums of weights. */
  readonly #positiveRests: Float64Array;
  readonly #negativeRests: Float64Array;
  readonly #places: Uint32Array;
  readonly #rows: Uint32Array | undefined;
  /** Of each row: its block among those of all rows. */
  readonly #blockOf: Uint32Array;

  /** For columns of the types of `like`, of at most so many rows. */
  constructor(like: Columns, mostRows: number, isWeighted: boolean) {
    this.#scores =
      like.scores instanceof Float64Array ? new Float64Array(mostRows) : new Float32Array(mostRows);
    this.#positives = isWeighted ? new Float64Array(mostRows) : new Uint32Array(mostRows);
    this.#negatives = isWeighted ? new Float64Array(mostRows) : new Uint32Array(mostRows);
    this.#positiveRests = new Float64Array(isWeighted ? mostRows : 0);
    this.#negativeRests = new Float64Array(isWeighted ? mostRows : 0);
    this.#places = new Uint32Array(mostRows);
    this.#rows = isWeighted ? new Uint32Array(mostRows) : undefined;
    this.#blockOf = new Uint32Array(mostRows);
  }

  /** Of all rows, which must come first: those of groups are found among them. */
  all(rows: SortedRows, counts: Uint32Array): PlacedBlocks | undefined {
    const { scores } = rows;
    const blockOf = this.#blockOf;
    let block = -1;
    let last = Number.NaN;
    for (let row = 0; row < scores.length; row += 1) {
      const score = scores[row] ?? 0;
      if (score !== last) {
        block += 1;
        last = score;
      }
      blockOf[row] = block;
    }
    return this.groups(rows, counts)[0];
  }

  /** Of each group of a grouping; undefined for one without rows here. `counts` are those of `countRows`. */
  groups(rows: SortedRows, counts: Uint32Array): readonly (PlacedBlocks | undefined)[] {
    const starts = new Uint32Array(counts.length / 2);
    for (let group = 1; group < starts.length; group += 1) {
      const before = (counts[2 * group - 2] ?? 0) + (counts[2 * group - 1] ?? 0);
      starts[group] = (starts[group - 1] ?? 0) + before;
    }
    const ends = starts.slice();
    if (rows.weights === undefined) this.#count(rows, ends);
    else this.#weigh(rows, rows.weights, ends);
    return Array.from(starts, (start, group) => {
      const end = ends[group] ?? 0;
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

  /** `ends`: where each group starts, which becomes where it ends. */
  #count({ scores, tags }: SortedRows, ends: Uint32Array): void {
    const { values, shift, mask } = tags;
    const blocks = this.#scores;
    const [positives, negatives, places, blockOf] = [
      this.#positives,
      this.#negatives,
      this.#places,
      this.#blockOf,
    ];
    const last = new Int32Array(ends.length).fill(-1);
    for (let row = 0; row < scores.length; row += 1) {
      const place = blockOf[row] ?? 0;
      const value = values[row] ?? 0;
      const group = (value >>> shift) & mask;
      const label = value & 1;
      const end = ends[group] ?? 0;
      if (place === last[group]) {
        positives[end - 1] = (positives[end - 1] ?? 0) + label;
        negatives[end - 1] = (negatives[end - 1] ?? 0) + 1 - label;
        continue;
      }
      last[group] = place;
      places[end] = place;
      blocks[end] = scores[row] ?? 0;
      positives[end] = label;
      negatives[end] = 1 - label;
      ends[group] = end + 1;
    }
  }

  #weigh({ scores, tags }: SortedRows, weights: Float64Array, ends: Uint32Array): void {
    const { values, shift, mask } = tags;
    const last = new Int32Array(ends.length).fill(-1);
    const own = (sums: Amounts, rests: Float64Array) =>
      new BlockWeights(sums.subarray(0, scores.length).fill(0), rests.subarray(0, scores.length).fill(0));
    const positives = own(this.#positives, this.#positiveRests);
    const negatives = own(this.#negatives, this.#negativeRests);
    const rows = this.#rows?.subarray(0, scores.length).fill(0) ?? new Uint32Array(scores.length);
    for (let row = 0; row < scores.length; row += 1) {
      const place = this.#blockOf[row] ?? 0;
      const value = values[row] ?? 0;
      const group = (value >>> shift) & mask;
      const isNew = place !== last[group];
      const block = isNew ? (ends[group] ?? 0) : (ends[group] ?? 0) - 1;
      if (isNew) {
        last[group] = place;
        ends[group] = block + 1;
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

/** Sums of weights by block, each rounded once, so that the order of rows of equal score does not show. */
class BlockWeights {
  readonly #sums: Amounts;
  /** What the sums leave over. */
  readonly #rests: Float64Array;
  /** The sums that two doubles do not hold. */
  readonly #inexact = new Map<number, ExactSum>();

  /** Both are 0. */
  constructor(sums: Amounts, rests: Float64Array) {
    this.#sums = sums;
    this.#rests = rests;
  }

  add(block: number, weight: number): void {
    const before = this.#sums[block] ?? 0;
    const inexact = before === 0 || this.#inexact.size === 0 ? undefined : this.#inexact.get(block);
    if (inexact !== undefined) {
      inexact.add(weight);
      return;
    }
    const sum = before + weight;
    const added = sum - before;
    this.#sums[block] = sum;
    const left = before - (sum - added) + (weight - added);
    if (left === 0) return;
    const rest = this.#rests[block] ?? 0;
    const both = rest + left;
    const addedLeft = both - rest;
    if (rest - (both - addedLeft) + (left - addedLeft) === 0) {
      this.#rests[block] = both;
      return;
    }
    const exact = new ExactSum();
    for (const term of [sum, rest, left]) exact.add(term);
    this.#inexact.set(block, exact);
  }

  finish(): void {
    const [sums, rests] = [this.#sums, this.#rests];
    for (let block = 0; block < sums.length; block += 1) {
      sums[block] = (sums[block] ?? 0) + (rests[block] ?? 0);
    }
    for (const [block, exact] of this.#inexact) sums[block] = exact.value;
  }
}
