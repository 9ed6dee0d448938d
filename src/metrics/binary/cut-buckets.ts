import type { Columns, Scores } from "../score-columns.ts";
import { partOf } from "../score-columns.ts";
import { bucketsOf } from "./join-cells.ts";

/** Scores of some rows, of which the lowest and the highest differ. */
export interface ScoreSpan {
  readonly lowest: number;
  readonly highest: number;
}

const pieces = 4096;

/**
 * The piece of a score, of pieces of equal width from the highest to the lowest score, which are never in one piece. Scores of one cell
 * have about one exponent, so that such pieces are as fine as any.
 */
function pieceOf(score: number, highest: number, width: number): number {
  return Math.min(pieces - 1, Math.floor(((highest - score) / width) * pieces));
}

/** Rows of near scores, cut by score: every score of a bucket is above every score of the next, equal scores share one. */
export class Cut {
  readonly #highest: number;
  readonly #width: number;
  readonly #bucketOf: Uint16Array;
  /** Rows of each bucket. */
  readonly sizes: readonly number[];

  /** `counts`: rows by piece. Neighbouring pieces make a bucket, of at most so many rows unless it is one piece. */
  constructor({ lowest, highest }: ScoreSpan, counts: Uint32Array, mostRows: number) {
    const { bucketOf, sizes } = bucketsOf([counts], mostRows, false);
    this.#highest = highest;
    this.#width = highest - lowest;
    this.#bucketOf = bucketOf;
    this.sizes = sizes.map(([size = 0]) => size);
  }

  bucketOf(score: number): number {
    return this.#bucketOf[pieceOf(score, this.#highest, this.#width)] ?? 0;
  }
}

/** Counts rows by piece, to become a cut. */
export class PieceCounts {
  readonly #span: ScoreSpan;
  readonly #highest: number;
  readonly #width: number;
  readonly #counts = new Uint32Array(pieces);

  constructor(span: ScoreSpan) {
    this.#span = span;
    this.#highest = span.highest;
    this.#width = span.highest - span.lowest;
  }

  add(score: number): void {
    const piece = pieceOf(score, this.#highest, this.#width);
    this.#counts[piece] = (this.#counts[piece] ?? 0) + 1;
  }

  cut(mostRows: number): Cut {
    return new Cut(this.#span, this.#counts, mostRows);
  }
}

/** Of no rows the lowest is above the highest. */
export function spanOfScores(scores: Scores): ScoreSpan {
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < scores.length; row += 1) {
    const score = scores[row] ?? 0;
    if (score < lowest) lowest = score;
    if (score > highest) highest = score;
  }
  return { lowest, highest };
}

/**
 * Cuts rows of one bucket in place until no bucket has more than so many rows, but those whose rows all have one score. The sizes of the
 * buckets, highest scores first.
 */
export function cutRows(rows: Columns, mostRows: number): number[] {
  const { scores } = rows;
  if (scores.length <= mostRows) return [scores.length];
  const span = spanOfScores(scores);
  if (span.lowest === span.highest) return [scores.length];
  const counts = new PieceCounts(span);
  for (let row = 0; row < scores.length; row += 1) counts.add(scores[row] ?? 0);
  const cut = counts.cut(mostRows);
  permute(rows, cut);
  let start = 0;
  return cut.sizes.flatMap((size) => {
    const own = partOf(rows, start, start + size);
    start += size;
    return cutRows(own, mostRows);
  });
}

/** Each row to its bucket, without other memory: a row takes the place of one that has yet to go. */
function permute({ scores, payloads }: Columns, cut: Cut): void {
  const { sizes } = cut;
  const next = new Uint32Array(sizes.length);
  const ends = new Uint32Array(sizes.length);
  let start = 0;
  for (const [bucket, size] of sizes.entries()) {
    next[bucket] = start;
    start += size;
    ends[bucket] = start;
  }
  for (let bucket = 0; bucket < sizes.length; bucket += 1) {
    for (let hole = next[bucket] ?? 0; hole < (ends[bucket] ?? 0); hole = next[bucket] ?? 0) {
      let score = scores[hole] ?? 0;
      let payload = payloads[hole] ?? 0;
      for (let target = cut.bucketOf(score); target !== bucket; target = cut.bucketOf(score)) {
        const place = next[target] ?? 0;
        next[target] = place + 1;
        const [other, otherPayload] = [scores[place] ?? 0, payloads[place] ?? 0];
        scores[place] = score;
        payloads[place] = payload;
        score = other;
        payload = otherPayload;
      }
      scores[hole] = score;
      payloads[hole] = payload;
      next[bucket] = hole + 1;
    }
  }
}
