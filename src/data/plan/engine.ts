import type { FailingRows } from "./check.ts";
import type { Answer, Measure, Value } from "./measure.ts";

/** A table opened by an engine. What an engine cannot do for one measure is that measure's `error` answer. */
export interface Engine {
  /** Finds all `measures` in as few scans as it can; by `keyOf(measure)`. Throws where the data cannot be read to its end. */
  answer(measures: readonly Measure[]): Promise<ReadonlyMap<string, Answer>>;
  /** Distinct failing values, most frequent first, then by value. */
  examples(failing: FailingRows, limit: number): Promise<readonly FailingExample[]>;
  /** Failing rows one by one, in the order of the files; undefined for an engine that knows no such order. */
  failingRows?(failing: FailingRows, wanted: WantedRows): Promise<readonly FailingRow[]>;
  /** The statements that `answer` would run, for people. */
  explain(measures: readonly Measure[]): Promise<readonly string[]>;
}

export interface FailingExample {
  /** One for each of `FailingRows.shown`. */
  readonly values: readonly Value[];
  readonly count: number;
}

export interface WantedRows {
  /** Columns of the table to give with each row, beside what is shown. */
  readonly columns: readonly string[];
  readonly limit: number;
}

export interface FailingRow {
  /** Number of the row in the table, from 0. */
  readonly position: number;
  /** One for each of `FailingRows.shown`. */
  readonly values: readonly Value[];
  /** One for each of `WantedRows.columns`. */
  readonly columns: readonly Value[];
}
