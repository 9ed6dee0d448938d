import type { KeptRows } from "../../evaluation/kept/read-kept.ts";
import type { Resampled } from "../../metrics/paired/bootstrap.ts";
import type { Linearised } from "../../metrics/paired/linear.ts";

/** A metric as what each row adds to it by itself. */
export interface PlainTerm {
  /** `area`: the row's score; `mean`: its loss; `root`: what the root is taken of the mean of; `share`: 1 or 0. */
  readonly kind: "area" | "mean" | "root" | "share";
  at(row: number): number;
  /** Only the rows of this class. */
  readonly only?: 0 | 1;
  /** The metric changes by so much where the term's mean (or area) changes by one; default 1. */
  readonly scale?: number;
}

/** A metric that is smooth in how much each row counts. `rows` are those that count. */
interface LinearTerm {
  readonly kind: "linear";
  figure(rows: Uint32Array): Linearised | undefined;
}

/** A mean over other units than rows, which both sides have in the same order. */
interface UnitTerm {
  readonly kind: "units";
  values(rows: Uint32Array): Float64Array;
}

/** A metric without a closed form. Those that are made together share one function. */
interface ResampledTerm {
  readonly kind: "resampled";
  readonly resample: (rows: Uint32Array) => Resampled;
}

/** What a paired interval is made of. */
export type RowTerm = PlainTerm | LinearTerm | UnitTerm | ResampledTerm;

export type Found = [metric: string, term: RowTerm][];

/** The row at a place of the order of ids. */
export function rowAt({ order }: KeptRows, place: number): number {
  return order === undefined ? place : (order[place] ?? 0);
}

/** Of rows, 1 where `is` holds. */
export function codesOf(rows: Uint32Array, is: (row: number) => boolean): Uint8Array {
  return Uint8Array.from(rows, (row) => (is(row) ? 1 : 0));
}

/** Of rows, a column. */
export function valuesOf(rows: Uint32Array, at: (row: number) => number): Float64Array {
  return Float64Array.from(rows, at);
}

/** Of rows, their weights; undefined where there are none. */
export function weightsOf({ data }: KeptRows, rows: Uint32Array): Float64Array | undefined {
  const { weights } = data;
  return weights && valuesOf(rows, (row) => weights[row] ?? Number.NaN);
}

/** Clipped as the metric is: by the machine epsilon of the scores' own type. */
export function logLossOf(values: Float64Array | Float32Array): (probability: number) => number {
  const epsilon = values instanceof Float32Array ? 2 ** -23 : 2 ** -52;
  return (probability) => -Math.log(Math.min(Math.max(probability, epsilon), 1 - epsilon));
}
