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

/** Makes blocks in memory of its own: they are good until it makes the next ones. */
export class BlockMaker {
  readonly #scores: Scores;
  readonly #positives: Amounts;
  readonly #negatives: Amounts;
  readonly #rows: Uint32Array | undefined;

  /** For columns of the types of `like`, of at most so many rows. */
  constructor(like: Columns, mostRows: number, isWeighted: boolean) {
    this.#scores =
      like.scores instanceof Float64Array ? new Float64Array(mostRows) : new Float32Array(mostRows);
    this.#positives = isWeighted ? new Float64Array(mostRows) : new Uint32Array(mostRows);
    this.#negatives = isWeighted ? new Float64Array(mostRows) : new Uint32Array(mostRows);
    this.#rows = isWeighted ? new Uint32Array(mostRows) : undefined;
  }

  /** Blocks of the groups of a grouping, undefined for one without rows here. `scores` are sorted; `weights` are in their order. */
  blocks(
    scores: Scores,
    tags: Tags,
    { groups, weights }: { readonly groups: number; readonly weights: Float64Array | undefined },
  ): readonly (ScoreBlocks | undefined)[] {
    const counts = countRows(tags, scores.length, groups);
    const starts = new Uint32Array(groups + 1);
    for (let group = 0; group < groups; group += 1) {
      starts[group + 1] = (starts[group] ?? 0) + (counts[2 * group] ?? 0) + (counts[2 * group + 1] ?? 0);
    }
    const ends =
      weights === undefined
        ? this.#count(scores, tags, starts)
        : this.#weigh({ scores, weights }, tags, starts);
    return Array.from({ length: groups }, (_, group) => {
      const [start, end] = [starts[group] ?? 0, ends[group] ?? 0];
      if (start === end) return undefined;
      return {
        scores: this.#scores.subarray(start, end),
        positives: this.#positives.subarray(start, end),
        negatives: this.#negatives.subarray(start, end),
        rows: this.#rows?.subarray(start, end),
        negativeRows: counts[2 * group] ?? 0,
        positiveRows: counts[2 * group + 1] ?? 0,
      };
    });
  }

  /** The end of each group's blocks. */
  #count(scores: Scores, { values, shift, mask }: Tags, starts: Uint32Array): Uint32Array {
    const ends = starts.slice(0, -1);
    const [blocks, positives, negatives] = [this.#scores, this.#positives, this.#negatives];
    const last = new Float64Array(ends.length).fill(Number.NaN);
    for (let place = 0; place < scores.length; place += 1) {
      const score = scores[place] ?? 0;
      const value = values[place] ?? 0;
      const group = (value >>> shift) & mask;
      const label = value & 1;
      const end = ends[group] ?? 0;
      if (score === last[group]) {
        positives[end - 1] = (positives[end - 1] ?? 0) + label;
        negatives[end - 1] = (negatives[end - 1] ?? 0) + 1 - label;
        continue;
      }
      last[group] = score;
      blocks[end] = score;
      positives[end] = label;
      negatives[end] = 1 - label;
      ends[group] = end + 1;
    }
    return ends;
  }

  #weigh(
    { scores, weights }: { readonly scores: Scores; readonly weights: Float64Array },
    { values, shift, mask }: Tags,
    starts: Uint32Array,
  ): Uint32Array {
    const ends = starts.slice(0, -1);
    const positives = new BlockWeights(this.#positives.subarray(0, scores.length).fill(0));
    const negatives = new BlockWeights(this.#negatives.subarray(0, scores.length).fill(0));
    const rows = this.#rows?.subarray(0, scores.length).fill(0) ?? new Uint32Array(scores.length);
    for (let place = 0; place < scores.length; place += 1) {
      const score = scores[place] ?? 0;
      const value = values[place] ?? 0;
      const group = (value >>> shift) & mask;
      let end = ends[group] ?? 0;
      if (end === starts[group] || score !== this.#scores[end - 1]) {
        this.#scores[end] = score;
        end += 1;
        ends[group] = end;
      }
      ((value & 1) === 1 ? positives : negatives).add(end - 1, weights[place] ?? 0);
      rows[end - 1] = (rows[end - 1] ?? 0) + 1;
    }
    positives.finish();
    negatives.finish();
    return ends;
  }
}

/** Negative rows, positive rows of group 0, then of group 1 and so on. */
export function countRows({ values, shift, mask }: Tags, rows: number, groups: number): Uint32Array {
  const counts = new Uint32Array(2 * groups);
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
  /** The sums that a double does not hold. */
  readonly #inexact = new Map<number, ExactSum>();

  /** `sums` are 0. */
  constructor(sums: Amounts) {
    this.#sums = sums;
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
    if (before - (sum - added) + (weight - added) === 0) {
      this.#sums[block] = sum;
      return;
    }
    const exact = new ExactSum();
    exact.add(before);
    exact.add(weight);
    this.#inexact.set(block, exact);
  }

  finish(): void {
    for (const [block, exact] of this.#inexact) this.#sums[block] = exact.value;
  }
}
