import type { Kernel } from "../kernel/kernel.ts";
import type { CalibrationRows } from "./reliability.ts";

/**
 * Log-odds of scores, highest first, four doubles each: the log-odds, the sums of weights of each class (positives, negatives), and of the
 * positives the sum of weights times log-odds.
 */
export type LogOdds = Float64Array;

export const doublesOfOdds = 4;

/**
 * Above so many rows scores are put into cells, each at the log-odds of its mean score, and its positives at those of theirs. A cell
 * is so narrow, as a share of its score and of what is missing to 1, that slope and intercept move by less than 1e-8.
 */
const mostExact = 100_000;
const cellWidth = 2 ** -13;

/** What the walks of one thread share, for at most so many blocks at once. */
export class LogOddsRoom {
  readonly kernel: Kernel;
  readonly cells: Float64Array;

  constructor(kernel: Kernel, mostBlocks: number) {
    this.kernel = kernel;
    this.cells = kernel.allot(Float64Array, doublesOfOdds * mostBlocks);
  }
}

/** Goes down the blocks of `rows` rows; scores are clipped to [clip, 1 - clip]. */
export class LogOddsWalk {
  readonly #room: LogOddsRoom;
  readonly #clip: number;
  readonly #width: number;
  /**
   * What was seen of a cell so far, as `addLogOdds` in the kernel has it. What is missing to 1 is summed beside the scores, since it has
   * digits of its own near 1.
   */
  readonly #cell = Float64Array.of(Number.POSITIVE_INFINITY, 0, 0, 0, 0, 0, 0);
  readonly #closed: Float64Array[] = [];

  constructor(room: LogOddsRoom, rows: number, clip: number) {
    this.#room = room;
    this.#clip = clip;
    this.#width = rows <= mostExact ? 0 : cellWidth;
  }

  add({ scores, positives, negatives }: CalibrationRows): void {
    const { kernel, cells } = this.#room;
    const closed = kernel.with(this.#cell, (cell) =>
      kernel.loops.addLogOdds(
        cell,
        kernel.at(cells),
        kernel.at(scores),
        kernel.at(positives),
        kernel.at(negatives),
        scores.length,
        this.#clip,
        this.#width,
      ),
    );
    if (closed > 0) this.#closed.push(cells.slice(0, doublesOfOdds * closed));
  }

  /** To be asked for once, at the end. */
  get odds(): LogOdds {
    const { kernel, cells } = this.#room;
    const last = kernel.with(this.#cell, (cell) => kernel.loops.closeLogOdds(cell, kernel.at(cells)));
    return joinLogOdds([...this.#closed, cells.slice(0, doublesOfOdds * last)]);
  }
}

/** Of all parts of the rows, highest scores first. */
export function joinLogOdds(parts: readonly LogOdds[]): LogOdds {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let start = 0;
  for (const part of parts) {
    all.set(part, start);
    start += part.length;
  }
  return all;
}
