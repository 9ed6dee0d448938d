import { copyRows, sortShortRun } from "./rows";

/** A radix sort of the bits of numbers, linear and without a comparison function; see `RowSorter`. */

const mostDigitBits: u32 = 11;
/** So many bits more than tell the rows apart at best are sorted in passes; what they leave equal is short runs as a rule. */
const spareBits: u32 = 5;
const shortRun: usize = 32;

/** Where the digits of rows (16 bits each) and the counts of digits (2 ** 11 + 1 of 32 bits) have room. */
let digits: usize = 0;
let starts: usize = 0;

/**
 * Sorts rows by score, highest first: scores that are finite and no -0, and a payload with each. Answers whether the sorted rows stand in
 * the scratch, which has the same size, and not in the rows themselves; both are used up.
 */
export function sortRows<Score, Bits, Payload>(
  scores: usize,
  payloads: usize,
  scratchScores: usize,
  scratchPayloads: usize,
  rows: usize,
): bool {
  let negatives: usize = 0;
  for (let row: usize = 0; row < rows; row += 1) {
    negatives += load<Score>(scores + row * sizeof<Score>()) < 0 ? 1 : 0;
  }
  if (negatives === 0) {
    return sortDescending<Score, Bits, Payload>(scores, payloads, scratchScores, scratchPayloads, rows);
  }
  // The sort takes no sign: negative scores are sorted apart, by their size.
  const upper = rows - negatives;
  let next: usize = 0;
  let nextNegative = upper;
  for (let row: usize = 0; row < rows; row += 1) {
    const score = load<Score>(scores + row * sizeof<Score>());
    const place = score < 0 ? nextNegative : next;
    if (score < 0) nextNegative += 1;
    else next += 1;
    store<Score>(scratchScores + place * sizeof<Score>(), abs(score));
    store<Payload>(
      scratchPayloads + place * sizeof<Payload>(),
      load<Payload>(payloads + row * sizeof<Payload>()),
    );
  }
  const isBack = sortDescending<Score, Bits, Payload>(
    scratchScores,
    scratchPayloads,
    scores,
    payloads,
    upper,
  );
  if (!isBack) copyRows<Score, Payload>(scores, payloads, scratchScores, scratchPayloads, upper);
  const lowerScores = scores + upper * sizeof<Score>();
  const lowerPayloads = payloads + upper * sizeof<Payload>();
  const fromScores = scratchScores + upper * sizeof<Score>();
  const fromPayloads = scratchPayloads + upper * sizeof<Payload>();
  if (sortDescending<Score, Bits, Payload>(fromScores, fromPayloads, lowerScores, lowerPayloads, negatives)) {
    copyRows<Score, Payload>(fromScores, fromPayloads, lowerScores, lowerPayloads, negatives);
  }
  for (let place: usize = 0; place < negatives; place += 1) {
    const from = negatives - 1 - place;
    store<Score>(lowerScores + place * sizeof<Score>(), -load<Score>(fromScores + from * sizeof<Score>()));
    store<Payload>(
      lowerPayloads + place * sizeof<Payload>(),
      load<Payload>(fromPayloads + from * sizeof<Payload>()),
    );
  }
  return false;
}

/** Of scores that are not negative. Answers whether the sorted rows stand in the scratch. */
function sortDescending<Score, Bits, Payload>(
  scores: usize,
  payloads: usize,
  scratchScores: usize,
  scratchPayloads: usize,
  rows: usize,
): bool {
  let differing: Bits = 0;
  const first = load<Bits>(scores);
  for (let row: usize = 1; row < rows; row += 1) {
    differing |= load<Bits>(scores + row * sizeof<Bits>()) ^ first;
  }
  if (differing === 0) return false;
  const lowest: u32 = <u32>ctz(differing);
  const highest: u32 = 8 * <u32>sizeof<Bits>() - 1 - <u32>clz(differing);
  const wanted: u32 = 32 - <u32>clz<u32>(<u32>rows) + spareBits;
  const lowestOfPasses: u32 = highest + 1 > lowest + wanted ? highest + 1 - wanted : lowest;
  const isInScratch = sortWindow<Score, Bits, Payload>(
    scores,
    payloads,
    scratchScores,
    scratchPayloads,
    rows,
    lowestOfPasses,
    highest,
  );
  if (lowestOfPasses > lowest) {
    if (isInScratch) {
      sortRuns<Score, Bits, Payload>(scratchScores, scratchPayloads, scores, payloads, rows, lowestOfPasses);
    } else {
      sortRuns<Score, Bits, Payload>(scores, payloads, scratchScores, scratchPayloads, rows, lowestOfPasses);
    }
  }
  return isInScratch;
}

/** Sorts by the bits from `lowest` to `highest` only, stable. Answers whether the sorted rows stand in the scratch. */
function sortWindow<Score, Bits, Payload>(
  scores: usize,
  payloads: usize,
  scratchScores: usize,
  scratchPayloads: usize,
  rows: usize,
  lowest: u32,
  highest: u32,
): bool {
  const bits = highest - lowest + 1;
  const passes = (bits + mostDigitBits - 1) / mostDigitBits;
  const width = (bits + passes - 1) / passes;
  let isInScratch = false;
  for (let shift = lowest; shift <= highest; shift += width) {
    const mask = ((<u32>1) << min(width, highest - shift + 1)) - 1;
    memory.fill(starts, 0, 4 * (<usize>mask + 2));
    const from = isInScratch ? scratchScores : scores;
    for (let row: usize = 0; row < rows; row += 1) {
      // Mask minus the bits: the highest score has the lowest digit.
      const digit = mask - (<u32>(load<Bits>(from + row * sizeof<Bits>()) >>> <Bits>shift) & mask);
      store<u16>(digits + 2 * row, <u16>digit);
      const count = starts + 4 * <usize>digit;
      store<u32>(count, load<u32>(count, 4) + 1, 4);
    }
    for (let digit: u32 = 1; digit <= mask; digit += 1) {
      const start = starts + 4 * <usize>digit;
      store<u32>(start, load<u32>(start) + load<u32>(start - 4));
    }
    if (isInScratch) scatter<Score, Payload>(scratchScores, scratchPayloads, scores, payloads, rows);
    else scatter<Score, Payload>(scores, payloads, scratchScores, scratchPayloads, rows);
    isInScratch = !isInScratch;
  }
  return isInScratch;
}

function scatter<Score, Payload>(
  scores: usize,
  payloads: usize,
  toScores: usize,
  toPayloads: usize,
  rows: usize,
): void {
  for (let row: usize = 0; row < rows; row += 1) {
    const start = starts + 4 * <usize>load<u16>(digits + 2 * row);
    const place = <usize>load<u32>(start);
    store<u32>(start, <u32>(place + 1));
    store<Score>(toScores + place * sizeof<Score>(), load<Score>(scores + row * sizeof<Score>()));
    store<Payload>(toPayloads + place * sizeof<Payload>(), load<Payload>(payloads + row * sizeof<Payload>()));
  }
}

/** Sorts what the passes left: rows that agree in all bits from `agreed` on. */
function sortRuns<Score, Bits, Payload>(
  scores: usize,
  payloads: usize,
  scratchScores: usize,
  scratchPayloads: usize,
  rows: usize,
  agreed: u32,
): void {
  const shift = <Bits>agreed;
  for (let row: usize = 1; row < rows; row += 1) {
    const at = scores + row * sizeof<Score>();
    if (load<Score>(at - sizeof<Score>()) >= load<Score>(at)) continue;
    const upper = load<Bits>(at) >>> shift;
    let start = row - 1;
    let end = row + 1;
    while (start > 0 && load<Bits>(scores + (start - 1) * sizeof<Bits>()) >>> shift === upper) start -= 1;
    while (end < rows && load<Bits>(scores + end * sizeof<Bits>()) >>> shift === upper) end += 1;
    const runScores = scores + start * sizeof<Score>();
    const runPayloads = payloads + start * sizeof<Payload>();
    if (end - start <= shortRun) sortShortRun<Score, Payload>(runScores, runPayloads, end - start);
    else {
      const otherScores = scratchScores + start * sizeof<Score>();
      const otherPayloads = scratchPayloads + start * sizeof<Payload>();
      if (
        sortDescending<Score, Bits, Payload>(runScores, runPayloads, otherScores, otherPayloads, end - start)
      ) {
        copyRows<Score, Payload>(runScores, runPayloads, otherScores, otherPayloads, end - start);
      }
    }
    row = end;
  }
}

/** `room`: for 2 ** 11 + 1 counts of 32 bits, then for the digits of the rows, of 16 bits. */
export function useRoom(room: usize): void {
  starts = room;
  digits = room + 4 * ((1 << mostDigitBits) + 1);
}
