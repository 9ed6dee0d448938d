import type { Payloads, Scores } from "./columns.ts";

/** All rows that count, highest score first. */
export interface SortedRows {
  readonly scores: Scores;
  /** In the order of the scores; undefined without weights. */
  readonly weights: Float64Array | undefined;
  /** Memory of the same size that the sort needs no more. */
  readonly spare: Scores;
  /** No more rows than these have the same score. */
  readonly mostTied: number;
  /** What each row is, for one grouping; without one all rows are in group 0. */
  readonly tags: (grouping: number | undefined) => Tags;
}

/** Bit 0 of a value is the label; `(value >>> shift) & mask` is the group. */
export interface Tags {
  readonly values: Payloads;
  readonly shift: number;
  readonly mask: number;
}

/** What blocks are made of: rows by score, highest first. */
export interface RowsByScore extends Pick<SortedRows, "scores" | "weights" | "mostTied"> {
  /** Where the blocks' scores may be written, instead of new memory. */
  readonly spare: SortedRows["spare"] | undefined;
}
