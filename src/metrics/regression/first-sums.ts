import { ExactSum } from "../exact-sum.ts";
import { blockRows, MeanSum } from "../sums/mean-sum.ts";
import { Deviance, isInDomain } from "./deviance-terms.ts";
import { blocksOf, type RegressionRows } from "./regression-sample.ts";

/** scikit-learn's denominator of MAPE is at least this: an error at a truth of 0 counts some 1e15. */
const smallestTruth = Number.EPSILON;

/** Infinity to -Infinity without rows. */
export interface Range {
  readonly smallest: number;
  readonly largest: number;
}

/** What one look at the rows tells. Means are weighted; NaN without rows. */
export interface FirstFigures {
  readonly count: number;
  /** Sum of the weights, or the number of rows. */
  readonly weight: number;
  readonly isWeighted: boolean;
  readonly truth: Range;
  readonly prediction: Range;
  /** Prediction - truth; infinite where it is beyond a double. */
  readonly error: Range;
  readonly meanTruth: number;
  readonly meanPrediction: number;
  readonly meanTruthSize: number;
  /** Of the errors: absolute, squared, as they are, relative to the truth, and to the mean size of both. */
  readonly mae: number;
  readonly mse: number;
  readonly bias: number;
  readonly mape: number;
  readonly smape: number;
  /** Of the difference of logarithms, squared: only where no truth and no prediction is -1 or below. */
  readonly msle: number;
  /** By power: only where truths and predictions are in its domain. */
  readonly deviances: ReadonlyMap<number, number>;
}

const names = [
  ...["mae", "mse", "bias", "mape", "smape", "msle"],
  ...["meanTruth", "meanPrediction", "meanTruthSize"],
] as const;

const memory = Array.from({ length: 3 }, () => new Float64Array(blockRows));

class GrowingRange {
  smallest = Number.POSITIVE_INFINITY;
  largest = Number.NEGATIVE_INFINITY;

  take(values: Float64Array): void {
    let { smallest, largest } = this;
    for (let row = 0; row < values.length; row += 1) {
      const value = values[row] ?? Number.NaN;
      if (value < smallest) smallest = value;
      if (value > largest) largest = value;
    }
    this.smallest = smallest;
    this.largest = largest;
  }
}

/** The first look at rows, which come some at a time and in any order. */
export class FirstSums {
  readonly #isWeighted: boolean;
  readonly #sums = Object.fromEntries(names.map((name) => [name, new MeanSum()])) as Record<
    (typeof names)[number],
    MeanSum
  >;
  readonly #deviances: readonly { readonly terms: Deviance; readonly sum: MeanSum }[];
  readonly #weight = new ExactSum();
  readonly #truth = new GrowingRange();
  readonly #prediction = new GrowingRange();
  readonly #error = new GrowingRange();
  #count = 0;

  /** `powers`: of deviances. */
  constructor(isWeighted: boolean, powers: readonly number[]) {
    this.#isWeighted = isWeighted;
    this.#deviances = [...new Set(powers)].map((power) => ({
      terms: new Deviance(power),
      sum: new MeanSum(),
    }));
  }

  take(rows: RegressionRows): void {
    for (const block of blocksOf(rows)) {
      this.#count += block.truths.length;
      if (block.weights !== undefined) this.#weight.addAll(block.weights);
      this.#truth.take(block.truths);
      this.#prediction.take(block.predictions);
      this.#addErrors(block);
      this.#addRelative(block);
      this.#addLogarithms(block);
    }
  }

  get figures(): FirstFigures {
    const count = this.#count;
    const weight = this.#isWeighted ? this.#weight.value : count;
    const means = Object.fromEntries(names.map((name) => [name, this.#sums[name].over(weight)])) as Record<
      (typeof names)[number],
      number
    >;
    const deviances = new Map(this.#deviances.map(({ terms, sum }) => [terms.power, sum.over(weight)]));
    // Of 0 and -0 a range holds what came first: with 0 added it is 0 in any order of rows.
    const range = ({ smallest, largest }: Range) => ({ smallest: smallest + 0, largest: largest + 0 });
    return {
      ...{ count, weight, isWeighted: this.#isWeighted, ...means, deviances },
      ...{ truth: range(this.#truth), prediction: range(this.#prediction), error: range(this.#error) },
    };
  }

  #addErrors({ truths, predictions, weights }: RegressionRows): void {
    const [errors, sizes, squares] = memoryOf(truths.length);
    for (let row = 0; row < truths.length; row += 1) {
      const error = (predictions[row] ?? Number.NaN) - (truths[row] ?? Number.NaN);
      errors[row] = error;
      sizes[row] = Math.abs(error);
      squares[row] = error * error;
    }
    this.#error.take(errors);
    this.#sums.bias.add(errors, weights);
    this.#sums.mae.add(sizes, weights);
    this.#sums.mse.add(squares, weights);
    this.#sums.meanTruth.add(truths, weights);
    this.#sums.meanPrediction.add(predictions, weights);
  }

  #addRelative({ truths, predictions, weights }: RegressionRows): void {
    const [truthSizes, relative, symmetric] = memoryOf(truths.length);
    for (let row = 0; row < truths.length; row += 1) {
      const truth = truths[row] ?? Number.NaN;
      const prediction = predictions[row] ?? Number.NaN;
      const size = Math.abs(truth);
      const error = Math.abs(prediction - truth);
      const both = size / 2 + Math.abs(prediction) / 2;
      truthSizes[row] = size;
      relative[row] = error / Math.max(size, smallestTruth);
      // Nothing is wrong where both are 0.
      symmetric[row] = both === 0 ? 0 : error / both;
    }
    this.#sums.meanTruthSize.add(truthSizes, weights);
    this.#sums.mape.add(relative, weights);
    this.#sums.smape.add(symmetric, weights);
  }

  #addLogarithms({ truths, predictions, weights }: RegressionRows): void {
    const [terms] = memoryOf(truths.length);
    const [truth, prediction] = [this.#truth, this.#prediction];
    if (truth.smallest > -1 && prediction.smallest > -1) {
      for (let row = 0; row < truths.length; row += 1) {
        const difference = Math.log1p(truths[row] ?? Number.NaN) - Math.log1p(predictions[row] ?? Number.NaN);
        terms[row] = difference * difference;
      }
      this.#sums.msle.add(terms, weights);
    }
    for (const { terms: deviance, sum } of this.#deviances) {
      if (!isInDomain(deviance.power, truth.smallest, prediction.smallest)) continue;
      deviance.fill(truths, predictions, terms);
      sum.add(terms, weights);
    }
  }
}

function memoryOf(rows: number): readonly [Float64Array, Float64Array, Float64Array] {
  const [first = new Float64Array(), second = first, third = first] = memory;
  return [first.subarray(0, rows), second.subarray(0, rows), third.subarray(0, rows)];
}
