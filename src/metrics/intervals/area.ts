import type { MetricInterval } from "../metric-set.ts";
import { normal975 } from "./proportion.ts";

/**
 * 95 % interval of an area under the ROC curve with DeLong's variance, cut at 0 and 1. Where no pair, or every pair, is ranked rightly
 * the variance is 0 and says nothing: then the exact (Clopper-Pearson) interval of no error in as many rows as the rarer class has.
 */
export function areaInterval(area: number, variance: number, rarer: number): MetricInterval {
  const reach = 0.025 ** (1 / rarer);
  const exact = { se: null, level: 0.95, method: "clopper-pearson" };
  if (area >= 1) return { ...exact, low: reach, high: 1 };
  if (area <= 0) return { ...exact, low: 0, high: 1 - reach };
  const se = Math.sqrt(Math.max(0, variance));
  return {
    se,
    low: Math.max(0, area - normal975 * se),
    high: Math.min(1, area + normal975 * se),
    level: 0.95,
    method: "delong",
  };
}
