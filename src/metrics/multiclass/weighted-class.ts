import { noTotals, type Totals } from "../binary/totals.ts";
import { ExactSum } from "../exact-sum.ts";
import type { Grouping } from "../metric-set.ts";
import type { Columns } from "../score-columns.ts";
import type { ClassFigures, ClassRanking } from "./class-figures.ts";
import { CurveBlocks } from "./curve-blocks.ts";

/** What is known of a row by its number. */
export interface NumberedRows {
  readonly size: number;
  readonly labels: Uint32Array;
  /** Undefined: every row counts once. */
  readonly weights: Float64Array | undefined;
  readonly groupings: readonly Grouping[];
}

/**
 * Goes down the rows by the probability of one class; the number of a row stands beside its probability. Equal probabilities are taken
 * in the order of their weights, so that the order of the rows does not show in the sums.
 */
export class WeightedClass {
  readonly #known: NumberedRows;
  readonly #index: number;
  readonly #groups: readonly (readonly GroupRanking[])[];
  readonly #blocks: { readonly scores: number[]; readonly positives: number[]; readonly negatives: number[] };
  readonly #isDrawn: boolean;

  constructor(
    known: NumberedRows,
    { index, isDrawn }: { readonly index: number; readonly isDrawn: boolean },
  ) {
    this.#known = known;
    this.#index = index;
    this.#isDrawn = isDrawn;
    this.#blocks = { scores: [], positives: [], negatives: [] };
    this.#groups = [1, ...known.groupings.map((grouping) => grouping.count)].map((count) =>
      Array.from({ length: count }, () => new GroupRanking(known.size)),
    );
  }

  /** The next rows, highest probabilities first; equal ones are all in one stretch. Puts the row numbers in another order. */
  add({ scores, payloads }: Columns): void {
    for (let start = 0; start < scores.length; ) {
      const score = scores[start] ?? 0;
      let end = start + 1;
      while (end < scores.length && scores[end] === score) end += 1;
      this.#addBlock(score, payloads.subarray(start, end));
      start = end;
    }
  }

  /** To be asked for once. */
  get ranking(): ClassRanking {
    return {
      groups: this.#groups.map((groups) => groups.map((one) => one.figures)),
      curves: this.#isDrawn ? this.#curves() : undefined,
    };
  }

  #addBlock(score: number, rows: Columns["payloads"]): void {
    const { labels, weights } = this.#known;
    if (weights !== undefined && rows.length > 1) rows.sort((a, b) => (weights[a] ?? 0) - (weights[b] ?? 0));
    for (const [slot, groups] of this.#groups.entries()) {
      const codes = this.#known.groupings[slot - 1]?.codes;
      for (const row of rows)
        groups[codes?.[row] ?? 0]?.take(labels[row] === this.#index, weights?.[row] ?? 1);
      for (const row of rows) {
        const label = labels[row] ?? 0;
        if (label !== this.#index) groups[codes?.[row] ?? 0]?.pair(label, weights?.[row] ?? 1);
      }
      for (const row of rows) groups[codes?.[row] ?? 0]?.close();
    }
    if (this.#isDrawn) this.#keepBlock(score, rows);
  }

  #keepBlock(score: number, rows: Columns["payloads"]): void {
    const { labels, weights } = this.#known;
    let [positives, negatives] = [0, 0];
    for (const row of rows) {
      if (labels[row] === this.#index) positives += weights?.[row] ?? 1;
      else negatives += weights?.[row] ?? 1;
    }
    this.#blocks.scores.push(score);
    this.#blocks.positives.push(positives);
    this.#blocks.negatives.push(negatives);
  }

  #curves(): ClassRanking["curves"] {
    const { scores, positives, negatives } = this.#blocks;
    let totals: Totals = noTotals;
    for (const [block, more] of positives.entries())
      totals = {
        positives: totals.positives + more,
        negatives: totals.negatives + (negatives[block] ?? 0),
      };
    const drawn = new CurveBlocks(totals);
    for (const [block, score] of scores.entries())
      drawn.add(score, positives[block] ?? 0, negatives[block] ?? 0);
    return drawn.curves;
  }
}

class GroupRanking {
  readonly #doubled: Float64Array;
  readonly #precisions = new ExactSum();
  #above = 0;
  #aboveAll = 0;
  #tied = 0;
  #tiedAll = 0;

  constructor(size: number) {
    this.#doubled = new Float64Array(size);
  }

  take(isOwn: boolean, weight: number): void {
    this.#tiedAll += weight;
    if (isOwn) this.#tied += weight;
  }

  pair(label: number, weight: number): void {
    this.#doubled[label] = (this.#doubled[label] ?? 0) + weight * (2 * this.#above + this.#tied);
  }

  /** Once a row of the block: all but the first find nothing to do. */
  close(): void {
    if (this.#tiedAll === 0) return;
    this.#above += this.#tied;
    this.#aboveAll += this.#tiedAll;
    if (this.#tied > 0) this.#precisions.add(this.#tied * (this.#above / this.#aboveAll));
    this.#tied = 0;
    this.#tiedAll = 0;
  }

  get figures(): ClassFigures {
    return {
      ...{ own: this.#above, all: this.#aboveAll },
      ...{ doubled: this.#doubled, precisions: this.#precisions.value },
    };
  }
}
