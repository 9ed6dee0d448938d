import type { Columns, Scores } from "../../score-columns.ts";

/** Neighbouring rows by score; equal scores are in one range. */
export interface ScoreRange {
  /** Of the scores that there are. */
  readonly lowest: number;
  readonly highest: number;
  readonly rows: number;
}

/** Cuts scores into pieces: each is above the next one. */
export interface PieceRule {
  readonly pieces: number;
  /** Writes the piece of each score. */
  place(scores: Scores, into: Uint32Array): void;
}

/** A range and the pieces that it is of. */
interface PieceRange extends ScoreRange {
  readonly first: number;
  readonly end: number;
}

/** Looks at all rows: each piece that has some, highest scores first, and neighbours put together up to so many rows. */
export async function rangesOf(
  blocks: AsyncIterable<Columns>,
  rule: PieceRule,
  mostRows: number,
): Promise<PieceRange[]> {
  const rows = new Float64Array(rule.pieces);
  const lowest = new Float64Array(rule.pieces).fill(Number.POSITIVE_INFINITY);
  const highest = new Float64Array(rule.pieces).fill(Number.NEGATIVE_INFINITY);
  let places = new Uint32Array();
  for await (const { scores } of blocks) {
    if (places.length < scores.length) places = new Uint32Array(scores.length);
    rule.place(scores, places);
    for (let row = 0; row < scores.length; row += 1) {
      const place = places[row] ?? 0;
      const score = scores[row] ?? 0;
      rows[place] = (rows[place] ?? 0) + 1;
      if (score < (lowest[place] ?? 0)) lowest[place] = score;
      if (score > (highest[place] ?? 0)) highest[place] = score;
    }
  }
  const joined: PieceRange[] = [];
  for (let piece = 0; piece < rule.pieces; piece += 1) {
    const own = { first: piece, end: piece + 1, rows: rows[piece] ?? 0 };
    const range = { ...own, lowest: lowest[piece] ?? 0, highest: highest[piece] ?? 0 };
    const last = joined.at(-1);
    if (range.rows === 0) continue;
    if (last === undefined || last.rows + range.rows > mostRows) joined.push(range);
    else joined[joined.length - 1] = { ...range, ...joinedWith(last, range) };
  }
  return joined;
}

function joinedWith(upper: PieceRange, lower: PieceRange) {
  return { first: upper.first, rows: upper.rows + lower.rows, highest: upper.highest };
}

const widths = 4096;

/** Pieces of equal width from the highest to the lowest score, which are not equal and so never in one piece. */
export function widthRule({ lowest, highest }: ScoreRange): PieceRule {
  const width = highest - lowest;
  return {
    pieces: widths,
    place(scores, into) {
      for (let row = 0; row < scores.length; row += 1) {
        const share = (highest - (scores[row] ?? 0)) / width;
        into[row] = Math.min(widths - 1, Math.floor(share * widths));
      }
    },
  };
}
