import { drawn } from "../curves/thin-curve.ts";
import type { Calibration } from "../details.ts";
import type { MetricOutcome } from "../metric-set.ts";
import { corpDecomposition, type Pool } from "./isotonic.ts";
import type { LogOdds } from "./log-odds.ts";
import { logisticRefit } from "./logistic-refit.ts";
import { type Bar, calibrationTable } from "./reliability.ts";

export interface CalibrationFigures {
  readonly calibration: Calibration;
  /** `calibration_slope`, `calibration_intercept`. */
  readonly outcomes: Readonly<Record<string, MetricOutcome>>;
}

export interface CalibrationRequest {
  readonly bins: number;
  /** Of equal width, highest first. */
  readonly bars: readonly Bar[];
  /** Lowest first. */
  readonly pools: readonly Pool[];
  /** Of the scores, clipped as for log-loss. */
  readonly logOdds: LogOdds;
  readonly brier: number;
  readonly isWeighted: boolean;
}

/** How far probabilities can be taken at their word. There must be a row, and all scores must lie in [0, 1]. */
export function calibrationFigures(request: CalibrationRequest): CalibrationFigures {
  const { bins, bars, pools, isWeighted } = request;
  const refit = logisticRefit(request.logOdds);
  const fit = "slope" in refit ? refit : undefined;
  return {
    calibration: {
      recipe: `bins=${bins},strategy=uniform`,
      bins: calibrationTable(bars, { bins, isWeighted }),
      isotonic: drawn(
        pools.flatMap(({ lowest, highest, positives, weight }) => {
          const ends = lowest === highest ? [lowest] : [lowest, highest];
          return ends.map((score) => ({ x: score, y: positives / weight, threshold: score }));
        }),
      ),
      corp: corpDecomposition(pools, request.brier),
      slope: fit?.slope ?? null,
      intercept: fit?.intercept ?? null,
    },
    outcomes: {
      calibration_slope: "slope" in refit ? refit.slope : refit,
      calibration_intercept: "slope" in refit ? refit.intercept : refit,
    },
  };
}
