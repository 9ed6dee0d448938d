import { spanOfScores } from "../../metrics/binary/cut-buckets.ts";
import { joinedRange } from "../../metrics/binary/partition.ts";
import { type CellRange, cellRange } from "../../metrics/binary/score-cells.ts";
import { emptyScores, type Scores } from "../../metrics/score-columns.ts";

/** Where the scores of the rows of a weight above 0 lie. */
export interface ScoreSpan {
  readonly lowest: number;
  readonly highest: number;
  readonly range: CellRange;
}

/** Rows of which those that count are put together at once. */
const mostRows = 4096;

/** Of one column, stretch by stretch. */
export class ScoreSpanning {
  /** That count. */
  rows = 0;
  readonly #room: Scores;
  #span: ScoreSpan | undefined;

  /** `like`: of its type. */
  constructor(like: Scores) {
    this.#room = emptyScores(like, mostRows, false);
  }

  /** `weights`: of the same rows; undefined: every row counts once. */
  add(scores: Scores, weights: Float64Array | undefined): void {
    if (weights?.includes(0) !== true) {
      this.#join(scores);
      return;
    }
    for (let start = 0; start < scores.length; start += mostRows) {
      const end = Math.min(scores.length, start + mostRows);
      let kept = 0;
      for (let row = start; row < end; row += 1) {
        this.#room[kept] = scores[row] ?? 0;
        if (weights[row] !== 0) kept += 1;
      }
      this.#join(this.#room.subarray(0, kept));
    }
  }

  /** There must be such rows. */
  get span(): ScoreSpan {
    if (this.#span === undefined) throw new RangeError("no row counts");
    const { lowest, highest, range } = this.#span;
    // -0 is measured as 0.
    return { lowest: lowest + 0, highest: highest + 0, range };
  }

  #join(scores: Scores): void {
    if (scores.length === 0) return;
    this.rows += scores.length;
    const own = { ...spanOfScores(scores), range: cellRange({ scores, start: 0, end: scores.length }) };
    const known = this.#span ?? own;
    this.#span = {
      lowest: Math.min(known.lowest, own.lowest),
      highest: Math.max(known.highest, own.highest),
      range: joinedRange([known.range, own.range]),
    };
  }
}
