import type { Grouping } from "../metric-set.ts";
import type { QuantileInput } from "../quantile/quantile.ts";

export interface ForecastInput extends Pick<QuantileInput, "truths" | "weights" | "quantiles" | "intervals"> {
  /** Finite, in the unit of the truth. */
  readonly predictions: Float64Array;
  /** Which series each row is of: 0 to `count` - 1. Undefined: all of one. */
  readonly series?: { readonly codes: Uint32Array; readonly count: number } | undefined;
  /** Error of the seasonal naive forecast within the training series that the row is of, in the unit of the truth; at least 0. */
  readonly scales?: {
    /** Mean absolute error: MASE divides by it. */
    readonly mae?: Float64Array | undefined;
    /** Root of the mean squared error: RMSSE divides by it. */
    readonly rmse?: Float64Array | undefined;
  };
  /** How far ahead each row was forecast; the names by code, in the order of the table. */
  readonly horizons?: { readonly names: readonly string[]; readonly grouping: Grouping } | undefined;
}
