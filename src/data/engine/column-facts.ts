import type { Value } from "../plan/measure.ts";

/** What one scan finds of a column by bare aggregates, from which much else follows. */
export interface ColumnFacts {
  readonly nulls: number;
  /** Neither NaN nor an infinity; undefined for types that know none. */
  readonly allFinite: boolean | undefined;
  /** Smallest and largest value; undefined where nobody asked, where there is no value, and where NaN or infinities are. */
  readonly range: { readonly min: Value; readonly max: Value } | undefined;
}

/** By column name. */
export type TableFacts = Map<string, ColumnFacts>;
