import { type Columns, partOf, type Scores, sameSize, wordsOf } from "./columns.ts";

/** Bits of the scores, 0 the lowest. */
interface Window {
  readonly lowest: number;
  readonly highest: number;
}

const mostDigitBits = 11;
/** So many bits are sorted in passes over all rows; what they leave equal is short runs as a rule. */
const mostPassBits = 3 * mostDigitBits;
const shortRun = 32;
const shortTable = 4096;

/**
 * Rows by score, highest first; rows of equal score in no promised order. Scores must be finite and not negative (no -0 either).
 * A radix sort of the numbers' bits, linear and without a comparison function: only the bits in which the scores differ are
 * looked at, so that doubles which are floats in truth cost what floats cost. Both columns are used up: the answer may stand in
 * them or in `scratch`, which is of the same types and size.
 */
export function sortDescending(rows: Columns, scratch = sameSize(rows)): Columns {
  const window = differingBits(rows.scores);
  if (window === undefined) return rows;
  const lowestOfPasses = Math.max(window.lowest, window.highest - mostPassBits + 1);
  const sorted = sortWindow(rows, scratch, { ...window, lowest: lowestOfPasses });
  if (lowestOfPasses > window.lowest) {
    const rest = { lowest: window.lowest, highest: lowestOfPasses - 1 };
    sortRuns(sorted, sorted === rows ? scratch : rows, rest);
  }
  return sorted;
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

/** Sorts by the bits of the window only, stable. Answers with the columns that hold the result. */
function sortWindow(rows: Columns, scratch: Columns, window: Window): Columns {
  const bits = window.highest - window.lowest + 1;
  const digitBits = rows.scores.length < shortTable ? 8 : mostDigitBits;
  const passes = Math.ceil(bits / digitBits);
  const width = Math.ceil(bits / passes);
  const digits = new Uint16Array(rows.scores.length);
  let [from, to] = [rows, scratch];
  for (let pass = 0; pass < passes; pass += 1) {
    const shift = window.lowest + pass * width;
    const mask = (1 << Math.min(width, window.highest - shift + 1)) - 1;
    const starts = new Uint32Array(mask + 2);
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

/** Sorts what the passes left: rows that agree in all bits above `rest`, which then lies in the lower words of doubles. */
function sortRuns(rows: Columns, scratch: Columns, rest: Window): void {
  const { scores } = rows;
  const words = wordsOf(scores);
  const areAlike = (one: number, other: number) =>
    words[2 * one + 1] === words[2 * other + 1] &&
    ((words[2 * one] ?? 0) ^ (words[2 * other] ?? 0)) >>> (rest.highest + 1) === 0;
  for (let row = 1; row < scores.length; row += 1) {
    if ((scores[row - 1] ?? 0) >= (scores[row] ?? 0)) continue;
    let [start, end] = [row - 1, row + 1];
    while (start > 0 && areAlike(start - 1, row)) start -= 1;
    while (end < scores.length && areAlike(end, row)) end += 1;
    if (end - start <= shortRun) sortShortRun(rows, start, end);
    else sortLongRun(rows, scratch, { start, end, rest });
    row = end;
  }
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

function sortLongRun(
  rows: Columns,
  scratch: Columns,
  { start, end, rest }: { readonly start: number; readonly end: number; readonly rest: Window },
): void {
  const run = partOf(rows, start, end);
  const sorted = sortWindow(run, partOf(scratch, start, end), rest);
  if (sorted === run) return;
  run.scores.set(sorted.scores);
  run.payloads.set(sorted.payloads);
}
