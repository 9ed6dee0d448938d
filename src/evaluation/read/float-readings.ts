import type { TableSource } from "../../data/sources/table-source.ts";
import { columnOf, isFloat32, numberSql } from "./expressions.ts";
import type { ColumnProblem } from "./problems.ts";
import { BadRows, type FloatSink, floatSink } from "./sinks.ts";

/** A column of numbers that is being read. */
export interface FloatReading {
  /** `the weight column "exposure"`. */
  readonly name: string;
  readonly column: string;
  readonly sink: FloatSink;
}

/** All columns of numbers but the label; each is read once. */
export class FloatReadings {
  readonly #source: TableSource;
  readonly #rows: number;
  readonly #readings = new Map<string, FloatReading>();

  constructor(source: TableSource, rows: number) {
    this.#source = source;
    this.#rows = rows;
  }

  /** `own width` leaves a column of 32-bit floats as it is. */
  of(role: string, column: string, width: "own width" | "double"): FloatReading {
    const found = columnOf(this.#source, column);
    const isNarrow = isFloat32(found) && width === "own width";
    const key = `${isNarrow ? 32 : 64} ${column}`;
    const known = this.#readings.get(key);
    if (known !== undefined) return known;
    const sql = isFloat32(found) && !isNarrow ? `CAST(${numberSql(found)} AS DOUBLE)` : numberSql(found);
    const name = `the ${role}column ${JSON.stringify(column)}`;
    const made = { name, column, sink: floatSink(sql, this.#rows, isNarrow) };
    this.#readings.set(key, made);
    return made;
  }

  all(): FloatReading[] {
    return [...this.#readings.values()];
  }
}

export function floatProblem(source: TableSource, reading: FloatReading): ColumnProblem {
  const { name, column, sink } = reading;
  return { name, what: "that are no numbers", column: columnOf(source, column), bad: sink.bad };
}

/** Weights below 0, or nothing but 0. `seen`: those rows, of a table that was read in stretches. */
export function weightProblems(
  source: TableSource,
  reading: FloatReading,
  seen?: { readonly negative: BadRows; readonly zero: BadRows },
): ColumnProblem[] {
  const { smallest, largest } = reading.sink.range;
  if (smallest < 0)
    return [
      outOfRange(source, reading, { from: 0, what: "below 0, which no weight is", bad: seen?.negative }),
    ];
  const what = "that are 0, so nothing would count";
  return largest === 0
    ? [outOfRange(source, reading, { from: Number.MIN_VALUE, what, bad: seen?.zero })]
    : [];
}

/** Probabilities outside [0, 1]. */
export function probabilityProblems(source: TableSource, reading: FloatReading): ColumnProblem[] {
  const { smallest, largest } = reading.sink.range;
  if (smallest >= 0 && largest <= 1) return [];
  return [outOfRange(source, reading, { from: 0, to: 1, what: "outside [0, 1], which no probability is" })];
}

function outOfRange(
  source: TableSource,
  { name, column, sink }: FloatReading,
  range: {
    readonly from: number;
    readonly to?: number;
    readonly what: string;
    readonly bad?: BadRows | undefined;
  },
): ColumnProblem {
  const { from, to = Number.MAX_VALUE, what } = range;
  if (range.bad !== undefined) return { name, what, column: columnOf(source, column), bad: range.bad };
  const bad = new BadRows();
  for (let row = 0; row < sink.values.length; row += 1) {
    const value = sink.values[row] ?? 0;
    if (value < from || value > to) bad.add(row);
  }
  return { name, what, column: columnOf(source, column), bad };
}

/** The values of a column that was asked for as doubles. */
export function doublesOf({ sink, column }: FloatReading): Float64Array {
  if (sink.values instanceof Float64Array) return sink.values;
  throw new RangeError(`${column} was not read as doubles`);
}
