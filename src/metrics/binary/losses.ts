import { normal975 } from "../intervals/proportion.ts";
import type { MetricInterval } from "../metric-set.ts";
import { RunningSum, runLength } from "../sums/running-sum.ts";
import type { Scores } from "./columns.ts";
import type { PlacedBlocks, ScoreBlocks } from "./score-blocks.ts";

/** Probabilities are clipped to [eps, 1 - eps], eps = finfo(dtype).eps, as scikit-learn (1.9.1) does. */
export function clipOf(scores: Scores): number {
  return scores instanceof Float32Array ? 2 ** -23 : 2 ** -52;
}

/** A weighted sum of losses, and of the squares of their differences from one of them, which tell how far they spread. */
export interface LossSum {
  readonly weight: number;
  readonly sum: number;
  readonly squares: number;
  readonly origin: number;
}

export interface Losses {
  readonly logLoss: LossSum;
  readonly squaredError: LossSum;
}

const noLosses: LossSum = { weight: 0, sum: 0, squares: 0, origin: 0 };

/** The log-losses of the blocks of all rows: taken once, and looked up for every group. */
export class LogLosses {
  /** Of a block's positives, then of its negatives; only those that it has. */
  readonly values: Float64Array;

  constructor(mostBlocks: number) {
    this.values = new Float64Array(2 * mostBlocks);
  }

  fill({ scores, positives, negatives }: ScoreBlocks): void {
    const lowest = clipOf(scores);
    const highest = 1 - lowest;
    const { values } = this;
    for (let block = 0; block < scores.length; block += 1) {
      const score = scores[block] ?? 0;
      const up = positives[block] ?? 0;
      const side = up === 0 ? 1 : 0;
      // The share that is given to the class of the block: without a branch for each row, which no processor foresees.
      const share = Math.abs(side - score);
      values[2 * block + side] = -Math.log(Math.min(Math.max(share, lowest), highest));
      if (up !== 0 && (negatives[block] ?? 0) !== 0) {
        values[2 * block + 1] = -Math.log(Math.min(Math.max(1 - score, lowest), highest));
      }
    }
  }
}

/** Log-loss and squared error of a group, down its blocks. */
export class LossWalk {
  readonly #logLosses = new RunningSum();
  readonly #errors = new RunningSum();
  #weight = 0;
  #logSquares = 0;
  #errorSquares = 0;
  /** Differences are taken from here, not from 0: losses that are all equal then spread by 0 exactly. */
  #origin: { readonly log: number; readonly error: number } | undefined;

  /** In runs of blocks: plain sums within a run, and a RunningSum of the runs. */
  add(blocks: PlacedBlocks, { values }: LogLosses): void {
    const { scores, positives, negatives, places } = blocks;
    this.#origin ??= firstLosses(blocks, values);
    const logOrigin = this.#origin.log;
    const errorOrigin = this.#origin.error;
    for (let start = 0; start < scores.length; start += runLength) {
      const end = Math.min(scores.length, start + runLength);
      let logRun = 0;
      let logSquares = 0;
      let errorRun = 0;
      let errorSquares = 0;
      let weights = 0;
      for (let block = start; block < end; block += 1) {
        const score = scores[block] ?? 0;
        const up = positives[block] ?? 0;
        const down = negatives[block] ?? 0;
        const place = 2 * (places[block] ?? 0);
        const side = up === 0 ? 1 : 0;
        const weight = up === 0 ? down : up;
        const loss = values[place + side] ?? 0;
        const miss = Math.abs(1 - side - score);
        const error = miss * miss;
        logRun += loss * weight;
        logSquares += (loss - logOrigin) * (loss - logOrigin) * weight;
        errorRun += error * weight;
        errorSquares += (error - errorOrigin) * (error - errorOrigin) * weight;
        weights += up + down;
        if (up !== 0 && down !== 0) {
          const other = values[place + 1] ?? 0;
          logRun += other * down;
          logSquares += (other - logOrigin) * (other - logOrigin) * down;
          errorRun += score * score * down;
          errorSquares += (score * score - errorOrigin) * (score * score - errorOrigin) * down;
        }
      }
      this.#logLosses.add(logRun);
      this.#errors.add(errorRun);
      this.#logSquares += logSquares;
      this.#errorSquares += errorSquares;
      this.#weight += weights;
    }
  }

  get losses(): Losses {
    if (this.#origin === undefined) return { logLoss: noLosses, squaredError: noLosses };
    const weight = this.#weight;
    const { log, error } = this.#origin;
    return {
      logLoss: { weight, sum: this.#logLosses.value, squares: this.#logSquares, origin: log },
      squaredError: { weight, sum: this.#errors.value, squares: this.#errorSquares, origin: error },
    };
  }
}

function firstLosses({ scores, positives, places }: PlacedBlocks, values: Float64Array) {
  const side = (positives[0] ?? 0) === 0 ? 1 : 0;
  const miss = Math.abs(1 - side - (scores[0] ?? 0));
  return { log: values[2 * (places[0] ?? 0) + side] ?? 0, error: miss * miss };
}

/** Of all parts of a group's rows, highest scores first. */
export function joinLosses(parts: readonly LossSum[]): LossSum {
  const some = parts.filter((part) => part.weight > 0);
  const origin = some[0]?.origin ?? 0;
  const [sum, squares] = [new RunningSum(), new RunningSum()];
  let weight = 0;
  for (const part of some) {
    const moved = part.origin - origin;
    sum.add(part.sum);
    squares.add(part.squares);
    // The sum of (loss - origin)^2, from that of (loss - part.origin)^2.
    squares.add(2 * moved * (part.sum - part.weight * part.origin));
    squares.add(part.weight * moved * moved);
    weight += part.weight;
  }
  return { weight, sum: sum.value, squares: squares.value, origin };
}

/** Of the mean of `rows` losses, 95 %: 1.96 standard errors (ddof 1) to both sides, not below 0. */
export function meanInterval({ sum, squares, origin }: LossSum, rows: number): MetricInterval {
  const difference = sum - origin * rows;
  const spread = Math.max(0, squares - (difference / rows) * difference) / (rows - 1);
  const se = Math.sqrt(spread / rows);
  const mean = sum / rows;
  return {
    se,
    low: Math.max(0, mean - normal975 * se),
    high: mean + normal975 * se,
    level: 0.95,
    method: "mean",
  };
}
