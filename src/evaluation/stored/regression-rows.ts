import type { DuckDb } from "../../data/engine/duckdb.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { floatProblem } from "../read/float-readings.ts";
import type { TableReading } from "../read/plan-reading.ts";
import { type ColumnProblem, describeProblems, refuseTable } from "../read/problems.ts";
import { BadRows } from "../read/sinks.ts";

/** The columns of some rows. */
export interface RowColumns {
  readonly truths: Float64Array;
  readonly predictions: Float64Array;
  readonly weights: Float64Array | undefined;
}

/** The first rows of what was read last. */
export function columnsOf({ label, prediction, weight }: TableReading, rows: number): RowColumns {
  const [truths, predictions] = [label, prediction].map((one) => {
    const labels = one?.labels();
    if (labels?.kind !== "numbers") throw new RangeError("truths and predictions are numbers");
    return labels.values.subarray(0, rows);
  });
  const weights = weight?.sink.values.subarray(0, rows);
  if (truths === undefined || predictions === undefined || weights instanceof Float32Array)
    throw new RangeError("truths, predictions and weights are doubles");
  return { truths, predictions, weights };
}

/** What is odd about weights that are read in stretches. */
export class WeightCheck {
  readonly #negative = new BadRows();
  readonly #zero = new BadRows();

  /** Of the rows from `from` on. */
  take(weights: Float64Array, from: number): void {
    for (const one of [this.#negative, this.#zero]) one.from = from;
    for (let row = 0; row < weights.length; row += 1) {
      const weight = weights[row] ?? 0;
      if (weight < 0) this.#negative.add(row);
      else if (weight === 0) this.#zero.add(row);
    }
  }

  get zeros(): number {
    return this.#zero.count;
  }

  problems(source: TableSource, reading: TableReading, rows: number): ColumnProblem[] {
    const { weight } = reading;
    if (weight === undefined) return [];
    const all = floatProblem(source, weight);
    const negative = { ...all, what: "below 0, which no weight is", bad: this.#negative };
    const zero = { ...all, what: "that are 0, so nothing would count", bad: this.#zero };
    return [all, negative, ...(this.#zero.count === rows ? [zero] : [])];
  }
}

/** Throws `not-evaluable` where rows cannot be measured. */
export async function refuseBadRows(
  db: DuckDb,
  source: TableSource,
  found: {
    readonly uri: string;
    readonly reading: TableReading;
    readonly weights: WeightCheck;
    readonly rows: number;
  },
): Promise<void> {
  const { uri, reading, weights, rows } = found;
  const { label, prediction } = reading;
  const problems = [
    label.problem,
    ...(prediction === undefined ? [] : [prediction.problem]),
    ...weights.problems(source, reading, rows),
  ];
  refuseTable(
    uri,
    await describeProblems(db, source, { uri, rows, problems }),
    label.problem.bad.count > 0 ? label.hint : undefined,
  );
}
