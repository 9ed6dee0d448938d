import { CutRoom, CutWalk, curvesOf, newBudget } from "../binary/curves.ts";
import { noTotals, type Totals } from "../binary/totals.ts";
import { Kernel } from "../kernel/kernel.ts";
import type { ClassRanking } from "./class-figures.ts";

const mostBlocks = 4096;

/** Where blocks lie while they are gone down: one for all classes, which have their turns. */
class CurveRoom {
  readonly cuts: CutRoom;
  readonly #columns: CurveColumns;

  constructor() {
    const kernel = new Kernel(2 ** 19);
    this.cuts = new CutRoom(kernel, mostBlocks);
    const column = () => kernel.allot(Float64Array, mostBlocks);
    this.#columns = { scores: column(), positives: column(), negatives: column() };
  }

  /** The first `blocks` of each column, copied. */
  take(columns: CurveColumns, blocks: number): CurveColumns {
    const copyOf = (name: keyof CurveColumns) => {
      const copy = this.#columns[name].subarray(0, blocks);
      copy.set(columns[name].subarray(0, blocks));
      return copy;
    };
    return { scores: copyOf("scores"), positives: copyOf("positives"), negatives: copyOf("negatives") };
  }
}

type CurveColumns = Readonly<Record<"scores" | "positives" | "negatives", Float64Array>>;

let ofThread: CurveRoom | undefined;

/**
 * Draws the curves of one class, block by block of equal probability, highest first. However the blocks come, the curves are the same:
 * weights are added up block by block.
 */
export class CurveBlocks {
  readonly #room: CurveRoom;
  readonly #walk: CutWalk;
  readonly #scores = new Float64Array(mostBlocks);
  readonly #positives = new Float64Array(mostBlocks);
  readonly #negatives = new Float64Array(mostBlocks);
  #blocks = 0;
  #above = noTotals;

  /** Where the weights end tells the last block alone, to the last bit; `totals` say where points are to be kept. */
  constructor(totals: Totals) {
    ofThread ??= new CurveRoom();
    this.#room = ofThread;
    this.#walk = new CutWalk(ofThread.cuts, totals, newBudget(), Number.POSITIVE_INFINITY);
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
    return curvesOf([this.#walk.cuts], this.#above);
  }

  #flush(): void {
    const { scores, positives, negatives } = this.#room.take(
      { scores: this.#scores, positives: this.#positives, negatives: this.#negatives },
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
