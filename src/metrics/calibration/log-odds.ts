import type { CalibrationRows } from "./reliability.ts";

/** Log-odds of scores, highest first, with the sums of weights of each class. */
export interface LogOdds {
  readonly values: readonly number[];
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
  /** Of the positives, the sum of weights times log-odds. */
  readonly positiveOdds: readonly number[];
}

/**
 * Above so many rows scores are put into cells, each at the log-odds of its mean score, and its positives at those of theirs. A cell
 * is so narrow, as a share of its score and of what is missing to 1, that slope and intercept move by less than 1e-8.
 */
const mostExact = 100_000;
const cellWidth = 2 ** -13;

/** What was seen of a cell so far. What is missing to 1 is summed beside the scores, since it has digits of its own near 1. */
interface Cell {
  limit: number;
  up: number;
  down: number;
  share: number;
  missing: number;
  upShare: number;
  upMissing: number;
}

/** Goes down the blocks of `rows` rows; scores are clipped to [clip, 1 - clip]. */
export class LogOddsWalk {
  readonly #clip: number;
  readonly #width: number;
  readonly #odds: { readonly [Key in keyof LogOdds]: number[] } = {
    values: [],
    positives: [],
    negatives: [],
    positiveOdds: [],
  };
  #cell: Cell = emptyCell(Number.POSITIVE_INFINITY);

  constructor(rows: number, clip: number) {
    this.#clip = clip;
    this.#width = rows <= mostExact ? 0 : cellWidth;
  }

  add({ scores, positives, negatives }: CalibrationRows): void {
    const [lowest, highest] = [this.#clip, 1 - this.#clip];
    let cell = this.#cell;
    for (let block = 0; block < scores.length; block += 1) {
      const share = Math.min(Math.max(scores[block] ?? 0, lowest), highest);
      const missing = 1 - share;
      if (share < cell.limit) {
        this.#close();
        cell = emptyCell(Math.max(share * (1 - this.#width), 1 - missing * (1 + this.#width)));
        this.#cell = cell;
      }
      const up = positives[block] ?? 0;
      const both = up + (negatives[block] ?? 0);
      cell.up += up;
      cell.down += both - up;
      cell.share += share * both;
      cell.missing += missing * both;
      cell.upShare += share * up;
      cell.upMissing += missing * up;
    }
  }

  /** To be asked for once, at the end. */
  get odds(): LogOdds {
    this.#close();
    return this.#odds;
  }

  #close(): void {
    const { up, down, share, missing, upShare, upMissing } = this.#cell;
    if (share === 0) return;
    this.#odds.values.push(Math.log(share / missing));
    this.#odds.positives.push(up);
    this.#odds.negatives.push(down);
    this.#odds.positiveOdds.push(up === 0 ? 0 : up * Math.log(upShare / upMissing));
  }
}

function emptyCell(limit: number): Cell {
  return { limit, up: 0, down: 0, share: 0, missing: 0, upShare: 0, upMissing: 0 };
}

/** Of all parts of the rows, highest scores first. */
export function joinLogOdds(parts: readonly LogOdds[]): LogOdds {
  return {
    values: parts.flatMap((part) => part.values),
    positives: parts.flatMap((part) => part.positives),
    negatives: parts.flatMap((part) => part.negatives),
    positiveOdds: parts.flatMap((part) => part.positiveOdds),
  };
}
