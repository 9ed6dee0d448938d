import { ExactSum } from "../exact-sum.ts";
import type { MetricOutcome } from "../metric-set.ts";
import { exactSumOf } from "../sample.ts";
import type { ForecastInput } from "./forecast-input.ts";

const unknownScale =
  "the training series is not known: say its naive error (--training-mae, --training-rmse) or give it (--history)";

/**
 * `mase` (Hyndman and Koehler 2006) and `rmsse` (M5): the errors of a series over the error that the seasonal naive forecast makes within
 * its training series, then the mean over the series that have rows, each once (as sktime's for several series). Weights count within
 * a series. `rows` are those with a weight above 0.
 */
export function scaledOutcomes(input: ForecastInput, rows: Uint32Array): Record<string, MetricOutcome> {
  const { truths, predictions, scales = {} } = input;
  const errorOf = (row: number) => (predictions[row] ?? Number.NaN) - (truths[row] ?? Number.NaN);
  return {
    mase: scaled(input, rows, {
      scale: scales.mae,
      termOf: (row, scale) => Math.abs(errorOf(row)) / scale,
      seriesOf: (mean) => mean,
    }),
    rmsse: scaled(input, rows, {
      scale: scales.rmse,
      termOf: (row, scale) => (errorOf(row) / scale) ** 2,
      seriesOf: Math.sqrt,
    }),
  };
}

function scaled(
  { series, weights }: ForecastInput,
  rows: Uint32Array,
  how: {
    readonly scale: Float64Array | undefined;
    readonly termOf: (row: number, scale: number) => number;
    readonly seriesOf: (mean: number) => number;
  },
): MetricOutcome {
  const { scale, termOf, seriesOf } = how;
  if (scale === undefined) return { undefined: unknownScale };
  const still = rows.reduce((count, row) => count + (scale[row] === 0 ? 1 : 0), 0);
  if (still > 0)
    return {
      undefined: `zero division: the training series of ${still} of ${rows.length} rows never changes from season to season`,
    };
  const sums = new Map<number, { readonly terms: ExactSum; readonly weight: ExactSum }>();
  for (const row of rows) {
    const code = series?.codes[row] ?? 0;
    const sum = sums.get(code) ?? { terms: new ExactSum(), weight: new ExactSum() };
    sums.set(code, sum);
    const weight = weights?.[row] ?? 1;
    sum.terms.add(weight * termOf(row, scale[row] ?? Number.NaN));
    sum.weight.add(weight);
  }
  const figures = Array.from(sums.values(), ({ terms, weight }) => seriesOf(terms.value / weight.value));
  return exactSumOf(figures.length, (place) => figures[place] ?? Number.NaN) / figures.length;
}
