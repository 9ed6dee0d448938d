import { spanOfScores } from "../../../metrics/binary/cut-buckets.ts";
import { joinedRange } from "../../../metrics/binary/partition.ts";
import { type CellRange, cellRange } from "../../../metrics/binary/score-cells.ts";
import type { Scores } from "../../../metrics/score-columns.ts";

/** Where the scores of the rows of a weight above 0 lie. */
export interface ScoreSpan {
  readonly lowest: number;
  readonly highest: number;
  readonly range: CellRange;
}

/** Of one column, stretch by stretch. */
export class ScoreSpanning {
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;
  readonly #ranges: CellRange[] = [];

  /** `weights`: of the same rows; undefined: every row counts once. */
  add(scores: Scores, weights: Float64Array | undefined): void {
    const counted = weights?.includes(0) === true ? scores.filter((_, row) => weights[row] !== 0) : scores;
    if (counted.length === 0) return;
    const { lowest, highest } = spanOfScores(counted);
    this.#lowest = Math.min(this.#lowest, lowest);
    this.#highest = Math.max(this.#highest, highest);
    this.#ranges.push(cellRange({ scores: counted, start: 0, end: counted.length }));
  }

  get span(): ScoreSpan {
    // -0 is measured as 0.
    return { lowest: this.#lowest + 0, highest: this.#highest + 0, range: joinedRange(this.#ranges) };
  }
}
