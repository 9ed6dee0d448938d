import { ExactSum } from "../exact-sum.ts";
import type { MetricOutcome } from "../metric-set.ts";

/** Half-machine-epsilon rule of scikit-learn: probabilities are clipped to [eps, 1 - eps] of their own type. */
const epsilons = { float32: 2 ** -23, float64: 2 ** -52 } as const;
const notProbabilities = { undefined: "scores outside [0, 1] are no probabilities" };

/** One column a class. */
export type Probabilities = readonly (Float64Array | Float32Array)[];

/** By row. */
export interface ProbabilityFigures {
  readonly logLoss: Float64Array;
  readonly squaredError: Float64Array;
  /** Classes that go before the row's own by probability. */
  readonly before: Uint32Array;
}

/** The classes that come first, of which one is to be right. */
export function topOf(classes: number, given: readonly number[] | undefined): number[] {
  return (given ?? (classes > 10 ? [2, 5] : [2])).filter((k) => k < classes);
}

/** Whether all lie in [0, 1]. */
export function areProbabilities(probabilities: Probabilities): boolean {
  return probabilities.every((column) => {
    let [lowest, highest] = [0, 1];
    for (let row = 0; row < column.length; row += 1) {
      const value = column[row] ?? 0;
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    }
    return lowest === 0 && highest === 1;
  });
}

/**
 * What the probabilities of each row say of its class. A row is right among k where fewer than k classes are more likely; of equally
 * likely ones the later go first, as in scikit-learn.
 */
export function probabilityFigures(labels: Uint32Array, probabilities: Probabilities): ProbabilityFigures {
  const rows = labels.length;
  const found = {
    logLoss: new Float64Array(rows),
    squaredError: new Float64Array(rows),
    before: new Uint32Array(rows),
  };
  const own = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) own[row] = probabilities[labels[row] ?? 0]?.[row] ?? Number.NaN;
  const epsilon = probabilities[0] instanceof Float32Array ? epsilons.float32 : epsilons.float64;
  for (let row = 0; row < rows; row += 1)
    found.logLoss[row] = -Math.log(Math.min(Math.max(own[row] ?? 0, epsilon), 1 - epsilon));
  for (const [index, column] of probabilities.entries()) addClass(found, { index, column, labels, own });
  return found;
}

/** Class after class, the errors of a row are added up in the order of the classes. */
function addClass(
  { squaredError, before }: ProbabilityFigures,
  of: {
    readonly index: number;
    readonly column: Probabilities[number];
    readonly labels: Uint32Array;
    readonly own: Float64Array;
  },
): void {
  const { index, column, labels, own } = of;
  for (let row = 0; row < labels.length; row += 1) {
    const label = labels[row] ?? 0;
    const probability = column[row] ?? Number.NaN;
    const mine = own[row] ?? 0;
    const error = probability - (index === label ? 1 : 0);
    squaredError[row] = (squaredError[row] ?? 0) + error * error;
    if (probability > mine || (probability === mine && index > label)) before[row] = (before[row] ?? 0) + 1;
  }
}

/** Sums of one group. */
export class ProbabilityTally {
  #rows = 0;
  readonly #weight = new ExactSum();
  readonly #logLoss = new ExactSum();
  readonly #squaredError = new ExactSum();
  readonly #ks: readonly number[];
  /** By k: rows without weights, and sums of weights. */
  readonly #right: Float64Array;
  readonly #rightWeights: readonly ExactSum[];

  constructor(ks: readonly number[]) {
    this.#ks = ks;
    this.#right = new Float64Array(ks.length);
    this.#rightWeights = ks.map(() => new ExactSum());
  }

  /** `weight`: undefined counts the row once. */
  add({ logLoss, squaredError, before }: ProbabilityFigures, row: number, weight: number | undefined): void {
    if (weight !== undefined) {
      this.#weigh({ logLoss, squaredError, before }, row, weight);
      return;
    }
    this.#rows += 1;
    this.#logLoss.add(logLoss[row] ?? 0);
    this.#squaredError.add(squaredError[row] ?? 0);
    for (let place = 0; place < this.#ks.length; place += 1)
      if ((before[row] ?? 0) < (this.#ks[place] ?? 0)) this.#right[place] = (this.#right[place] ?? 0) + 1;
  }

  /**
   * `log_loss, brier` (sum over the classes, 0 to 2)`, top_k_accuracy@k`. `isProbability`: all columns of the table, not of the group,
   * lie in [0, 1].
   */
  outcomes(isProbability: boolean): Record<string, MetricOutcome> {
    const weight = this.#rows + this.#weight.value;
    const tops = this.#ks.map((k, place): [string, number] => [
      `top_k_accuracy@${k}`,
      ((this.#right[place] ?? 0) + (this.#rightWeights[place]?.value ?? 0)) / weight,
    ]);
    return {
      log_loss: isProbability ? this.#logLoss.value / weight : notProbabilities,
      brier: isProbability ? this.#squaredError.value / weight : notProbabilities,
      ...Object.fromEntries(tops),
    };
  }

  #weigh({ logLoss, squaredError, before }: ProbabilityFigures, row: number, weight: number): void {
    if (weight === 0) return;
    this.#weight.add(weight);
    this.#logLoss.add(weight * (logLoss[row] ?? 0));
    this.#squaredError.add(weight * (squaredError[row] ?? 0));
    for (const [place, sum] of this.#rightWeights.entries())
      if ((before[row] ?? 0) < (this.#ks[place] ?? 0)) sum.add(weight);
  }
}
