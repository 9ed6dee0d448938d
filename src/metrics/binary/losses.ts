import { normal975 } from "../intervals/proportion.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { MetricInterval } from "../metric-set.ts";
import type { Scores } from "../score-columns.ts";
import { RunningSum, runningValue } from "../sums/running-sum.ts";
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
  readonly kernel: Kernel;
  /** Of a block's positives, then of its negatives; only those that it has. */
  readonly values: Float64Array;
  readonly #clip: number;

  constructor(kernel: Kernel, mostBlocks: number, clip: number) {
    this.kernel = kernel;
    this.values = kernel.allot(Float64Array, 2 * mostBlocks);
    this.#clip = clip;
  }

  fill({ scores, positives, negatives }: ScoreBlocks): void {
    const { kernel, values } = this;
    kernel.loops.fillLogLosses(
      kernel.at(values),
      kernel.at(scores),
      kernel.at(positives),
      kernel.at(negatives),
      scores.length,
      this.#clip,
    );
  }
}

/** Log-loss and squared error of a group, down its blocks. */
export class LossWalk {
  /** As `addLosses` in the kernel has it. */
  readonly #state = new Float64Array(9);
  #isBegun = false;

  /** In runs of blocks: plain sums within a run, and a RunningSum of the runs. */
  add(blocks: PlacedBlocks, { kernel, values }: LogLosses): void {
    if (!this.#isBegun) {
      // Differences are taken from here, not from 0: losses that are all equal then spread by 0 exactly.
      this.#state.set(firstLosses(blocks, values), 7);
      this.#isBegun = true;
    }
    const { scores, positives, negatives, places } = blocks;
    kernel.with(this.#state, (state) =>
      kernel.loops.addLosses(
        state,
        kernel.at(scores),
        kernel.at(positives),
        kernel.at(negatives),
        kernel.at(places),
        scores.length,
        kernel.at(values),
      ),
    );
  }

  get losses(): Losses {
    if (!this.#isBegun) return { logLoss: noLosses, squaredError: noLosses };
    const [log, logError, error, errorError, weight = 0, logSquares = 0, errorSquares = 0, ...origins] =
      this.#state;
    const [logOrigin = 0, errorOrigin = 0] = origins;
    return {
      logLoss: { weight, sum: runningValue(log, logError), squares: logSquares, origin: logOrigin },
      squaredError: {
        weight,
        sum: runningValue(error, errorError),
        squares: errorSquares,
        origin: errorOrigin,
      },
    };
  }
}

/** Log-loss and squared error of the first block. */
function firstLosses({ scores, positives, places }: PlacedBlocks, values: Float64Array): [number, number] {
  const side = (positives[0] ?? 0) === 0 ? 1 : 0;
  const miss = Math.abs(1 - side - (scores[0] ?? 0));
  return [values[2 * (places[0] ?? 0) + side] ?? 0, miss * miss];
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
