import type { CalibrationRows } from "./reliability.ts";

/** Log-odds of scores, highest first, with the sums of weights of each class. */
export interface LogOdds {
  readonly values: Float64Array;
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  /** Of the positives, the sum of weights times log-odds. */
  readonly positiveOdds: Float64Array;
}

/**
 * Above so many rows scores are put into cells, each at the log-odds of its mean score, and its positives at those of theirs. A cell
 * is so narrow, as a share of its score and of what is missing to 1, that slope and intercept move by less than 1e-8.
 */
const mostExact = 100_000;
const cellWidth = 2 ** -13;

/** What was seen of a cell so far. What is missing to 1 is summed beside the scores, since it has digits of its own near 1. */
interface Cell {
  readonly limit: number;
  readonly up: number;
  readonly down: number;
  readonly share: number;
  readonly missing: number;
  readonly upShare: number;
  readonly upMissing: number;
}

/** Goes down the blocks of `rows` rows; scores are clipped to [clip, 1 - clip]. */
export class LogOddsWalk {
  readonly #clip: number;
  readonly #width: number;
  readonly #values: number[] = [];
  readonly #positives: number[] = [];
  readonly #negatives: number[] = [];
  readonly #positiveOdds: number[] = [];
  #cell: Cell = {
    limit: Number.POSITIVE_INFINITY,
    up: 0,
    down: 0,
    share: 0,
    missing: 0,
    upShare: 0,
    upMissing: 0,
  };

  constructor(rows: number, clip: number) {
    this.#clip = clip;
    this.#width = rows <= mostExact ? 0 : cellWidth;
  }

  add({ scores, positives, negatives }: CalibrationRows): void {
    const [lowest, highest, width] = [this.#clip, 1 - this.#clip, this.#width];
    let { limit, up, down, share, missing, upShare, upMissing } = this.#cell;
    for (let block = 0; block < scores.length; block += 1) {
      const own = Math.min(Math.max(scores[block] ?? 0, lowest), highest);
      const ownMissing = 1 - own;
      if (own < limit) {
        this.#close({ limit, up, down, share, missing, upShare, upMissing });
        limit = Math.max(own * (1 - width), 1 - ownMissing * (1 + width));
        up = 0;
        down = 0;
        share = 0;
        missing = 0;
        upShare = 0;
        upMissing = 0;
      }
      const ownUp = positives[block] ?? 0;
      const ownDown = negatives[block] ?? 0;
      up += ownUp;
      down += ownDown;
      share += own * (ownUp + ownDown);
      missing += ownMissing * (ownUp + ownDown);
      upShare += own * ownUp;
      upMissing += ownMissing * ownUp;
    }
    this.#cell = { limit, up, down, share, missing, upShare, upMissing };
  }

  /** To be asked for once, at the end. */
  get odds(): LogOdds {
    this.#close(this.#cell);
    return {
      values: Float64Array.from(this.#values),
      positives: Float64Array.from(this.#positives),
      negatives: Float64Array.from(this.#negatives),
      positiveOdds: Float64Array.from(this.#positiveOdds),
    };
  }

  #close({ up, down, share, missing, upShare, upMissing }: Cell): void {
    if (share === 0) return;
    this.#values.push(Math.log(share / missing));
    this.#positives.push(up);
    this.#negatives.push(down);
    this.#positiveOdds.push(up === 0 ? 0 : up * Math.log(upShare / upMissing));
  }
}

/** Of all parts of the rows, highest scores first. */
export function joinLogOdds(parts: readonly LogOdds[]): LogOdds {
  const joined = (of: (part: LogOdds) => Float64Array) => {
    const all = new Float64Array(parts.reduce((sum, part) => sum + part.values.length, 0));
    let start = 0;
    for (const part of parts) {
      all.set(of(part), start);
      start += part.values.length;
    }
    return all;
  };
  return {
    values: joined((part) => part.values),
    positives: joined((part) => part.positives),
    negatives: joined((part) => part.negatives),
    positiveOdds: joined((part) => part.positiveOdds),
  };
}
