import { type Columns, emptyPayloads, type Scores, wordsOf } from "../score-columns.ts";
import { packRows, type Travel } from "./rows-by-score.ts";

/**
 * Cells of scores: a score's upper 32 bits, turned so that the highest score has the lowest number, from `lowest` on and without the
 * last `shift` bits.
 */
export interface Cells {
  readonly lowest: number;
  readonly shift: number;
}

export interface CellRange {
  readonly lowest: number;
  readonly highest: number;
}

/** Some rows of all. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The lowest and the highest number of a score. */
export function cellRange({ scores, start, end }: Stretch & { readonly scores: Scores }): CellRange {
  const words = wordsOf(scores);
  const step = scores.BYTES_PER_ELEMENT / 4;
  // As signed numbers, which are compared faster.
  let lowest = 0x7fff_ffff;
  let highest = -0x8000_0000;
  for (let word = (start + 1) * step - 1; word < end * step; word += step) {
    const bits = words[word] ?? 0;
    const sign = bits >> 31;
    const number = (bits ^ ~sign) & (~sign | 0x7fff_ffff);
    lowest = Math.min(lowest, number);
    highest = Math.max(highest, number);
  }
  return { lowest: (lowest ^ -0x8000_0000) >>> 0, highest: (highest ^ -0x8000_0000) >>> 0 };
}

/** NaN and the infinities have numbers outside of these. */
export function finiteCells(scores: Scores): CellRange {
  return scores instanceof Float64Array
    ? { lowest: 0x0010_0000, highest: 0xffef_ffff }
    : { lowest: 0x0080_0000, highest: 0xff7f_ffff };
}

/** Negative scores and -0. */
export const firstSigned = 0x8000_0000;

export interface CountRequest extends Stretch {
  readonly scores: Scores;
  readonly cells: Cells;
  /** Zeros, which become the rows by cell. */
  readonly counts: Uint32Array;
}

export function countCells({ scores, cells, counts, start, end }: CountRequest): Uint32Array {
  const words = wordsOf(scores);
  const step = scores.BYTES_PER_ELEMENT / 4;
  const { lowest, shift } = cells;
  for (let word = (start + 1) * step - 1; word < end * step; word += step) {
    const bits = words[word] ?? 0;
    const sign = bits >> 31;
    const number = ((bits ^ ~sign) & (sign | 0x7fff_ffff)) >>> 0;
    const cell = (number - lowest) >>> shift;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return counts;
}

/** The cell of each score. */
export function placeInCells(scores: Scores, { lowest, shift }: Cells, into: Uint32Array): void {
  const words = wordsOf(scores);
  const step = scores.BYTES_PER_ELEMENT / 4;
  for (let row = 0; row < scores.length; row += 1) {
    const bits = words[(row + 1) * step - 1] ?? 0;
    const sign = bits >> 31;
    into[row] = (((bits ^ ~sign) & (sign | 0x7fff_ffff)) >>> 0) - lowest;
  }
  for (let row = 0; row < scores.length; row += 1) into[row] = (into[row] ?? 0) >>> shift;
}

export interface ScatterRequest extends Stretch {
  readonly travel: Travel;
  readonly cells: Cells;
  readonly bucketOf: Uint16Array;
  /** Where the next of these rows goes, by bucket. Used up. */
  readonly places: Uint32Array;
  readonly to: Columns;
}

const blockRows = 4096;

/** Writes the rows bucket by bucket. */
export function scatterRows(request: ScatterRequest): undefined {
  const { travel, to, start, end } = request;
  const packed = emptyPayloads(travel.bytesEach, blockRows, false);
  for (let from = start; from < end; from += blockRows) {
    const rows = Math.min(blockRows, end - from);
    const payloads = packRows(travel, from, packed.subarray(0, rows));
    scatterBlock(request, { scores: travel.scores.subarray(from, from + rows), payloads }, to);
  }
}

/** Writes some rows, with what travels with them, to their places, which move on. */
function scatterBlock(
  { cells, bucketOf, places }: Pick<ScatterRequest, "cells" | "bucketOf" | "places">,
  { scores, payloads }: Columns,
  { scores: toScores, payloads: toPayloads }: Columns,
): void {
  const words = wordsOf(scores);
  const step = scores.BYTES_PER_ELEMENT / 4;
  const { lowest, shift } = cells;
  for (let row = 0; row < scores.length; row += 1) {
    const bits = words[(row + 1) * step - 1] ?? 0;
    const sign = bits >> 31;
    const number = ((bits ^ ~sign) & (sign | 0x7fff_ffff)) >>> 0;
    const bucket = bucketOf[(number - lowest) >>> shift] ?? 0;
    const place = places[bucket] ?? 0;
    places[bucket] = place + 1;
    toScores[place] = scores[row] ?? 0;
    toPayloads[place] = payloads[row] ?? 0;
  }
}
