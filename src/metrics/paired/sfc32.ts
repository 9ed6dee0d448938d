/** Rounds after which the seed is in all of the state, as in the author's PractRand. */
const warmUp = 12;

/**
 * sfc32 (Chris Doty-Humphrey, PractRand): 32 bits a call, integer operations only, so the same numbers on every machine; its period is
 * 2^32 at least, 2^127 as a rule.
 */
export class Sfc32 {
  #a = 0;
  #b: number;
  #c = 0;
  #counter = 1;

  constructor(seed: number) {
    this.#b = seed | 0;
    for (let round = 0; round < warmUp; round += 1) this.next();
  }

  /** A whole number from 0 to 2^32 - 1. */
  next(): number {
    const drawn = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + drawn) | 0;
    return drawn >>> 0;
  }

  /**
   * How often each of the counters' places is drawn in as many draws with replacement. The steps of `next` are written out: a draw a row
   * and replicate is most of a bootstrap's work.
   */
  resample(counts: Uint16Array): void {
    counts.fill(0);
    const scale = counts.length / 2 ** 32;
    let [a, b, c, counter] = [this.#a, this.#b, this.#c, this.#counter];
    for (let draw = 0; draw < counts.length; draw += 1) {
      const drawn = (a + b + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + drawn) | 0;
      const place = ((drawn >>> 0) * scale) | 0;
      counts[place] = (counts[place] ?? 0) + 1;
    }
    [this.#a, this.#b, this.#c, this.#counter] = [a, b, c, counter];
  }
}
