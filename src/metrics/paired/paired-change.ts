/** How sure a change is between two models that were measured on the same rows: the second minus the first. */
export interface PairedChange {
  readonly change: number;
  /** Standard error; null where the interval is not made of one. */
  readonly se: number | null;
  /** 95 %. */
  readonly low: number;
  readonly high: number;
  /** `delong`, `paired-t`, `newcombe`, `delta`, `bootstrap`. */
  readonly method: string;
}
