import { ExactSum } from "../exact-sum.ts";

/** How well the last season repeats itself in each training series. */
export interface NaiveScales {
  /** By the code of the series; NaN where it has no two values a season apart. */
  readonly mae: Float64Array;
  readonly rmse: Float64Array;
}

/**
 * The errors of the seasonal naive forecast (the value of `season` steps before) within each training series, by which MASE and RMSSE
 * divide. The rows of a series stand together, in the order of time.
 */
export function naiveScales(
  values: Float64Array,
  series: { readonly codes: Uint32Array; readonly count: number },
  season: number,
): NaiveScales {
  const sums = Array.from({ length: series.count }, () => ({
    absolute: new ExactSum(),
    squared: new ExactSum(),
    count: 0,
  }));
  for (let row = season; row < values.length; row += 1) {
    const code = series.codes[row] ?? 0;
    const sum = sums[code];
    if (sum === undefined || series.codes[row - season] !== code) continue;
    const step = (values[row] ?? Number.NaN) - (values[row - season] ?? Number.NaN);
    sum.absolute.add(Math.abs(step));
    sum.squared.add(step ** 2);
    sum.count += 1;
  }
  return {
    mae: Float64Array.from(sums, ({ absolute, count }) => absolute.value / count),
    rmse: Float64Array.from(sums, ({ squared, count }) => Math.sqrt(squared.value / count)),
  };
}
