import { type Columns, emptyPayloads, emptyScores, partOf, type Scores, wordsOf } from "./columns.ts";

/** Bits of the scores, 0 the lowest. */
interface Window {
  readonly lowest: number;
  readonly highest: number;
}

const mostDigitBits = 11;
/** So many bits more than tell the rows apart at best are sorted in passes; what they leave equal is short runs as a rule. */
const spareBits = 5;
const shortRun = 32;

/**
 * Sorts rows by score, highest first; rows of equal score in no promised order. A radix sort of the numbers' bits, linear and
 * without a comparison function: only the bits in which the scores differ are looked at.
 */
export class RowSorter {
  readonly #scratch: Columns;
  readonly #digits: Uint16Array;
  readonly #starts = new Uint32Array(2 ** mostDigitBits + 1);

  /** For columns of the types of `like`, of at most so many rows. */
  constructor(like: Columns, mostRows: number) {
    this.#scratch = {
      scores: emptyScores(like.scores, mostRows, false),
      payloads: emptyPayloads(like.payloads.BYTES_PER_ELEMENT, mostRows, false),
    };
    this.#digits = new Uint16Array(mostRows);
  }

  /**
   * Scores must be finite and no -0; `isSigned` where one may be below 0. Uses the rows up: the answer stands in them, or in memory that
   * is good until the next sort.
   */
  sort(rows: Columns, isSigned: boolean): Columns {
    const { scores, payloads } = rows;
    let negatives = 0;
    if (isSigned)
      for (let row = 0; row < scores.length; row += 1) negatives += (scores[row] ?? 0) < 0 ? 1 : 0;
    const apart = partOf(this.#scratch, 0, scores.length);
    if (negatives === 0) return this.#sortDescending(rows, apart);
    // The sort takes no sign: negative scores are sorted apart, by their size.
    const upper = scores.length - negatives;
    let [next, nextNegative] = [0, upper];
    for (let row = 0; row < scores.length; row += 1) {
      const score = scores[row] ?? 0;
      const place = score < 0 ? nextNegative++ : next++;
      apart.scores[place] = Math.abs(score);
      apart.payloads[place] = payloads[row] ?? 0;
    }
    const positive = this.#sortDescending(partOf(apart, 0, upper), partOf(rows, 0, upper));
    const lower = partOf(rows, upper, scores.length);
    const negative = this.#sortDescending(partOf(apart, upper, scores.length), lower);
    scores.set(positive.scores);
    payloads.set(positive.payloads);
    lower.scores.set(negative.scores);
    lower.payloads.set(negative.payloads);
    for (let row = 0; row < negatives; row += 1) lower.scores[row] = -(lower.scores[row] ?? 0);
    lower.scores.reverse();
    lower.payloads.reverse();
    return rows;
  }

  /** Of scores that are not negative. The answer stands in the rows or in `scratch`, which is of the same size. */
  #sortDescending(rows: Columns, scratch: Columns): Columns {
    const window = differingBits(rows.scores);
    if (window === undefined) return rows;
    const wanted = 32 - Math.clz32(rows.scores.length) + spareBits;
    const lowestOfPasses = Math.max(window.lowest, window.highest - wanted + 1);
    const sorted = this.#sortWindow(rows, scratch, { ...window, lowest: lowestOfPasses });
    if (lowestOfPasses > window.lowest) {
      this.#sortRuns(sorted, sorted === rows ? scratch : rows, { ...window, highest: lowestOfPasses - 1 });
    }
    return sorted;
  }

  /** Sorts by the bits of the window only, stable. Answers with the columns that hold the result. */
  #sortWindow(rows: Columns, scratch: Columns, { lowest, highest }: Window): Columns {
    const bits = highest - lowest + 1;
    const passes = Math.ceil(bits / mostDigitBits);
    const width = Math.ceil(bits / passes);
    const digits = this.#digits.subarray(0, rows.scores.length);
    let [from, to] = [rows, scratch];
    for (let shift = lowest; shift <= highest; shift += width) {
      const mask = (1 << Math.min(width, highest - shift + 1)) - 1;
      const starts = this.#starts.subarray(0, mask + 2).fill(0);
      if (from.scores instanceof Float64Array) readDoubleDigits(from.scores, shift, { digits, starts, mask });
      else readFloatDigits(from.scores, shift, { digits, starts, mask });
      for (let digit = 1; digit <= mask; digit += 1) {
        starts[digit] = (starts[digit] ?? 0) + (starts[digit - 1] ?? 0);
      }
      scatter(from, to, { digits, starts });
      [from, to] = [to, from];
    }
    return from;
  }

  /** Sorts what the passes left: rows that agree in all bits above `rest`. */
  #sortRuns(rows: Columns, scratch: Columns, rest: Window): void {
    const { scores } = rows;
    const areAlike = likeness(scores, rest.highest + 1);
    for (let row = 1; row < scores.length; row += 1) {
      if ((scores[row - 1] ?? 0) >= (scores[row] ?? 0)) continue;
      let [start, end] = [row - 1, row + 1];
      while (start > 0 && areAlike(start - 1, row)) start -= 1;
      while (end < scores.length && areAlike(end, row)) end += 1;
      if (end - start <= shortRun) sortShortRun(rows, start, end);
      else {
        const run = partOf(rows, start, end);
        const sorted = this.#sortDescending(run, partOf(scratch, start, end));
        if (sorted !== run) {
          run.scores.set(sorted.scores);
          run.payloads.set(sorted.payloads);
        }
      }
      row = end;
    }
  }
}

/** From the lowest to the highest bit in which two scores differ; undefined where all are equal. */
function differingBits(scores: Scores): Window | undefined {
  const words = wordsOf(scores);
  const isDouble = scores instanceof Float64Array;
  const step = isDouble ? 2 : 1;
  const firstLow = words[0] ?? 0;
  const firstHigh = words[1] ?? 0;
  let low = 0;
  let high = 0;
  for (let word = 0; word < words.length; word += step) {
    low |= (words[word] ?? 0) ^ firstLow;
    if (isDouble) high |= (words[word + 1] ?? 0) ^ firstHigh;
  }
  if (low === 0 && high === 0) return undefined;
  const lowestIn = (word: number) => 31 - Math.clz32(word & -word);
  return {
    lowest: low === 0 ? 32 + lowestIn(high) : lowestIn(low),
    highest: high === 0 ? 31 - Math.clz32(low) : 63 - Math.clz32(high),
  };
}

interface Digits {
  /** Mask minus the bits: the highest score has the lowest digit. */
  readonly digits: Uint16Array;
  /** Counts of the digit before, to be summed up to the place where each digit's rows start. */
  readonly starts: Uint32Array;
  readonly mask: number;
}

function readDoubleDigits(scores: Float64Array, shift: number, { digits, starts, mask }: Digits): void {
  const words = wordsOf(scores);
  if (shift === 0 || shift >= 32) {
    const upper = shift >= 32 ? 1 : 0;
    for (let row = 0; row < digits.length; row += 1) {
      const digit = mask - (((words[2 * row + upper] ?? 0) >>> shift) & mask);
      digits[row] = digit;
      starts[digit + 1] = (starts[digit + 1] ?? 0) + 1;
    }
    return;
  }
  for (let row = 0; row < digits.length; row += 1) {
    const bits = ((words[2 * row] ?? 0) >>> shift) | ((words[2 * row + 1] ?? 0) << (32 - shift));
    const digit = mask - (bits & mask);
    digits[row] = digit;
    starts[digit + 1] = (starts[digit + 1] ?? 0) + 1;
  }
}

function readFloatDigits(scores: Float32Array, shift: number, { digits, starts, mask }: Digits): void {
  const words = wordsOf(scores);
  for (let row = 0; row < digits.length; row += 1) {
    const digit = mask - (((words[row] ?? 0) >>> shift) & mask);
    digits[row] = digit;
    starts[digit + 1] = (starts[digit + 1] ?? 0) + 1;
  }
}

function scatter(from: Columns, to: Columns, { digits, starts }: Omit<Digits, "mask">): void {
  const { scores, payloads } = from;
  const { scores: sortedScores, payloads: sortedPayloads } = to;
  for (let row = 0; row < digits.length; row += 1) {
    const digit = digits[row] ?? 0;
    const target = starts[digit] ?? 0;
    starts[digit] = target + 1;
    sortedScores[target] = scores[row] ?? 0;
    sortedPayloads[target] = payloads[row] ?? 0;
  }
}

/** Whether two rows agree in the bits from `lowest` on. */
function likeness(scores: Scores, lowest: number): (one: number, other: number) => boolean {
  const words = wordsOf(scores);
  if (scores instanceof Float32Array) {
    return (one, other) => ((words[one] ?? 0) ^ (words[other] ?? 0)) >>> lowest === 0;
  }
  const upper = (one: number, other: number) => (words[2 * one + 1] ?? 0) ^ (words[2 * other + 1] ?? 0);
  if (lowest >= 32) return (one, other) => upper(one, other) >>> (lowest - 32) === 0;
  const lower = (one: number, other: number) => (words[2 * one] ?? 0) ^ (words[2 * other] ?? 0);
  return (one, other) => upper(one, other) === 0 && lower(one, other) >>> lowest === 0;
}

function sortShortRun({ scores, payloads }: Columns, start: number, end: number): void {
  for (let row = start + 1; row < end; row += 1) {
    const score = scores[row] ?? 0;
    const payload = payloads[row] ?? 0;
    let place = row;
    while (place > start && (scores[place - 1] ?? 0) < score) {
      scores[place] = scores[place - 1] ?? 0;
      payloads[place] = payloads[place - 1] ?? 0;
      place -= 1;
    }
    scores[place] = score;
    payloads[place] = payload;
  }
}
