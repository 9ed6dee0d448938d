import type { FailingRows } from "./check.ts";
import type { Answer, Measure, Value } from "./measure.ts";

/** A table opened by an engine. What an engine cannot do for one measure is that measure's `error` answer. */
export interface Engine {
  /** Finds all `measures` in as few scans as it can; by `keyOf(measure)`. Throws where the data cannot be read to its end. */
  answer(measures: readonly Measure[]): Promise<ReadonlyMap<string, Answer>>;
  /** For each of `failing`: distinct failing values, most frequent first, then by value; at most `limit`. */
  examples(failing: readonly FailingRows[], limit: number): Promise<readonly (readonly FailingExample[])[]>;
  /** For each of `wanted`: failing rows one by one, in the order of the files, with the values of those columns of the table. */
  failingRows(
    wanted: readonly WantedRows[],
    columns: readonly string[],
  ): Promise<readonly (readonly FailingRow[])[]>;
  /** Writes all failing rows to a Parquet file that must not exist; answers how many there are. */
  keepRows(request: KeepRows): Promise<number>;
  /** The statements that `answer` would run, for people. */
  explain(measures: readonly Measure[]): Promise<readonly string[]>;
}

export interface FailingExample {
  /** One for each of `FailingRows.shown`. */
  readonly values: readonly Value[];
  readonly count: number;
}

export interface KeepRows {
  readonly file: string;
  readonly rules: readonly { readonly name: string; readonly failing: FailingRows }[];
  /** Come first, and are never masked. */
  readonly keyColumns: readonly string[];
  /** Without it all other values are masked: first letter and length. */
  readonly showsValues: boolean;
}

export interface WantedRows {
  readonly failing: FailingRows;
  /** The first of them, at most as many. */
  readonly limit: number;
}

export interface FailingRow {
  /** Number of the row in the table, from 0. */
  readonly position: number;
  /** One for each of `FailingRows.shown`. */
  readonly values: readonly Value[];
  /** One for each of the columns asked for. */
  readonly columns: readonly Value[];
}
