import { ExactSum } from "../exact-sum.ts";
import { ExactSums } from "../exact-sums.ts";
import type { Columns } from "../score-columns.ts";
import type { ClassFigures, ClassRanking, RankedClass } from "./class-figures.ts";
import type { ClassSlots } from "./class-slots.ts";
import { CurveBlocks } from "./curve-blocks.ts";
import { type NumberedRows, RowLookup } from "./numbered-rows.ts";

/** Rows that are looked up at once. */
const mostRows = 4096;

/**
 * Goes down the rows by the probability of one class; the number of a row stands beside its probability. The weights of equal
 * probabilities are added up exactly, and rounded once: neither the order of the rows shows in the figures, nor in which stretches they
 * come.
 */
export class WeightedClass {
  readonly #lookup: RowLookup;
  readonly #scores = new Float64Array(mostRows);
  readonly #slots: readonly SlotWalk[];
  readonly #curves: CurveBlocks | undefined;

  constructor(slots: ClassSlots, { index, totals }: RankedClass) {
    this.#lookup = new RowLookup(slots, mostRows);
    this.#curves = totals === undefined ? undefined : new CurveBlocks(totals);
    this.#slots = slots.slots.map(
      ({ groups }, slot) =>
        new SlotWalk({ size: slots.size, groups, index }, slot === 0 ? this.#curves : undefined),
    );
  }

  /** The next rows, highest probabilities first, and what stands behind their numbers, which must be known. None has the weight 0. */
  add({ scores, payloads }: Columns, known: NumberedRows | undefined): void {
    if (known === undefined) throw new RangeError("nothing is known of the rows but their numbers");
    for (let start = 0; start < scores.length; start += mostRows) {
      const numbers = payloads.subarray(start, start + mostRows);
      const own = this.#scores.subarray(0, numbers.length);
      own.set(scores.subarray(start, start + mostRows));
      const weights = this.#lookup.start(numbers, known);
      for (const [slot, walk] of this.#slots.entries()) walk.add(own, this.#lookup.cells(slot), weights);
    }
  }

  /** To be asked for once. */
  get ranking(): ClassRanking {
    const groups = this.#slots.map((slot) => slot.figures);
    return { groups, curves: this.#curves?.curves };
  }
}

/** One way to group the rows. A cell is a group and a class. */
class SlotWalk {
  readonly #size: number;
  readonly #index: number;
  readonly #curves: CurveBlocks | undefined;
  /** By group, above the block: weight of the class, and of all rows. */
  readonly #own: Float64Array;
  readonly #all: Float64Array;
  readonly #precisions: readonly ExactSum[];
  /** By cell. */
  readonly #doubled: Float64Array;
  /** Of the block, where it has more than one row. */
  readonly #tied: ExactSums;
  readonly #touched: number[] = [];
  /** The block of rows of one probability that was begun. */
  #score = Number.NaN;
  #rows = 0;
  #cell = 0;
  #weight = 0;

  constructor(
    { size, groups, index }: { readonly size: number; readonly groups: number; readonly index: number },
    curves: CurveBlocks | undefined,
  ) {
    this.#size = size;
    this.#index = index;
    this.#curves = curves;
    this.#own = new Float64Array(groups);
    this.#all = new Float64Array(groups);
    this.#precisions = Array.from({ length: groups }, () => new ExactSum());
    this.#doubled = new Float64Array(groups * size);
    this.#tied = new ExactSums(new Float64Array(groups * size), new Float64Array(groups * size));
  }

  add(scores: Float64Array, cells: Uint32Array, weights: Float64Array): void {
    for (let row = 0; row < scores.length; row += 1) {
      const score = scores[row] ?? 0;
      const cell = cells[row] ?? 0;
      const weight = weights[row] ?? 0;
      if (score === this.#score) {
        if (this.#rows === 1) this.#tie(this.#cell, this.#weight);
        this.#tie(cell, weight);
        this.#rows += 1;
        continue;
      }
      this.#close();
      this.#score = score;
      this.#rows = 1;
      this.#cell = cell;
      this.#weight = weight;
    }
  }

  /** By group; to be asked for once. */
  get figures(): ClassFigures[] {
    this.#close();
    this.#rows = 0;
    return this.#precisions.map((sum, group) => ({
      own: this.#own[group] ?? 0,
      all: this.#all[group] ?? 0,
      doubled: this.#doubled.slice(group * this.#size, (group + 1) * this.#size),
      precisions: sum.value,
    }));
  }

  #tie(cell: number, weight: number): void {
    if (!this.#tied.isAt(cell)) this.#touched.push(cell);
    this.#tied.add(cell, weight);
  }

  #close(): void {
    if (this.#rows === 1) this.#closeOne();
    else if (this.#rows > 1) this.#closeTied();
  }

  #closeOne(): void {
    const [cell, weight] = [this.#cell, this.#weight];
    const group = Math.floor(cell / this.#size);
    const isOwn = cell - group * this.#size === this.#index;
    if (isOwn) this.#step(group, weight, weight);
    else {
      this.#doubled[cell] = (this.#doubled[cell] ?? 0) + weight * (2 * (this.#own[group] ?? 0));
      this.#step(group, 0, weight);
    }
    this.#curves?.add(this.#score, isOwn ? weight : 0, isOwn ? 0 : weight);
  }

  /** Group after group, and of each class after class, whatever the order of the rows. */
  #closeTied(): void {
    const [touched, size] = [this.#touched, this.#size];
    if (touched.length > 1) touched.sort((one, other) => one - other);
    for (let first = 0; first < touched.length; ) {
      const group = Math.floor((touched[first] ?? 0) / size);
      let end = first + 1;
      while (end < touched.length && (touched[end] ?? 0) < (group + 1) * size) end += 1;
      this.#closeGroup(group, first, end);
      first = end;
    }
    touched.length = 0;
  }

  /** Of the touched cells those of one group. */
  #closeGroup(group: number, first: number, end: number): void {
    const ownCell = group * this.#size + this.#index;
    const tied = this.#tied.isAt(ownCell) ? this.#tied.take(ownCell) : 0;
    const above = 2 * (this.#own[group] ?? 0) + tied;
    let others = 0;
    for (let place = first; place < end; place += 1) {
      const cell = this.#touched[place] ?? 0;
      if (cell === ownCell) continue;
      const weight = this.#tied.take(cell);
      others += weight;
      this.#doubled[cell] = (this.#doubled[cell] ?? 0) + weight * above;
    }
    this.#step(group, tied, tied + others);
    this.#curves?.add(this.#score, tied, others);
  }

  /** Below the block. `own`: of the class. */
  #step(group: number, own: number, all: number): void {
    const above = (this.#own[group] ?? 0) + own;
    const rows = (this.#all[group] ?? 0) + all;
    this.#own[group] = above;
    this.#all[group] = rows;
    if (own > 0) this.#precisions[group]?.add(own * (above / rows));
  }
}
