const digitBits = 11;
const digitCount = 6;
const digitMask = (1 << digitBits) - 1;

/**
 * Row numbers by score, highest first; -0 equals 0. Scores must be finite. Equal scores stay in row order.
 * A radix sort of the doubles' bits, 11 at a time from the lowest: linear, and without a comparison function.
 */
export function descendingOrder(scores: Float64Array): Uint32Array {
  const { low, high } = descendingKeys(scores);
  let from = Uint32Array.from({ length: scores.length }, (_, row) => row);
  let to = new Uint32Array(scores.length);
  for (let digit = 0; digit < digitCount; digit += 1) {
    if (distribute({ low, high, from, to, shift: digit * digitBits })) [from, to] = [to, from];
  }
  return from;
}

/** Two 32-bit halves a row, such that unsigned ascending keys are descending scores. */
function descendingKeys(scores: Float64Array): { low: Uint32Array; high: Uint32Array } {
  const low = new Uint32Array(scores.length);
  const high = new Uint32Array(scores.length);
  const one = new Float64Array(1);
  const bits = new Uint32Array(one.buffer);
  for (let row = 0; row < scores.length; row += 1) {
    one[0] = (scores[row] ?? 0) + 0;
    const lowBits = bits[0] ?? 0;
    const highBits = bits[1] ?? 0;
    const isNegative = highBits >>> 31 === 1;
    low[row] = isNegative ? lowBits : ~lowBits;
    high[row] = isNegative ? highBits : ~highBits & 0x7fffffff;
  }
  return { low, high };
}

interface Pass {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly shift: number;
}

/** One stable pass over one digit. False, and nothing written, where all rows share the digit. */
function distribute({ low, high, from, to, shift }: Pass): boolean {
  const starts = new Uint32Array(digitMask + 2);
  const digits = new Uint16Array(from.length);
  for (let place = 0; place < from.length; place += 1) {
    const row = from[place] ?? 0;
    const digit = digitAt(low[row] ?? 0, high[row] ?? 0, shift);
    digits[place] = digit;
    starts[digit + 1] = (starts[digit + 1] ?? 0) + 1;
  }
  if (starts.includes(from.length)) return false;
  for (let digit = 1; digit < starts.length; digit += 1) {
    starts[digit] = (starts[digit] ?? 0) + (starts[digit - 1] ?? 0);
  }
  for (let place = 0; place < from.length; place += 1) {
    const digit = digits[place] ?? 0;
    const target = starts[digit] ?? 0;
    to[target] = from[place] ?? 0;
    starts[digit] = target + 1;
  }
  return true;
}

function digitAt(low: number, high: number, shift: number): number {
  if (shift >= 32) return (high >>> (shift - 32)) & digitMask;
  if (shift + digitBits <= 32) return (low >>> shift) & digitMask;
  return ((low >>> shift) | (high << (32 - shift))) & digitMask;
}

/** Row numbers by value, lowest first; -0 equals 0. Values must be finite. */
export function ascendingOrder(values: Float64Array): Uint32Array {
  return descendingOrder(values).reverse();
}
