import { ExactSum } from "../exact-sum.ts";
import { type Amounts, emptyCounts, emptyScores, type Scores } from "./columns.ts";
import type { RowsByScore, Tags } from "./rows-by-score.ts";

/**
 * The rows of one group by score: one block a distinct score, highest first. All metrics are made of blocks: rows of equal score
 * cannot be told apart, so that their order cannot show, and sums run down the scores, never along the rows.
 */
export interface ScoreBlocks {
  readonly scores: Scores;
  /** Of each block. */
  readonly positives: Amounts;
  readonly negatives: Amounts;
  /** Rows of each block; undefined without weights, where positives and negatives are rows. */
  readonly rows: Uint32Array | undefined;
  /** Rows of the group by label. */
  readonly positiveRows: number;
  readonly negativeRows: number;
}

/**
 * Blocks of all groups of a grouping, or of one group that holds all rows. In memory that threads share where the scores are.
 */
export function scoreBlocks(sorted: RowsByScore, tags: Tags, groups: number): readonly ScoreBlocks[] {
  const rowCounts = countRows(tags, groups);
  const starts = [0];
  for (let group = 0; group < rowCounts.length / 2; group += 1) {
    starts.push((starts[group] ?? 0) + (rowCounts[2 * group] ?? 0) + (rowCounts[2 * group + 1] ?? 0));
  }
  const all = sorted.weights === undefined ? countBlocks : weighBlocks;
  const filled = all(sorted, tags, starts);
  return starts.slice(0, -1).map((start, group) => {
    const end = (filled.last[group] ?? 0) + 1;
    return {
      scores: filled.scores.subarray(start, end),
      positives: filled.positives.subarray(start, end),
      negatives: filled.negatives.subarray(start, end),
      rows: filled.rows?.subarray(start, end),
      negativeRows: rowCounts[2 * group] ?? 0,
      positiveRows: rowCounts[2 * group + 1] ?? 0,
    };
  });
}

/** Negative rows, positive rows of group 0, then of group 1 and so on. */
function countRows({ values, shift, mask }: Tags, groups: number): Uint32Array {
  const counts = new Uint32Array(2 * groups);
  for (let place = 0; place < values.length; place += 1) {
    const value = values[place] ?? 0;
    const slot = 2 * ((value >>> shift) & mask) + (value & 1);
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
  return counts;
}

interface FilledBlocks extends Pick<ScoreBlocks, "scores" | "positives" | "negatives" | "rows"> {
  /** The place of each group's last block; the one before its start where it has none. */
  readonly last: Int32Array;
}

function countBlocks(
  { scores, mostTied, spare }: RowsByScore,
  tags: Tags,
  starts: readonly number[],
): FilledBlocks {
  const { values, shift, mask } = tags;
  const last = Int32Array.from(starts, (start) => start - 1);
  const lastScores = new Float64Array(starts.length).fill(Number.NaN);
  const isShared = scores.buffer instanceof SharedArrayBuffer;
  const blocks = spare ?? emptyScores(scores, scores.length, isShared);
  const positives = emptyCounts(mostTied, scores.length, isShared);
  const negatives = emptyCounts(mostTied, scores.length, isShared);
  for (let place = 0; place < scores.length; place += 1) {
    const score = scores[place] ?? 0;
    const value = values[place] ?? 0;
    const group = (value >>> shift) & mask;
    let block = last[group] ?? 0;
    if (score !== lastScores[group]) {
      block += 1;
      last[group] = block;
      lastScores[group] = score;
      blocks[block] = score;
    }
    const label = value & 1;
    positives[block] = (positives[block] ?? 0) + label;
    negatives[block] = (negatives[block] ?? 0) + 1 - label;
  }
  return { scores: blocks, positives, negatives, rows: undefined, last };
}

function weighBlocks(sorted: RowsByScore, tags: Tags, starts: readonly number[]): FilledBlocks {
  const { scores, weights = new Float64Array() } = sorted;
  const { values, shift, mask } = tags;
  const last = Int32Array.from(starts, (start) => start - 1);
  const blocks = sorted.spare ?? emptyScores(scores, scores.length, false);
  const positives = new BlockWeights(scores.length);
  const negatives = new BlockWeights(scores.length);
  const rows = new Uint32Array(scores.length);
  for (let place = 0; place < scores.length; place += 1) {
    const score = scores[place] ?? 0;
    const value = values[place] ?? 0;
    const group = (value >>> shift) & mask;
    let block = last[group] ?? 0;
    if (block < (starts[group] ?? 0) || score !== blocks[block]) {
      block += 1;
      last[group] = block;
      blocks[block] = score;
    }
    ((value & 1) === 1 ? positives : negatives).add(block, weights[place] ?? 0);
    rows[block] = (rows[block] ?? 0) + 1;
  }
  return { scores: blocks, positives: positives.sums(), negatives: negatives.sums(), rows, last };
}

/** Sums of weights by block, each rounded once, so that the order of rows of equal score does not show. */
class BlockWeights {
  readonly #sums: Float64Array;
  /** The sums that a double does not hold. */
  readonly #inexact = new Map<number, ExactSum>();

  constructor(blocks: number) {
    this.#sums = new Float64Array(blocks);
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

  sums(): Float64Array {
    for (const [block, exact] of this.#inexact) this.#sums[block] = exact.value;
    return this.#sums;
  }
}
