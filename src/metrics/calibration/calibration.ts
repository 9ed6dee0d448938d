import { drawn } from "../curves/thin-curve.ts";
import type { Calibration } from "../details.ts";
import type { MetricOutcome } from "../metric-set.ts";
import { corpDecomposition, isotonicPools } from "./isotonic.ts";
import { logisticRefit } from "./logistic-refit.ts";
import { type CalibrationRows, calibrationTable } from "./reliability.ts";

export interface CalibrationFigures {
  readonly calibration: Calibration;
  /** `calibration_slope`, `calibration_intercept`. */
  readonly outcomes: Readonly<Record<string, MetricOutcome>>;
}

export interface CalibrationRequest {
  readonly rows: CalibrationRows;
  /** Of all rows. */
  readonly weight: number;
  readonly brier: number;
  /** Scores are clipped to [clip, 1 - clip] before the refit. */
  readonly clip: number;
  readonly bins: number;
}

/** How far probabilities can be taken at their word. There must be a row, and all scores must lie in [0, 1]. */
export function calibrationFigures({ rows, ...known }: CalibrationRequest): CalibrationFigures {
  const recipe = { bins: known.bins, strategy: "uniform", weight: known.weight } as const;
  const pools = isotonicPools(rows);
  const refit = logisticRefit(rows, known.clip);
  const fit = "slope" in refit ? refit : undefined;
  return {
    calibration: {
      recipe: `bins=${known.bins},strategy=uniform`,
      bins: calibrationTable(rows, recipe),
      isotonic: drawn(
        pools.flatMap(({ lowest, highest, positives, weight }) => {
          const ends = lowest === highest ? [lowest] : [lowest, highest];
          return ends.map((score) => ({ x: score, y: positives / weight, threshold: score }));
        }),
      ),
      corp: corpDecomposition(pools, known.brier),
      slope: fit?.slope ?? null,
      intercept: fit?.intercept ?? null,
    },
    outcomes: {
      calibration_slope: "slope" in refit ? refit.slope : refit,
      calibration_intercept: "slope" in refit ? refit.intercept : refit,
    },
  };
}
