import { CutWalk, curvesOf, newBudget } from "../binary/curves.ts";
import { noTotals, type Totals } from "../binary/totals.ts";
import type { ClassRanking } from "./class-figures.ts";

const mostBlocks = 4096;

/** Draws the curves of one class, block by block of equal probability, highest first. However the blocks come, the curves are the same. */
export class CurveBlocks {
  readonly #totals: Totals;
  readonly #walk: CutWalk;
  readonly #scores = new Float64Array(mostBlocks);
  readonly #positives = new Float64Array(mostBlocks);
  readonly #negatives = new Float64Array(mostBlocks);
  #blocks = 0;
  #above = noTotals;

  constructor(totals: Totals) {
    this.#totals = totals;
    this.#walk = new CutWalk(totals, newBudget(), Number.POSITIVE_INFINITY);
  }

  add(score: number, positives: number, negatives: number): void {
    if (this.#blocks === mostBlocks) this.#flush();
    this.#scores[this.#blocks] = score;
    this.#positives[this.#blocks] = positives;
    this.#negatives[this.#blocks] = negatives;
    this.#blocks += 1;
  }

  /** To be asked for once. */
  get curves(): ClassRanking["curves"] {
    this.#flush();
    return curvesOf([this.#walk.cuts], this.#totals);
  }

  #flush(): void {
    const positives = this.#positives.subarray(0, this.#blocks);
    const negatives = this.#negatives.subarray(0, this.#blocks);
    const scores = this.#scores.subarray(0, this.#blocks);
    const none = { rows: undefined, positiveRows: 0, negativeRows: 0 };
    this.#walk.add({ scores, positives, negatives, ...none }, this.#above);
    let { positives: up, negatives: down } = this.#above;
    for (let block = 0; block < this.#blocks; block += 1) {
      up += positives[block] ?? 0;
      down += negatives[block] ?? 0;
    }
    this.#above = { positives: up, negatives: down };
    this.#blocks = 0;
  }
}
