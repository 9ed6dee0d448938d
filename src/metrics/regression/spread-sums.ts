import { blockRows, MeanSum } from "../sums/mean-sum.ts";
import { Deviance } from "./deviance-terms.ts";
import type { FirstFigures } from "./first-sums.ts";
import { blocksOf, type RegressionRows } from "./regression-sample.ts";

/** What a second look tells, around the means of the first one. Means are weighted. */
export interface SpreadFigures {
  /** Mean squared distance from the mean: of truths, predictions, errors, and their sizes and squares. */
  readonly truth: number;
  readonly prediction: number;
  readonly error: number;
  readonly errorSize: number;
  readonly errorSquare: number;
  readonly covariance: number;
  /** Mean distance of the truths from their median. */
  readonly fromMedian: number;
  /** By power, of the mean of the truths. */
  readonly deviances: ReadonlyMap<number, number>;
}

const names = [
  ...["truth", "prediction", "error", "errorSize", "errorSquare"],
  ...["covariance", "fromMedian"],
] as const;

const memory = Array.from({ length: 4 }, () => new Float64Array(blockRows));

/** The second look at rows, which come some at a time and in any order. */
export class SpreadSums {
  readonly #first: FirstFigures;
  readonly #median: number;
  readonly #sums = Object.fromEntries(names.map((name) => [name, new MeanSum()])) as Record<
    (typeof names)[number],
    MeanSum
  >;
  readonly #deviances: readonly { readonly terms: Deviance; readonly sum: MeanSum }[];

  /** `median`: of the truths. `powers`: of deviances that are defined. */
  constructor(first: FirstFigures, median: number, powers: readonly number[]) {
    this.#first = first;
    this.#median = median;
    this.#deviances = powers.map((power) => ({ terms: new Deviance(power), sum: new MeanSum() }));
  }

  take(rows: RegressionRows): void {
    for (const block of blocksOf(rows)) {
      this.#addSpreads(block);
      this.#addErrors(block);
      const [terms] = memoryOf(block.truths.length);
      for (const { terms: deviance, sum } of this.#deviances) {
        deviance.fill(block.truths, this.#first.meanTruth, terms);
        sum.add(terms, block.weights);
      }
    }
  }

  get figures(): SpreadFigures {
    const { weight } = this.#first;
    const means = Object.fromEntries(names.map((name) => [name, this.#sums[name].over(weight)])) as Record<
      (typeof names)[number],
      number
    >;
    const deviances = new Map(this.#deviances.map(({ terms, sum }) => [terms.power, sum.over(weight)]));
    return { ...means, deviances };
  }

  #addSpreads({ truths, predictions, weights }: RegressionRows): void {
    const { meanTruth, meanPrediction } = this.#first;
    const median = this.#median;
    const [ofTruths, ofPredictions, products, distances] = memoryOf(truths.length);
    for (let row = 0; row < truths.length; row += 1) {
      const truth = truths[row] ?? Number.NaN;
      const one = truth - meanTruth;
      const other = (predictions[row] ?? Number.NaN) - meanPrediction;
      ofTruths[row] = one * one;
      ofPredictions[row] = other * other;
      products[row] = one * other;
      distances[row] = Math.abs(truth - median);
    }
    this.#sums.truth.add(ofTruths, weights);
    this.#sums.prediction.add(ofPredictions, weights);
    this.#sums.covariance.add(products, weights);
    this.#sums.fromMedian.add(distances, weights);
  }

  #addErrors({ truths, predictions, weights }: RegressionRows): void {
    const { bias, mae, mse } = this.#first;
    const [ofErrors, ofSizes, ofSquares] = memoryOf(truths.length);
    for (let row = 0; row < truths.length; row += 1) {
      const error = (predictions[row] ?? Number.NaN) - (truths[row] ?? Number.NaN);
      const fromBias = error - bias;
      const fromSize = Math.abs(error) - mae;
      const fromSquare = error * error - mse;
      ofErrors[row] = fromBias * fromBias;
      ofSizes[row] = fromSize * fromSize;
      ofSquares[row] = fromSquare * fromSquare;
    }
    this.#sums.error.add(ofErrors, weights);
    // Intervals are of rows without weights.
    if (weights !== undefined) return;
    this.#sums.errorSize.add(ofSizes, undefined);
    this.#sums.errorSquare.add(ofSquares, undefined);
  }
}

function memoryOf(rows: number): readonly [Float64Array, Float64Array, Float64Array, Float64Array] {
  const [first = new Float64Array(), second = first, third = first, fourth = first] = memory;
  return [
    first.subarray(0, rows),
    second.subarray(0, rows),
    third.subarray(0, rows),
    fourth.subarray(0, rows),
  ];
}
