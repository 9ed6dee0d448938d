import type { Grouping } from "../../../metrics/metric-set.ts";

/** Rows that come some at a time. */
interface SomeRows {
  readonly relevances: Float64Array | Float32Array;
  readonly scores: Float64Array | Float32Array;
  /** Of each subgroup. */
  readonly codes: readonly Grouping["codes"][];
}

/** Of the first query; more room is made where it is wanted. */
const firstRows = 1024;

/** Memory of one row of a query: in its arrays, while these grow, and while it is ranked, once more in each subgroup. */
export function bytesOfQueryRow(subgroups: number): number {
  return 250 + 24 * subgroups;
}

/** The rows of one query, in memory that the next one uses again. */
export class QueryRows {
  rows = 0;
  readonly #subgroups: number;
  #relevances = new Float64Array(firstRows);
  #scores = new Float64Array(firstRows);
  #codes: readonly Uint32Array[];
  #numbers = Uint32Array.from({ length: firstRows }, (_, row) => row);

  constructor(subgroups: number) {
    this.#subgroups = subgroups;
    this.#codes = Array.from({ length: subgroups }, () => new Uint32Array(firstRows));
  }

  add({ relevances, scores, codes }: SomeRows): void {
    const [start, end] = [this.rows, this.rows + relevances.length];
    if (end > this.#relevances.length) this.#grow(end);
    this.#relevances.set(relevances, start);
    this.#scores.set(scores, start);
    for (const [index, own] of this.#codes.entries()) own.set(codes[index] ?? [], start);
    this.rows = end;
  }

  /** As `RankingTotals` takes them. */
  query() {
    return {
      relevances: this.#relevances,
      scores: this.#scores,
      rows: this.#numbers.subarray(0, this.rows),
      codes: this.#codes,
    };
  }

  #grow(rows: number): void {
    const room = Math.max(rows, 2 * this.#relevances.length);
    const grown = <Values extends Float64Array | Uint32Array>(values: Values, empty: Values): Values => {
      empty.set(values.subarray(0, this.rows));
      return empty;
    };
    this.#relevances = grown(this.#relevances, new Float64Array(room));
    this.#scores = grown(this.#scores, new Float64Array(room));
    this.#codes = Array.from({ length: this.#subgroups }, (_, index) =>
      grown(this.#codes[index] ?? new Uint32Array(), new Uint32Array(room)),
    );
    this.#numbers = Uint32Array.from({ length: room }, (_, row) => row);
  }
}
