import { BadRows } from "../read/sinks.ts";

/** Rows whose weights are odd, of a table that is read block by block. */
export class WeightRows {
  readonly negative = new BadRows();
  readonly zero = new BadRows();

  /** Of the rows from `start` on. */
  take(weights: Float64Array, start: number): void {
    const { negative, zero } = this;
    for (const one of [negative, zero]) one.from = start;
    for (let row = 0; row < weights.length; row += 1) {
      const weight = weights[row] ?? 0;
      if (weight < 0) negative.add(row);
      else if (weight === 0) zero.add(row);
    }
  }
}
