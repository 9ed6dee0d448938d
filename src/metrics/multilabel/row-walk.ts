import { type CountedRow, CountedRows, keyOf, type RankedValues } from "./counted-rows.ts";
import type { GroupRows } from "./group-rows.ts";
import { tripleOf } from "./group-rows.ts";
import { countLabels, type LabelRows } from "./label-rows.ts";
import { type RankFigures, rankFigures } from "./rank-figures.ts";
import { FewValues } from "./tally.ts";
import { WeightedRows } from "./weighted-rows.ts";

/** Goes along the rows, stretch by stretch, for all rows and all groups at once. The stretches do not show in the figures. */
export class RowWalk {
  readonly #size: number;
  readonly #values: RankedValues = { averagePrecision: new FewValues(), loss: new FewValues() };
  readonly #counted: readonly (readonly CountedRows[])[];
  readonly #weighted: readonly (readonly WeightedRows[])[];

  /** Of so many labels, and so many groups of each grouping. */
  constructor(size: number, groups: readonly number[], isWeighted: boolean) {
    const of = <Rows>(make: () => Rows, isWanted: boolean) =>
      isWanted ? [1, ...groups].map((count) => Array.from({ length: count }, make)) : [];
    this.#size = size;
    this.#counted = of(() => new CountedRows(size, this.#values), !isWeighted);
    this.#weighted = of(() => new WeightedRows(size), isWeighted);
  }

  add(rows: LabelRows): void {
    const counts = countLabels(rows);
    const ranked = rankFigures(rows);
    const { weights } = rows;
    for (let row = 0; row < rows.rows; row += 1) {
      const triple = tripleOf(counts, row);
      if (weights === undefined) {
        const key = keyOf(triple, this.#size);
        const own = ranked && this.#numbered(ranked, row);
        for (let slot = 0; slot < this.#counted.length; slot += 1)
          this.#counted[slot]?.[groupOf(rows, slot, row)]?.add(key, own);
        continue;
      }
      const own = ranked && figuresAt(ranked, row);
      for (let slot = 0; slot < this.#weighted.length; slot += 1)
        this.#weighted[slot]?.[groupOf(rows, slot, row)]?.add(weights[row] ?? 0, triple, own);
    }
  }

  /** Whether all rows must be gone along once more: so many different figures are not counted. */
  get wantsMore(): boolean {
    return this.#counted.some((groups) => groups.some((one) => !one.isCounted));
  }

  /** The same rows once more, in the same order. */
  addAgain(rows: LabelRows): void {
    const ranked = rankFigures(rows);
    if (ranked === undefined) return;
    for (let row = 0; row < rows.rows; row += 1) {
      const own = this.#numbered(ranked, row);
      if (own.lossPlace !== undefined && own.precisionPlace !== undefined) continue;
      for (let slot = 0; slot < this.#counted.length; slot += 1)
        this.#counted[slot]?.[groupOf(rows, slot, row)]?.addAgain(own);
    }
  }

  /** All rows first, then by grouping; by group. */
  get groups(): readonly (readonly GroupRows[])[] {
    return this.#weighted.length > 0 ? this.#weighted : this.#counted;
  }

  #numbered(ranked: RankFigures, row: number): CountedRow {
    const { averagePrecision, coverage, loss } = figuresAt(ranked, row);
    return {
      ...{ averagePrecision, coverage, loss },
      precisionPlace: this.#values.averagePrecision.placeOf(averagePrecision),
      lossPlace: this.#values.loss.placeOf(loss),
    };
  }
}

function groupOf({ codes }: LabelRows, slot: number, row: number): number {
  return slot === 0 ? 0 : (codes[slot - 1]?.[row] ?? 0);
}

function figuresAt({ averagePrecision, coverage, loss }: RankFigures, row: number) {
  return {
    averagePrecision: averagePrecision[row] ?? 0,
    coverage: coverage[row] ?? 0,
    loss: loss[row] ?? 0,
  };
}
