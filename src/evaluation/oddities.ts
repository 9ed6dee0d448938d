import type { TableData } from "./read/table-data.ts";

/** numpy.allclose, with which scikit-learn looks at the sums of probabilities. */
const tolerance = 1e-8 + 1e-5;

/** Things of a table that can be measured, and that its owner should know. */
export function oddities({ labels, probabilities, weights, intervals }: TableData, uri: string): string[] {
  return [
    // Of several labels a row may have all or none.
    ...(labels.kind === "several" ? [] : sumNotes(probabilities, uri)),
    ...weightNotes(weights, uri),
    ...intervals.flatMap((one) => crossedNotes(one, uri)),
  ];
}

function crossedNotes({ level, lower, upper }: TableData["intervals"][number], uri: string): string[] {
  let count = 0;
  let first: number | undefined;
  for (let row = 0; row < lower.length; row += 1) {
    if ((lower[row] ?? 0) <= (upper[row] ?? 0)) continue;
    count += 1;
    first ??= row;
  }
  return intervalNotes({ uri, level, count, first, rows: lower.length });
}

/** `count` of the rows have an interval whose ends are exchanged, the `first` of them from 0. */
export function intervalNotes(of: {
  readonly uri: string;
  readonly level: number;
  readonly count: number;
  readonly first: number | undefined;
  readonly rows: number;
}): string[] {
  const { uri, level, count, first, rows } = of;
  if (first === undefined) return [];
  return [
    `${uri}: the interval ${level} is the wrong way round in ${count} of ${rows} rows (the first is row ${first + 1}): its lower end lies above its upper one.`,
  ];
}

function sumNotes(probabilities: TableData["probabilities"], uri: string): string[] {
  const sums = new SumCheck();
  const columns = probabilities.map((one) => one.values);
  sums.add(columns, columns[0]?.length ?? 0);
  return sums.notes(uri);
}

/** Looks at the sums of the probabilities of each row; rows may come in stretches. */
export class SumCheck {
  #rows = 0;
  #count = 0;
  #first: string | undefined;

  /** The next rows, so many, of one column a class or none. */
  add(probabilities: readonly (Float64Array | Float32Array)[], rows: number): void {
    if (probabilities.length > 0) {
      for (let row = 0; row < rows; row += 1) {
        let sum = 0;
        for (const values of probabilities) sum += values[row] ?? 0;
        if (Math.abs(sum - 1) <= tolerance) continue;
        this.#count += 1;
        this.#first ??= `row ${this.#rows + row + 1} sums to ${Number(sum.toPrecision(6))}`;
      }
    }
    this.#rows += rows;
  }

  notes(uri: string): string[] {
    if (this.#first === undefined) return [];
    return [
      `${uri}: the probabilities of ${this.#count} of ${this.#rows} rows do not sum to 1 (${this.#first}); they are measured as they are, where scikit-learn refuses to rank them.`,
    ];
  }
}

function weightNotes(weights: TableData["weights"], uri: string): string[] {
  if (weights === undefined) return [];
  let count = 0;
  for (let row = 0; row < weights.length; row += 1) if (weights[row] === 0) count += 1;
  return zeroWeightNotes({ count, rows: weights.length }, uri);
}

/** Of so many rows of weight 0. */
export function zeroWeightNotes(
  { count, rows }: { readonly count: number; readonly rows: number },
  uri: string,
): string[] {
  return count === 0 ? [] : [`${uri}: ${count} of ${rows} rows have weight 0 and count in no metric.`];
}
