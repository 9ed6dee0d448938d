/** So many terms are added one by one: below that the arrays would cost more than they save. */
const fewTerms = 256;
/** Exponents of terms that are added up in arrays, from 64 below that of the first such term to 63 above it. */
const exponents = 128;
/** Where the largest of many terms is known there is more room for smaller ones: so many exponents. */
const spareExponents = 48;
/** So many parts of a term, each below 2^27 units, add up to less than 2^53 of them. */
const mostTerms = 2 ** 26;

/** Terms of an array that are looked at together. */
const blockTerms = 2048;

/** A double and its words: the upper one has the sign, the exponent and 20 bits of the fraction. */
const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const [lower, upper] = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? [0, 1] : [1, 0];
/** Terms without their last 27 bits, and their words. */
const highs = new Float64Array(blockTerms);
const highWords = new Uint32Array(highs.buffer);

/**
 * A sum of doubles without rounding error: the value is the exact sum, rounded once. So neither the order of the rows nor the
 * number of threads shows in a metric. Non-overlapping partial sums after Shewchuk (1997), "Adaptive Precision Floating-Point
 * Arithmetic", algorithm GROW-EXPANSION; of many terms first the upper and the lower halves of those of one exponent are
 * added up, which is exact: they are whole multiples of one unit, and few enough. A term or a partial sum beyond the range
 * of doubles makes the value non-finite.
 */
export class ExactSum {
  readonly #partials: number[] = [];
  #nonFinite = 0;
  #terms = 0;
  /** Of the first exponent in the arrays. */
  #first = 0;
  /** By exponent: the sum of the upper and that of the lower halves. */
  #halves: Float64Array | undefined;

  add(term: number): void {
    this.#terms += 1;
    if (this.#terms <= fewTerms || !this.#addHalves(term)) this.#nonFinite += grow(this.#partials, term);
  }

  /** The same as `add` of each, and faster where they are many. */
  addAll(terms: Float64Array): void {
    if (terms.length <= fewTerms && this.#halves === undefined) {
      for (let place = 0; place < terms.length; place += 1) this.add(terms[place] ?? 0);
      return;
    }
    for (let start = 0; start < terms.length; start += blockTerms)
      this.#addBlock(terms.subarray(start, start + blockTerms));
  }

  #addBlock(terms: Float64Array): void {
    const { length } = terms;
    highs.set(terms);
    const largest = clearLastBits(length);
    const isBeyond = largest >= this.#first + exponents;
    if (this.#halves === undefined || isBeyond || this.#terms + length > mostTerms)
      this.#start(largest - spareExponents);
    this.#terms += length;
    const halves = this.#halves ?? new Float64Array();
    const first = this.#first;
    for (let index = 0; index < length; index += 1) {
      const exponent = ((highWords[2 * index + upper] ?? 0) >>> 20) & 0x7ff;
      const place = exponent - first;
      const term = terms[index] ?? 0;
      if (place >= 0 && place < exponents && exponent !== 0 && exponent !== 0x7ff) {
        const high = highs[index] ?? 0;
        halves[2 * place] = (halves[2 * place] ?? 0) + high;
        halves[2 * place + 1] = (halves[2 * place + 1] ?? 0) + (term - high);
      } else if (term !== 0) this.#nonFinite += grow(this.#partials, term);
    }
  }

  /** The exact sum rounded to the nearest double, half to even; 0 of nothing. */
  get value(): number {
    const partials = [...this.#partials];
    let nonFinite = this.#nonFinite;
    for (const half of this.#halves ?? []) if (half !== 0) nonFinite += grow(partials, half);
    return nonFinite === 0 ? rounded(partials) : nonFinite;
  }

  /** False for what has no place in the arrays: 0, tiny, far away, not finite. */
  #addHalves(term: number): boolean {
    double[0] = term;
    const exponent = ((words[upper] ?? 0) >>> 20) & 0x7ff;
    if (exponent === 0 || exponent === 0x7ff) return false;
    if (this.#halves === undefined || this.#terms >= mostTerms) this.#start(exponent);
    const place = exponent - this.#first;
    if (place < 0 || place >= exponents) return false;
    const halves = this.#halves ?? new Float64Array();
    // Without its last 27 bits a double is a whole multiple of 2^27 units; what is left is less than that.
    words[lower] = (words[lower] ?? 0) & 0xf800_0000;
    const high = double[0];
    halves[2 * place] = (halves[2 * place] ?? 0) + high;
    halves[2 * place + 1] = (halves[2 * place + 1] ?? 0) + (term - high);
    return true;
  }

  #start(exponent: number): void {
    for (const half of this.#halves ?? []) if (half !== 0) this.#nonFinite += grow(this.#partials, half);
    this.#halves = new Float64Array(2 * exponents);
    this.#first = exponent - exponents / 2;
    this.#terms = fewTerms;
  }
}

/** Of the terms in `highs`, which are so many; answers their largest exponent. */
function clearLastBits(length: number): number {
  let largest = 0;
  for (let index = 0; index < length; index += 1) {
    highWords[2 * index + lower] = (highWords[2 * index + lower] ?? 0) & 0xf800_0000;
    const exponent = ((highWords[2 * index + upper] ?? 0) >>> 20) & 0x7ff;
    if (exponent !== 0x7ff && exponent > largest) largest = exponent;
  }
  return largest;
}

/** Adds a term to the partial sums; answers what is not finite of it, else 0. */
function grow(partials: number[], term: number): number {
  if (!Number.isFinite(term)) return term;
  let carried = term;
  let kept = 0;
  for (let index = 0; index < partials.length; index += 1) {
    const partial = partials[index] ?? 0;
    const sum = carried + partial;
    const larger = Math.abs(carried) < Math.abs(partial) ? partial : carried;
    const smaller = larger === partial ? carried : partial;
    const rest = smaller - (sum - larger);
    if (rest !== 0) {
      partials[kept] = rest;
      kept += 1;
    }
    carried = sum;
  }
  partials.length = Number.isFinite(carried) ? kept : 0;
  if (!Number.isFinite(carried)) return carried;
  partials.push(carried);
  return 0;
}

/** The sum of non-overlapping partial sums, rounded once. */
function rounded(partials: readonly number[]): number {
  let index = partials.length - 1;
  let high = partials[index] ?? 0;
  let low = 0;
  while (index > 0 && low === 0) {
    index -= 1;
    const partial = partials[index] ?? 0;
    const sum = high + partial;
    low = partial - (sum - high);
    high = sum;
  }
  // `low` is half a unit in the last place at most: where it is exactly half, what lies below decides the rounding.
  const below = index > 0 ? (partials[index - 1] ?? 0) : 0;
  if ((low > 0 && below > 0) || (low < 0 && below < 0)) {
    const doubled = low * 2;
    const upwards = high + doubled;
    if (upwards - high === doubled) return upwards;
  }
  return high;
}
