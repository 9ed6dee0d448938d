/** Fewer keys are put in order one by one. */
const fewKeys = 20;

/**
 * How many pairs of keys stand the wrong way round: the larger first. Keys are whole numbers below 2^32; they are used up. They are divided
 * bit by bit from the highest one, and those with a 1 counted that stand before each with a 0.
 */
export function countInversions(keys: Uint32Array): number {
  const largest = keys.reduce((one, other) => Math.max(one, other), 0);
  const scratch = new Uint32Array(keys.length);
  return inversionsIn({ from: keys, to: scratch, start: 0, end: keys.length, bit: 31 - Math.clz32(largest) });
}

interface Part {
  /** Where the keys stand. */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly start: number;
  readonly end: number;
  /** The highest in which they may differ; below 0: they are equal. */
  readonly bit: number;
}

function inversionsIn({ from, to, start, end, bit }: Part): number {
  if (bit < 0) return 0;
  if (end - start <= fewKeys) return inversionsOfFew(from, start, end);
  let ones = 0;
  for (let place = start; place < end; place += 1) ones += ((from[place] ?? 0) >>> bit) & 1;
  const middle = end - ones;
  if (ones === 0 || middle === start) return inversionsIn({ from, to, start, end, bit: bit - 1 });
  let [zero, one, found] = [start, middle, 0];
  for (let place = start; place < end; place += 1) {
    const key = from[place] ?? 0;
    const isOne = (key >>> bit) & 1;
    to[isOne === 1 ? one : zero] = key;
    found += (1 - isOne) * (one - middle);
    one += isOne;
    zero += 1 - isOne;
  }
  const next = { from: to, to: from, bit: bit - 1 };
  return (
    found + inversionsIn({ ...next, start, end: middle }) + inversionsIn({ ...next, start: middle, end })
  );
}

function inversionsOfFew(keys: Uint32Array, start: number, end: number): number {
  let found = 0;
  for (let place = start + 1; place < end; place += 1) {
    const key = keys[place] ?? 0;
    let to = place;
    while (to > start && (keys[to - 1] ?? 0) > key) {
      keys[to] = keys[to - 1] ?? 0;
      to -= 1;
    }
    keys[to] = key;
    found += place - to;
  }
  return found;
}
