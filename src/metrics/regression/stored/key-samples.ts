import type { RegressionRows } from "../regression-sample.ts";
import { strideOf } from "./sorted-stream.ts";

/** Values from all over the rows, by which these can be divided into parts of about equal size. */
export class KeySamples {
  readonly #stride: number;
  readonly #truths: number[] = [];
  readonly #predictions: number[] = [];
  /** The row of the next block that is taken. */
  #next = 0;

  /** Of so many rows. */
  constructor(rows: number) {
    this.#stride = strideOf(rows);
  }

  take({ truths, predictions }: RegressionRows): void {
    for (; this.#next < truths.length; this.#next += this.#stride) {
      this.#truths.push(truths[this.#next] ?? 0);
      this.#predictions.push(predictions[this.#next] ?? 0);
    }
    this.#next -= truths.length;
  }

  get truths(): Float64Array {
    return Float64Array.from(this.#truths);
  }

  get predictions(): Float64Array {
    return Float64Array.from(this.#predictions);
  }

  get errors(): Float64Array {
    return Float64Array.from(this.#predictions, (prediction, at) => prediction - (this.#truths[at] ?? 0));
  }
}
