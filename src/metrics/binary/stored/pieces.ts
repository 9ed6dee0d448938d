import type { Columns, Scores } from "../columns.ts";
import { type Cells, placeInCells } from "../score-cells.ts";

/** Some of the rows by score: each piece is above the next one, and equal scores share one. */
export interface PieceRule {
  readonly pieces: number;
  /** Writes the piece of each score. */
  place(scores: Scores, into: Uint32Array): void;
}

/** Neighbouring pieces. `lowest` and `highest` are scores of their rows. */
export interface Pieces {
  readonly first: number;
  readonly end: number;
  readonly rows: number;
  readonly lowest: number;
  readonly highest: number;
}

/** The buckets of a part. */
export function bucketRule(
  { bucketOf, cells }: { readonly bucketOf: Uint16Array; readonly cells: Cells },
  first: number,
  end: number,
): PieceRule {
  return {
    pieces: end - first,
    place(scores, into) {
      placeInCells(scores, cells, into);
      for (let row = 0; row < scores.length; row += 1) into[row] = (bucketOf[into[row] ?? 0] ?? 0) - first;
    },
  };
}

const mostPieces = 4096;

/** Pieces of equal width from the highest to the lowest score, which are not equal and so never in one piece. */
export function widthRule(lowest: number, highest: number): PieceRule {
  // The width of all doubles together is none.
  const scale = highest - lowest === Number.POSITIVE_INFINITY ? 0.5 : 1;
  const width = highest * scale - lowest * scale;
  return {
    pieces: mostPieces,
    place(scores, into) {
      for (let row = 0; row < scores.length; row += 1) {
        const share = (highest * scale - (scores[row] ?? 0) * scale) / width;
        into[row] = Math.min(mostPieces - 1, Math.floor(share * mostPieces));
      }
    },
  };
}

/** Looks at all rows: each piece that has some, highest scores first. */
export async function piecesOf(blocks: AsyncIterable<Columns>, rule: PieceRule): Promise<Pieces[]> {
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
  return Array.from(rows, (count, piece) => ({
    first: piece,
    end: piece + 1,
    rows: count,
    lowest: lowest[piece] ?? 0,
    highest: highest[piece] ?? 0,
  })).filter((piece) => piece.rows > 0);
}

/** Puts neighbours together up to so many rows; a piece of more than `mostAlone` stays by itself. */
export function joinPieces(
  pieces: readonly Pieces[],
  { mostRows, mostAlone }: { readonly mostRows: number; readonly mostAlone: number },
): Pieces[] {
  const joined: Pieces[] = [];
  let last: Pieces | undefined;
  for (const piece of pieces) {
    if (last !== undefined && piece.rows <= mostAlone && last.rows + piece.rows <= mostRows) {
      last = { ...last, end: piece.end, rows: last.rows + piece.rows, lowest: piece.lowest };
      joined[joined.length - 1] = last;
      continue;
    }
    joined.push(piece);
    last = piece.rows <= mostAlone ? piece : undefined;
  }
  return joined;
}
