import type { MetricInterval } from "../metric-set.ts";
import { normal975 } from "./proportion.ts";

interface Mean {
  readonly mean: number;
  readonly least?: number;
  readonly most?: number;
}

/**
 * 95 % interval of `mean`, that of a figure over rows that were drawn independently, from its standard error (ddof 1), cut at the
 * bounds that no value passes. `squares`: the sum of the squared distances of the figures from their mean. Undefined for fewer than two
 * rows, and where a square is beyond a double's range.
 */
export function squaresInterval(
  rows: number,
  squares: number,
  { mean, least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY }: Mean,
): MetricInterval | undefined {
  if (rows < 2) return undefined;
  const se = Math.sqrt(squares / (rows - 1) / rows);
  if (!Number.isFinite(se)) return undefined;
  const [low, high] = [Math.max(least, mean - normal975 * se), Math.min(most, mean + normal975 * se)];
  return { se, low, high, level: 0.95, method: "mean" };
}
