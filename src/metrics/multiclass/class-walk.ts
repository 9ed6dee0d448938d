import { ExactSum } from "../exact-sum.ts";
import type { Columns } from "../score-columns.ts";
import type { ClassFigures, ClassRanking, RankedClass } from "./class-figures.ts";
import type { ClassSlots } from "./class-slots.ts";
import { CurveBlocks } from "./curve-blocks.ts";

/** What was counted of one grouping; by group. */
interface SlotCounts {
  readonly shift: number;
  readonly mask: number;
  /** Rows of the class, and all, above the block. */
  readonly own: Float64Array;
  readonly all: Float64Array;
  /** By group and truth. */
  readonly doubled: Float64Array;
  readonly precisions: readonly ExactSum[];
  /** Rows of the block by group and truth, and which of these are not 0. */
  readonly tied: Float64Array;
  readonly touched: number[];
}

/**
 * Goes down the rows by the probability of one class, without weights: each row with its class and its groups as bits. Rows may come in
 * any stretches, also with equal probabilities in several: the figures are the same to the last bit.
 */
export class ClassWalk {
  readonly #size: number;
  readonly #classMask: number;
  readonly #index: number;
  readonly #slots: readonly SlotCounts[];
  readonly #curves: CurveBlocks | undefined;
  /** The block of rows of one probability that was begun. */
  #score = Number.NaN;
  #first = 0;
  #rows = 0;

  constructor({ size, classMask, slots }: ClassSlots, { index, totals }: RankedClass) {
    this.#size = size;
    this.#classMask = classMask;
    this.#index = index;
    this.#curves = totals === undefined ? undefined : new CurveBlocks(totals);
    this.#slots = slots.map(({ shift, mask, groups }) => ({
      shift,
      mask,
      own: new Float64Array(groups),
      all: new Float64Array(groups),
      doubled: new Float64Array(groups * size),
      precisions: Array.from({ length: groups }, () => new ExactSum()),
      tied: new Float64Array(groups * size),
      touched: [],
    }));
  }

  /** The next rows, highest probabilities first. */
  add({ scores, payloads }: Columns): void {
    for (let row = 0; row < scores.length; row += 1) {
      const score = scores[row] ?? 0;
      const payload = payloads[row] ?? 0;
      if (score === this.#score) {
        if (this.#rows === 1) this.#tie(this.#first);
        this.#tie(payload);
        this.#rows += 1;
        continue;
      }
      this.#close();
      this.#score = score;
      this.#first = payload;
      this.#rows = 1;
    }
  }

  /** To be asked for once. */
  get ranking(): ClassRanking {
    this.#close();
    this.#rows = 0;
    return { groups: this.#slots.map((slot) => this.#figures(slot)), curves: this.#curves?.curves };
  }

  #tie(payload: number): void {
    const truth = payload & this.#classMask;
    for (const slot of this.#slots) {
      const cell = ((payload >>> slot.shift) & slot.mask) * this.#size + truth;
      const before = slot.tied[cell] ?? 0;
      if (before === 0) slot.touched.push(cell);
      slot.tied[cell] = before + 1;
    }
  }

  #close(): void {
    if (this.#rows === 1) this.#closeOne();
    else if (this.#rows > 1) this.#closeTied();
  }

  #closeOne(): void {
    const truth = this.#first & this.#classMask;
    const isOwn = truth === this.#index;
    for (let place = 0; place < this.#slots.length; place += 1) {
      const slot = this.#slots[place];
      if (slot === undefined) continue;
      const group = (this.#first >>> slot.shift) & slot.mask;
      const { own, all, doubled } = slot;
      const above = own[group] ?? 0;
      const rows = (all[group] ?? 0) + 1;
      all[group] = rows;
      if (isOwn) {
        own[group] = above + 1;
        slot.precisions[group]?.add((above + 1) / rows);
      } else {
        const cell = group * this.#size + truth;
        doubled[cell] = (doubled[cell] ?? 0) + 2 * above;
      }
    }
    this.#curves?.add(this.#score, isOwn ? 1 : 0, isOwn ? 0 : 1);
  }

  #closeTied(): void {
    const size = this.#size;
    const [all] = this.#slots;
    const positives = all?.tied[this.#index] ?? 0;
    this.#curves?.add(this.#score, positives, this.#rows - positives);
    for (const { own, all, doubled, precisions, tied, touched } of this.#slots) {
      for (const cell of touched) {
        const group = Math.floor(cell / size);
        const rows = tied[cell] ?? 0;
        all[group] = (all[group] ?? 0) + rows;
        if (cell === group * size + this.#index) continue;
        const ofClass = tied[group * size + this.#index] ?? 0;
        doubled[cell] = (doubled[cell] ?? 0) + rows * (2 * (own[group] ?? 0) + ofClass);
      }
      for (const cell of touched) {
        const group = Math.floor(cell / size);
        if (cell !== group * size + this.#index) continue;
        const rows = tied[cell] ?? 0;
        const above = (own[group] ?? 0) + rows;
        own[group] = above;
        precisions[group]?.add(rows * (above / (all[group] ?? 0)));
      }
      for (const cell of touched) tied[cell] = 0;
      touched.length = 0;
    }
  }

  #figures({ own, all, doubled, precisions }: SlotCounts): ClassFigures[] {
    return precisions.map((sum, group) => ({
      own: own[group] ?? 0,
      all: all[group] ?? 0,
      doubled: doubled.slice(group * this.#size, (group + 1) * this.#size),
      precisions: sum.value,
    }));
  }
}
