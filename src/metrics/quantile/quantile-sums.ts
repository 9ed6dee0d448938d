import { ExactSum } from "../exact-sum.ts";
import { blockRows, MeanSum } from "../sums/mean-sum.ts";

/** Rows with a weight above 0: all of a sample, or some of them. */
export interface QuantileRows {
  readonly truths: Float64Array;
  /** By level. */
  readonly quantiles: readonly Float64Array[];
  readonly intervals: readonly { readonly lower: Float64Array; readonly upper: Float64Array }[];
  readonly weights: Float64Array | undefined;
}

/** What was predicted: levels of quantiles and of intervals. */
export interface PredictedLevels {
  readonly quantiles: readonly number[];
  readonly intervals: readonly number[];
}

/** Means are weighted; NaN without rows. */
export interface QuantileFigures {
  readonly count: number;
  /** Sum of the weights, or the number of rows. */
  readonly weight: number;
  readonly quantiles: readonly { readonly pinball: number; readonly coverage: number }[];
  /** Share of the rows where a higher level is predicted lower. */
  readonly crossing: number;
  readonly intervals: readonly {
    readonly coverage: number;
    readonly width: number;
    readonly winkler: number;
  }[];
}

/** Source: Koenker and Bassett (1978). */
function pinball(level: number, truth: number, quantile: number): number {
  return truth >= quantile ? level * (truth - quantile) : (1 - level) * (quantile - truth);
}

const memory = Array.from({ length: 3 }, () => new Float64Array(blockRows));

/** Adds up rows that come some at a time and in any order. */
export class QuantileSums {
  readonly #levels: PredictedLevels;
  readonly #isWeighted: boolean;
  /** Places of the levels, the lowest first. */
  readonly #rising: readonly number[];
  readonly #weight = new ExactSum();
  readonly #quantiles: readonly (readonly [MeanSum, MeanSum])[];
  readonly #crossing = new MeanSum();
  readonly #intervals: readonly (readonly [MeanSum, MeanSum, MeanSum])[];
  #count = 0;

  constructor(levels: PredictedLevels, isWeighted: boolean) {
    const { quantiles, intervals } = levels;
    this.#levels = levels;
    this.#isWeighted = isWeighted;
    this.#rising = [...quantiles.keys()].sort(
      (one, other) => (quantiles[one] ?? 0) - (quantiles[other] ?? 0),
    );
    this.#quantiles = quantiles.map(() => [new MeanSum(), new MeanSum()]);
    this.#intervals = intervals.map(() => [new MeanSum(), new MeanSum(), new MeanSum()]);
  }

  take(rows: QuantileRows): void {
    for (const block of blocksOf(rows)) {
      this.#count += block.truths.length;
      if (block.weights !== undefined) this.#weight.addAll(block.weights);
      this.#addQuantiles(block);
      if (this.#rising.length > 1) this.#addCrossing(block);
      this.#addIntervals(block);
    }
  }

  get figures(): QuantileFigures {
    const count = this.#count;
    const weight = this.#isWeighted ? this.#weight.value : count;
    return {
      count,
      weight,
      quantiles: this.#quantiles.map(([loss, covered]) => ({
        pinball: loss.over(weight),
        coverage: covered.over(weight),
      })),
      crossing: this.#crossing.over(weight),
      intervals: this.#intervals.map(([covered, width, winkler]) => ({
        coverage: covered.over(weight),
        width: width.over(weight),
        winkler: winkler.over(weight),
      })),
    };
  }

  #addQuantiles({ truths, quantiles, weights }: QuantileRows): void {
    const [losses, covered] = memoryOf(truths.length);
    for (const [index, [lossSum, coveredSum]] of this.#quantiles.entries()) {
      const level = this.#levels.quantiles[index] ?? Number.NaN;
      const values = quantiles[index] ?? truths;
      for (let row = 0; row < truths.length; row += 1) {
        const truth = truths[row] ?? Number.NaN;
        const value = values[row] ?? Number.NaN;
        losses[row] = pinball(level, truth, value);
        covered[row] = truth <= value ? 1 : 0;
      }
      lossSum.add(losses, weights);
      coveredSum.add(covered, weights);
    }
  }

  #addCrossing({ truths, quantiles, weights }: QuantileRows): void {
    const [crossed] = memoryOf(truths.length);
    crossed.fill(0);
    for (let place = 1; place < this.#rising.length; place += 1) {
      const lower = quantiles[this.#rising[place - 1] ?? 0] ?? truths;
      const upper = quantiles[this.#rising[place] ?? 0] ?? truths;
      for (let row = 0; row < truths.length; row += 1)
        if ((upper[row] ?? Number.NaN) < (lower[row] ?? Number.NaN)) crossed[row] = 1;
    }
    this.#crossing.add(crossed, weights);
  }

  #addIntervals({ truths, intervals, weights }: QuantileRows): void {
    const [covered, widths, scores] = memoryOf(truths.length);
    for (const [index, [coveredSum, widthSum, scoreSum]] of this.#intervals.entries()) {
      const level = this.#levels.intervals[index] ?? Number.NaN;
      const { lower, upper } = intervals[index] ?? { lower: truths, upper: truths };
      for (let row = 0; row < truths.length; row += 1) {
        const truth = truths[row] ?? Number.NaN;
        const low = lower[row] ?? Number.NaN;
        const high = upper[row] ?? Number.NaN;
        const outside = Math.max(low - truth, truth - high, 0);
        covered[row] = truth >= low && truth <= high ? 1 : 0;
        widths[row] = high - low;
        scores[row] = high - low + (2 / (1 - level)) * outside;
      }
      coveredSum.add(covered, weights);
      widthSum.add(widths, weights);
      scoreSum.add(scores, weights);
    }
  }
}

/** The pinball losses of predictions that are the same for every row, one a level. */
export class ConstantLosses {
  readonly #constants: readonly { readonly level: number; readonly value: number; readonly sum: MeanSum }[];

  constructor(levels: readonly number[], values: readonly number[]) {
    this.#constants = levels.map((level, index) => ({
      level,
      value: values[index] ?? Number.NaN,
      sum: new MeanSum(),
    }));
  }

  take(rows: QuantileRows): void {
    for (const { truths, weights } of blocksOf(rows)) {
      const [losses] = memoryOf(truths.length);
      for (const { level, value, sum } of this.#constants) {
        for (let row = 0; row < truths.length; row += 1)
          losses[row] = pinball(level, truths[row] ?? Number.NaN, value);
        sum.add(losses, weights);
      }
    }
  }

  over(weight: number): number[] {
    return this.#constants.map(({ sum }) => sum.over(weight));
  }
}

function* blocksOf({ truths, quantiles, intervals, weights }: QuantileRows): Generator<QuantileRows> {
  for (let start = 0; start < truths.length; start += blockRows) {
    const own = (values: Float64Array) => values.subarray(start, start + blockRows);
    yield {
      truths: own(truths),
      quantiles: quantiles.map(own),
      intervals: intervals.map(({ lower, upper }) => ({ lower: own(lower), upper: own(upper) })),
      weights: weights && own(weights),
    };
  }
}

function memoryOf(rows: number): readonly [Float64Array, Float64Array, Float64Array] {
  const [first = new Float64Array(), second = first, third = first] = memory;
  return [first.subarray(0, rows), second.subarray(0, rows), third.subarray(0, rows)];
}
