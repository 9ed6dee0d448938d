import type { MetricOutcome } from "../metric-set.ts";
import type { Linearised } from "./linear.ts";

/** A metric of a table of counts, and how it moves with each of them. */
interface CellFigure {
  readonly value: number;
  readonly slopes: Float64Array;
}

/** Of a cell's own size: the error of a central difference is of the second order, some 1e-8 of the slope. */
const step = 1e-4;

/**
 * The metrics of a table of counts (sums of weights) by name, each with its derivative by every cell: central differences of the metric's
 * own function, which is smooth where no cell becomes empty. No row lies in an empty cell, so their slopes are left 0. Metrics without a
 * value are left out.
 */
export function cellFigures(
  cells: Float64Array,
  outcomesOf: (cells: Float64Array) => Readonly<Record<string, MetricOutcome>>,
): ReadonlyMap<string, CellFigure> {
  const found = new Map<string, CellFigure>();
  for (const [name, value] of Object.entries(outcomesOf(cells)))
    if (typeof value === "number") found.set(name, { value, slopes: new Float64Array(cells.length) });
  for (const [cell, count] of cells.entries()) {
    if (count === 0) continue;
    const moved = [1 + step, 1 - step].map((factor) => {
      const other = Float64Array.from(cells);
      other[cell] = count * factor;
      return outcomesOf(other);
    });
    for (const [name, { slopes }] of found) {
      const [more, less] = moved.map((outcomes) => outcomes[name]);
      slopes[cell] =
        typeof more === "number" && typeof less === "number"
          ? (more - less) / (2 * step * count)
          : Number.NaN;
    }
  }
  return found;
}

/** What each row moves a metric by: `cellsOf` are the cells that it counts in, `weights` how much. */
export function rowInfluences(
  { value, slopes }: CellFigure,
  cellsOf: readonly Uint32Array[],
  weights: Float64Array | undefined,
): Linearised {
  const rows = cellsOf[0]?.length ?? 0;
  const influences = new Float64Array(rows);
  for (const cells of cellsOf)
    for (let row = 0; row < rows; row += 1)
      influences[row] = (influences[row] ?? 0) + (slopes[cells[row] ?? 0] ?? 0);
  for (let row = 0; row < rows; row += 1)
    influences[row] = (influences[row] ?? 0) * rows * (weights?.[row] ?? 1);
  return { value, influences };
}

/** The table of the cells that rows count in. */
export function countCells(
  size: number,
  cellsOf: readonly Uint32Array[],
  weights: Float64Array | undefined,
): Float64Array {
  const cells = new Float64Array(size);
  for (const own of cellsOf)
    for (let row = 0; row < own.length; row += 1) {
      const cell = own[row] ?? 0;
      cells[cell] = (cells[cell] ?? 0) + (weights?.[row] ?? 1);
    }
  return cells;
}
