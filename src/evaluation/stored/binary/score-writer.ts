import { createHash } from "node:crypto";
import { spanOfScores } from "../../../metrics/binary/cut-buckets.ts";
import type { CellRange } from "../../../metrics/binary/score-cells.ts";
import type { WritableColumn } from "../../../metrics/binary/stored/stored-rows.ts";
import type { Scores } from "../../../metrics/score-columns.ts";
import { ScoreSpanning } from "../score-spans.ts";

/** What a model said of some rows: scores, or predicted classes 0 and 1. */
export type Said =
  | { readonly kind: "score"; readonly values: Scores }
  | { readonly kind: "prediction"; readonly values: Uint8Array };

/** What was found out about the scores of all rows. */
export interface ScoreFacts {
  readonly kind: Said["kind"];
  /** An empty array of the type that lies in the file: predicted classes lie there as scores 0 and 1. */
  readonly like: Scores;
  /** Of all scores. */
  readonly smallest: number;
  readonly largest: number;
  /** Rows of a weight above 0, and of their scores the range. */
  readonly counted: number;
  readonly lowest: number;
  readonly highest: number;
  readonly range: CellRange;
  readonly sha256: string;
}

/** Writes what a model said, stretch by stretch, as scores. */
export class ScoreWriter {
  readonly #to: WritableColumn;
  readonly #hash = createHash("sha256");
  #kind: Said["kind"] = "score";
  #like: Scores = new Float64Array();
  #rows = 0;
  #all = { lowest: Number.POSITIVE_INFINITY, highest: Number.NEGATIVE_INFINITY };
  /** Of the rows that count. */
  #own: ScoreSpanning | undefined;

  constructor(to: WritableColumn) {
    this.#to = to;
  }

  /** `weights`: of these rows. */
  async add(said: Said, weights: Float64Array | undefined): Promise<void> {
    const scores = said.kind === "score" ? said.values : Float32Array.from(said.values);
    this.#kind = said.kind;
    this.#like = scores.slice(0, 0);
    this.#hash.update(said.values);
    const { lowest, highest } = spanOfScores(scores);
    this.#all = {
      lowest: Math.min(this.#all.lowest, lowest),
      highest: Math.max(this.#all.highest, highest),
    };
    this.#own ??= new ScoreSpanning(this.#like);
    this.#own.add(scores, weights);
    await this.#to.write(this.#rows, scores);
    this.#rows += scores.length;
  }

  /** To be asked for once, at the end: some rows must count. */
  facts(): ScoreFacts {
    if (this.#own === undefined) throw new RangeError("no rows were written");
    return {
      kind: this.#kind,
      like: this.#like,
      smallest: this.#all.lowest,
      largest: this.#all.highest,
      counted: this.#own.rows,
      ...this.#own.span,
      sha256: this.#hash.digest("hex"),
    };
  }
}
