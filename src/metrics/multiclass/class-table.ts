import { ExactSum } from "../exact-sum.ts";
import type { Grouping } from "../metric-set.ts";
import type { MulticlassInput } from "./multiclass-input.ts";

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

/** One table a group; one of all rows without a grouping. */
export function classTables(
  input: MulticlassInput & { readonly predictions: Uint32Array },
  grouping: Grouping | undefined,
): ClassTable[] {
  const size = input.classes.length;
  const groups = grouping?.count ?? 1;
  const rows = new Uint32Array(groups);
  const places = new Uint32Array(input.labels.length);
  for (let row = 0; row < places.length; row += 1) {
    const group = grouping?.codes[row] ?? 0;
    if (group >= groups) throw new RangeError(`row ${row} has a group code beyond ${groups - 1}`);
    rows[group] = (rows[group] ?? 0) + 1;
    places[row] = (group * size + (input.labels[row] ?? 0)) * size + (input.predictions[row] ?? 0);
  }
  const cells = cellSums(places, { count: groups * size * size, weights: input.weights });
  return Array.from(rows, (count, group) =>
    tableOf(cells.subarray(group * size * size, (group + 1) * size * size), { size, rows: count }),
  );
}

function cellSums(
  places: Uint32Array,
  { count, weights }: { readonly count: number; readonly weights: Float64Array | undefined },
): Float64Array {
  const cells = new Float64Array(count);
  if (weights === undefined) {
    for (const place of places) cells[place] = (cells[place] ?? 0) + 1;
    return cells;
  }
  const sums = new Map<number, ExactSum>();
  for (const [row, place] of places.entries()) {
    const sum = sums.get(place) ?? new ExactSum();
    sum.add(weights[row] ?? 0);
    sums.set(place, sum);
  }
  for (const [place, sum] of sums) cells[place] = sum.value;
  return cells;
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
