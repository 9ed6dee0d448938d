import type { Grouping, MetricOutcome } from "../metric-set.ts";
import { type ClassTable, TableCounts } from "./class-table.ts";
import { type Probabilities, ProbabilityTally, probabilityFigures } from "./probability-tally.ts";

/** Some neighbouring rows. */
export interface ClassRows {
  /** Places of classes. */
  readonly labels: Uint32Array;
  /** Undefined: the class of the highest probability, the first of equal ones. */
  readonly predictions: Uint32Array | undefined;
  readonly probabilities: Probabilities | undefined;
  readonly weights: Float64Array | undefined;
  /** Of each grouping. */
  readonly codes: readonly Grouping["codes"][];
}

/** What the rows of one group tell one by one. */
export interface GroupRows {
  readonly table: ClassTable;
  /** Undefined without probabilities. */
  outcomes(isProbability: boolean): Record<string, MetricOutcome> | undefined;
}

/** Goes along the rows, stretch by stretch, for all rows and all groups at once. The stretches do not show in the figures. */
export class RowWalk {
  readonly #slots: readonly {
    readonly counts: TableCounts;
    readonly tallies: readonly ProbabilityTally[];
  }[];

  readonly #isScored: boolean;

  /** Of so many classes, and so many groups of each grouping. `ks`: undefined without probabilities. */
  constructor(size: number, groups: readonly number[], ks: readonly number[] | undefined) {
    this.#isScored = ks !== undefined;
    this.#slots = [1, ...groups].map((count) => ({
      counts: new TableCounts(size, count),
      tallies: Array.from({ length: count }, () => new ProbabilityTally(ks ?? [])),
    }));
  }

  add(rows: ClassRows): void {
    const { labels, probabilities, weights } = rows;
    const predictions = rows.predictions ?? likeliest(labels.length, probabilities);
    const figures = probabilities && probabilityFigures(labels, probabilities);
    for (const [slot, { counts, tallies }] of this.#slots.entries()) {
      const codes = slot === 0 ? undefined : rows.codes[slot - 1];
      counts.add({ labels, predictions, codes, weights });
      if (figures === undefined) continue;
      for (let row = 0; row < labels.length; row += 1)
        tallies[codes === undefined ? 0 : (codes[row] ?? 0)]?.add(figures, row, weights?.[row]);
    }
  }

  /** All rows first, then by grouping; by group. */
  get groups(): readonly (readonly GroupRows[])[] {
    return this.#slots.map(({ counts, tallies }) =>
      counts.tables.map((table, group) => ({
        table,
        outcomes: (isProbability) => (this.#isScored ? tallies[group]?.outcomes(isProbability) : undefined),
      })),
    );
  }
}

/** The place of the highest probability of each row; of equal ones the first, as NumPy's argmax. */
function likeliest(rows: number, probabilities: Probabilities | undefined): Uint32Array {
  const [first] = probabilities ?? [];
  if (probabilities === undefined || first === undefined)
    throw new RangeError("neither predictions nor probabilities");
  const best = new Uint32Array(rows);
  const highest = first.slice(0, rows);
  for (const [index, column] of probabilities.entries()) {
    for (let row = 0; row < rows; row += 1) {
      const value = column[row] ?? 0;
      if (value <= (highest[row] ?? 0)) continue;
      highest[row] = value;
      best[row] = index;
    }
  }
  return best;
}
