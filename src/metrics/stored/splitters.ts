const searched = 256;

/** Fewer buckets cost less memory, more of them fewer rounds. */
const mostSplitters = searched - 1;

/** Values that divide others into buckets: those below the first, those equal to it, those between it and the next one, and so on. */
export class Splitters {
  readonly #values = new Float64Array(searched).fill(Number.POSITIVE_INFINITY);
  readonly #count: number;

  /** For so many buckets of about equal size at least, as far as a sample of the values tells, which is put in order. */
  constructor(sample: Float64Array, wanted: number) {
    sample.sort();
    const parts = Math.min(mostSplitters, Math.max(2, Math.ceil(wanted)));
    const found = new Set<number>();
    for (let part = 1; part < parts; part += 1) {
      const value = sample[Math.floor((part * sample.length) / parts)];
      if (value !== undefined) found.add(value);
    }
    this.#values.set([...found]);
    this.#count = found.size;
  }

  get buckets(): number {
    return 2 * (this.#count + 1);
  }

  /** All values of such a bucket are equal. */
  static isOfEqual(bucket: number): boolean {
    return bucket % 2 === 1;
  }

  place(values: Float64Array, into: Uint32Array): void {
    const own = this.#values;
    for (let row = 0; row < values.length; row += 1) {
      const value = values[row] ?? 0;
      let below = 0;
      for (let step = searched / 2; step > 0; step >>>= 1) {
        if ((own[below + step - 1] ?? 0) < value) below += step;
      }
      into[row] = 2 * below + (own[below] === value ? 1 : 0);
    }
  }
}
