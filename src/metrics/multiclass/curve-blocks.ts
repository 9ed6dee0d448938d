import { CutRoom, CutWalk, curvesOf, newBudget } from "../binary/curves.ts";
import { noTotals, type Totals } from "../binary/totals.ts";
import { Kernel } from "../kernel/kernel.ts";
import type { ClassRanking } from "./class-figures.ts";

const mostBlocks = 4096;

/** Where blocks lie while they are gone down: one for all classes, which have their turns. */
class CurveRoom {
  readonly cuts: CutRoom;
  readonly #columns: readonly Float64Array[];

  constructor() {
    const kernel = new Kernel(2 ** 19);
    this.cuts = new CutRoom(kernel, mostBlocks);
    this.#columns = Array.from({ length: 3 }, () => kernel.allot(Float64Array, mostBlocks));
  }

  /** The first `blocks` of each column, copied. */
  take(columns: readonly Float64Array[], blocks: number): Float64Array[] {
    return columns.map((column, index) => {
      const copy = this.#columns[index]?.subarray(0, blocks) ?? new Float64Array();
      copy.set(column.subarray(0, blocks));
      return copy;
    });
  }
}

let room: CurveRoom | undefined;

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
    room ??= new CurveRoom();
    this.#walk = new CutWalk(room.cuts, totals, newBudget(), Number.POSITIVE_INFINITY);
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
    if (room === undefined) return;
    const own = [this.#scores, this.#positives, this.#negatives];
    const [scores = this.#scores, positives = this.#positives, negatives = this.#negatives] = room.take(
      own,
      this.#blocks,
    );
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
