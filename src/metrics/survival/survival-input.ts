export interface SurvivalInput {
  /** Time until the event, or until a row was seen last; finite, at least 0. */
  readonly durations: Float64Array;
  /** 1 where the event was seen, 0 where the row is right-censored. */
  readonly events: Uint8Array;
  /** Finite; higher means sooner. */
  readonly risks: Float64Array | Float32Array;
  /** At least 0, not all 0. */
  readonly weights?: Float64Array | undefined;
  /** Predicted chances to be without the event after a time, 0 to 1: for `brier@T` and `integrated_brier`. */
  readonly survivals?: readonly SurvivalAt[];
  /** Ends of follow-up for `concordance_index_ipcw{tau=...}`; above 0. */
  readonly taus?: readonly number[];
}

interface SurvivalAt {
  /** At least 0; no two are equal. */
  readonly time: number;
  readonly values: Float64Array;
}

/** Rows with a weight above 0, by duration, shortest first. */
export interface SurvivalSample {
  /** Where each stands in the input. */
  readonly rows: Uint32Array;
  readonly durations: Float64Array;
  readonly events: Uint8Array;
  readonly risks: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly survivals: readonly SurvivalAt[];
}
