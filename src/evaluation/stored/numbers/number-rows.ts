import type { TableSource } from "../../../data/sources/table-source.ts";
import { intervalNotes, zeroWeightNotes } from "../../oddities.ts";
import { doublesOf, type FloatReading } from "../../read/float-readings.ts";
import type { LabelReading } from "../../read/labels.ts";
import type { TableReading } from "../../read/plan-reading.ts";
import type { ColumnProblem } from "../../read/problems.ts";
import { BadRows, type Sink } from "../../read/sinks.ts";
import { negativeProblem } from "../../read/task-readings.ts";
import { WeightRows } from "../weight-rows.ts";

/** Columns of a task whose truths are numbers. */
export interface NumberColumns<Column> {
  readonly truths: Column;
  /** What the model said: a prediction, quantiles, and then the lower and the upper end of each interval. */
  readonly said: readonly Column[];
  /** Of a forecast: training errors that are columns. */
  readonly more: readonly Column[];
  readonly weights: Column | undefined;
}

/** The first rows of what was read last. */
export function columnsOf(reading: TableReading, rows: number): NumberColumns<Float64Array> {
  const { label, prediction, quantiles, intervals, weight } = reading;
  const said = [
    ...(prediction === undefined ? [] : [numbersOf(prediction)]),
    ...quantiles.map(({ values }) => doublesOf(values)),
    ...intervals.flatMap(({ lower, upper }) => [doublesOf(lower), doublesOf(upper)]),
  ];
  return {
    truths: numbersOf(label).subarray(0, rows),
    said: said.map((values) => values.subarray(0, rows)),
    more: scalesOf(reading).map((scale) => doublesOf(scale).subarray(0, rows)),
    weights: weight && doublesOf(weight).subarray(0, rows),
  };
}

/** Where `columnsOf` reads truths and what the model said, in its order. */
export function saidSinks({ label, prediction, quantiles, intervals }: TableReading): Sink[] {
  return [
    label.sink,
    ...(prediction === undefined ? [] : [prediction.sink]),
    ...quantiles.map(({ values }) => values.sink),
    ...intervals.flatMap(({ lower, upper }) => [lower.sink, upper.sink]),
  ];
}

/** Training errors by row. */
function scalesOf({ more }: TableReading): FloatReading[] {
  return [more.trainingMae, more.trainingRmse].filter((scale) => typeof scale === "object");
}

function numbersOf(reading: LabelReading): Float64Array {
  const labels = reading.labels();
  if (labels.kind !== "numbers") throw new RangeError(`${labels.kind} labels, expected numbers`);
  return labels.values;
}

/** What is odd about rows that are read in stretches. */
export class RowCheck {
  readonly weights = new WeightRows();
  readonly #negative: readonly { readonly scale: FloatReading; readonly rows: BadRows }[];
  readonly #crossed: readonly { readonly level: number; readonly rows: BadRows }[];

  constructor(reading: TableReading) {
    this.#negative = scalesOf(reading).map((scale) => ({ scale, rows: new BadRows() }));
    this.#crossed = reading.intervals.map(({ level }) => ({ level, rows: new BadRows() }));
  }

  /** Of the rows from `from` on. */
  take({ said, more, weights }: NumberColumns<Float64Array>, from: number): void {
    if (weights !== undefined) this.weights.take(weights, from);
    for (const [index, { rows }] of this.#negative.entries()) {
      const scales = more[index] ?? new Float64Array();
      rows.from = from;
      for (let row = 0; row < scales.length; row += 1) if ((scales[row] ?? 0) < 0) rows.add(row);
    }
    const first = said.length - 2 * this.#crossed.length;
    for (const [index, { rows }] of this.#crossed.entries()) {
      const [lower, upper] = [said[first + 2 * index], said[first + 2 * index + 1]];
      rows.from = from;
      for (let row = 0; row < (lower?.length ?? 0); row += 1)
        if (!((lower?.[row] ?? 0) <= (upper?.[row] ?? 0))) rows.add(row);
    }
  }

  /** Training errors below 0. */
  problems(source: TableSource): ColumnProblem[] {
    return this.#negative.map(({ scale, rows }) => negativeProblem(source, scale, rows));
  }

  /** As `oddities`. */
  notes(uri: string, rows: number): string[] {
    return [
      ...zeroWeightNotes({ count: this.weights.zero.count, rows }, uri),
      ...this.#crossed.flatMap(({ level, rows: { count, first } }) =>
        intervalNotes({ uri, level, count, first: first[0], rows }),
      ),
    ];
  }
}
