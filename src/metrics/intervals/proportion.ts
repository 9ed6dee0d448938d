import type { MetricInterval } from "../metric-set.ts";
import { betaQuantile } from "./beta.ts";

/** The 0.975 quantile of the normal distribution. */
export const normal975 = 1.959963984540054;

/** Wilson's score interval (1927), 95 %, of `hits` of `rows`; `rows` above 0. */
export function wilson(hits: number, rows: number): MetricInterval {
  const share = hits / rows;
  const squared = normal975 ** 2;
  const centre = share + squared / (2 * rows);
  const width = normal975 * Math.sqrt((share * (1 - share)) / rows + squared / (4 * rows * rows));
  const scale = 1 + squared / rows;
  return {
    se: null,
    low: hits === 0 ? 0 : Math.max(0, (centre - width) / scale),
    high: hits === rows ? 1 : Math.min(1, (centre + width) / scale),
    level: 0.95,
    method: "wilson",
  };
}

/** The exact interval of Clopper & Pearson (1934), 95 %, of `hits` of `rows`; `rows` above 0. */
export function clopperPearson(hits: number, rows: number): { readonly low: number; readonly high: number } {
  return {
    low: hits === 0 ? 0 : betaQuantile(0.025, hits, rows - hits + 1),
    high: hits === rows ? 1 : betaQuantile(0.975, hits + 1, rows - hits),
  };
}
