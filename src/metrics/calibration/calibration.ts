import { drawn } from "../curves/thin-curve.ts";
import type { Calibration } from "../details.ts";
import type { MetricOutcome } from "../metric-set.ts";
import { corpDecomposition, joinPools, type Pool } from "./isotonic.ts";
import { joinLogOdds, type LogOdds } from "./log-odds.ts";
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
  /** Of parts of the rows, highest scores first. */
  readonly parts: readonly CalibrationPart[];
  readonly brier: number;
  readonly isWeighted: boolean;
}

interface CalibrationPart {
  /** Lowest first. */
  readonly pools: readonly Pool[];
  /** Of the scores, clipped as for log-loss. */
  readonly logOdds: LogOdds;
}

/** How far probabilities can be taken at their word. There must be a row, and all scores must lie in [0, 1]. */
export function calibrationFigures(request: CalibrationRequest): CalibrationFigures {
  const { bins, bars, parts, isWeighted } = request;
  const pools = joinPools(parts.toReversed().flatMap((part) => part.pools));
  const refit = logisticRefit(joinLogOdds(parts.map((part) => part.logOdds)));
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
