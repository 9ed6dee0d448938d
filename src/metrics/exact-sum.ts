/**
 * A sum of doubles without rounding error: the value is the exact sum, rounded once. So neither the order of the rows nor the
 * number of threads shows in a metric. Non-overlapping partial sums after Shewchuk (1997), "Adaptive Precision Floating-Point
 * Arithmetic", algorithm GROW-EXPANSION. A term or a partial sum beyond the range of doubles makes the value non-finite.
 */
export class ExactSum {
  readonly #partials: number[] = [];
  #nonFinite = 0;

  add(term: number): void {
    if (!Number.isFinite(term)) {
      this.#nonFinite += term;
      return;
    }
    const partials = this.#partials;
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
    if (!Number.isFinite(carried)) {
      this.#nonFinite += carried;
      carried = 0;
    }
    partials.length = kept;
    partials.push(carried);
  }

  /** The exact sum rounded to the nearest double, half to even; 0 of nothing. */
  get value(): number {
    if (this.#nonFinite !== 0) return this.#nonFinite;
    const partials = this.#partials;
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
      const rounded = high + doubled;
      if (rounded - high === doubled) return rounded;
    }
    return high;
  }
}
