import { ExactSums } from "../exact-sums.ts";

/** Sums of weights (numbers of rows) of one group by truth and prediction. */
export interface ClassTable {
  /** Rows, also those of weight 0. */
  readonly rows: number;
  readonly weight: number;
  /** `cells[truth * classes + prediction]`. */
  readonly cells: Float64Array;
  readonly truths: Float64Array;
  readonly predictions: Float64Array;
}

/** Counts the rows of some groups by truth and prediction. */
export class TableCounts {
  readonly #size: number;
  readonly #rows: Float64Array;
  /** Group by group. */
  readonly #cells: Float64Array;
  /** Of weights, by cell. */
  #sums: ExactSums | undefined;

  /** Of so many classes and groups. */
  constructor(size: number, groups: number) {
    this.#size = size;
    this.#rows = new Float64Array(groups);
    this.#cells = new Float64Array(groups * size * size);
  }

  /** The next rows: places of their classes, of the group that each is in, undefined: the first. */
  add(rows: {
    readonly labels: Uint32Array;
    readonly predictions: Uint32Array;
    readonly codes: Uint8Array | Uint32Array | undefined;
    readonly weights: Float64Array | undefined;
  }): void {
    const { labels, predictions, codes, weights } = rows;
    const size = this.#size;
    const groups = this.#rows;
    const cells = this.#cells;
    if (weights !== undefined) this.#sums ??= new ExactSums(cells, new Float64Array(cells.length));
    for (let row = 0; row < labels.length; row += 1) {
      const group = codes === undefined ? 0 : (codes[row] ?? 0);
      if (group >= groups.length)
        throw new RangeError(`row ${row} has a group code beyond ${groups.length - 1}`);
      const cell = (group * size + (labels[row] ?? 0)) * size + (predictions[row] ?? 0);
      groups[group] = (groups[group] ?? 0) + 1;
      if (weights === undefined) cells[cell] = (cells[cell] ?? 0) + 1;
      else this.#sums?.add(cell, weights[row] ?? 0);
    }
  }

  get tables(): ClassTable[] {
    const square = this.#size ** 2;
    this.#sums?.finish();
    return Array.from(this.#rows, (rows, group) =>
      tableOf(this.#cells.slice(group * square, (group + 1) * square), { size: this.#size, rows }),
    );
  }
}

/** The margins of a table of cells. */
export function tableOf(
  cells: Float64Array,
  { size, rows }: { readonly size: number; readonly rows: number },
): ClassTable {
  const truths = new Float64Array(size);
  const predictions = new Float64Array(size);
  let weight = 0;
  for (const [place, cell] of cells.entries()) {
    const [truth, prediction] = [Math.floor(place / size), place % size];
    truths[truth] = (truths[truth] ?? 0) + cell;
    predictions[prediction] = (predictions[prediction] ?? 0) + cell;
    weight += cell;
  }
  return { rows, weight, cells, truths, predictions };
}
