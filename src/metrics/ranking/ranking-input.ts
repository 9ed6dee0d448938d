export interface RankingInput {
  /** At least 0; above 0 is relevant. */
  readonly relevances: Float64Array;
  /** Finite; higher comes first. */
  readonly scores: Float64Array;
  /** Which query each row belongs to: 0 to `queryCount` - 1. */
  readonly queries: Uint32Array;
  readonly queryCount: number;
  /** Whole numbers from 1 on. Default: 5 and 10. */
  readonly ks?: readonly number[];
}
