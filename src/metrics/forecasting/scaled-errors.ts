import { ExactSum } from "../exact-sum.ts";
import type { MetricOutcome } from "../metric-set.ts";
import { gather } from "../sample.ts";
import { blockRows } from "../sums/mean-sum.ts";
import type { ForecastInput } from "./forecast-input.ts";

const unknownScale =
  "the training series is not known: say its naive error (--training-mae, --training-rmse) or give it (--history)";

/** Rows with a weight above 0, some of them or all: those of one series come one after the other. */
interface ScaledRows {
  readonly truths: Float64Array;
  readonly predictions: Float64Array;
  readonly weights: Float64Array | undefined;
  /** Which series each row is of. Undefined: all of one. */
  readonly series: Uint32Array | Float64Array | undefined;
  readonly mae: Float64Array | undefined;
  readonly rmse: Float64Array | undefined;
}

/** Which scales rows have. */
export interface KnownScales {
  readonly mae: boolean;
  readonly rmse: boolean;
}

/**
 * `mase` (Hyndman and Koehler 2006) and `rmsse` (M5): the errors of a series over the error that the seasonal naive forecast makes within
 * its training series, then the mean over the series that have rows, each once (as sktime's for several series). Weights count within
 * a series. One series after the other is added up, exactly: the order of the rows within it and that of the series do not show.
 */
export class ScaledSums {
  readonly #mase: SeriesMean | undefined;
  readonly #rmsse: SeriesMean | undefined;
  #series: number | undefined;

  constructor({ mae, rmse }: KnownScales) {
    this.#mase = mae ? new SeriesMean((error, scale) => Math.abs(error) / scale, plain) : undefined;
    this.#rmsse = rmse ? new SeriesMean((error, scale) => (error / scale) ** 2, Math.sqrt) : undefined;
  }

  take(rows: ScaledRows): void {
    const { series, truths } = rows;
    for (let start = 0; start < truths.length; ) {
      const code = series?.[start] ?? 0;
      if (code !== this.#series) this.#end();
      this.#series = code;
      let end = series === undefined ? truths.length : start + 1;
      while (end < truths.length && series?.[end] === code) end += 1;
      for (; start < end; start = Math.min(end, start + blockRows))
        this.#add(rows, { start, end: Math.min(end, start + blockRows) });
    }
  }

  /** When all rows were taken. */
  outcomes(): Record<"mase" | "rmsse", MetricOutcome> {
    this.#end();
    return {
      mase: this.#mase?.outcome ?? { undefined: unknownScale },
      rmsse: this.#rmsse?.outcome ?? { undefined: unknownScale },
    };
  }

  #add(rows: ScaledRows, { start, end }: { readonly start: number; readonly end: number }): void {
    const part = (values: Float64Array) => values.subarray(start, end);
    const [truths, predictions] = [part(rows.truths), part(rows.predictions)];
    const weights = rows.weights && part(rows.weights);
    const own = errors.subarray(0, end - start);
    for (let row = 0; row < own.length; row += 1)
      own[row] = (predictions[row] ?? Number.NaN) - (truths[row] ?? Number.NaN);
    if (rows.mae !== undefined) this.#mase?.add(own, part(rows.mae), weights);
    if (rows.rmse !== undefined) this.#rmsse?.add(own, part(rows.rmse), weights);
  }

  #end(): void {
    if (this.#series === undefined) return;
    this.#mase?.endSeries();
    this.#rmsse?.endSeries();
    this.#series = undefined;
  }
}

function plain(mean: number): number {
  return mean;
}

const errors = new Float64Array(blockRows);
const terms = new Float64Array(blockRows);

/** The mean over series of something of the mean of their terms. */
class SeriesMean {
  readonly #termOf: (error: number, scale: number) => number;
  readonly #seriesOf: (mean: number) => number;
  readonly #figures = new ExactSum();
  #series = 0;
  #rows = 0;
  /** Rows whose training series never changes. */
  #still = 0;
  /** Of the series that is added up. */
  #terms = new ExactSum();
  #weight = new ExactSum();
  #count = 0;

  constructor(termOf: (error: number, scale: number) => number, seriesOf: (mean: number) => number) {
    this.#termOf = termOf;
    this.#seriesOf = seriesOf;
  }

  /** `blockRows` of one series at most. */
  add(own: Float64Array, scales: Float64Array, weights: Float64Array | undefined): void {
    const found = terms.subarray(0, own.length);
    for (let row = 0; row < own.length; row += 1) {
      const scale = scales[row] ?? Number.NaN;
      if (scale === 0) this.#still += 1;
      found[row] = (weights?.[row] ?? 1) * this.#termOf(own[row] ?? Number.NaN, scale);
    }
    this.#terms.addAll(found);
    if (weights !== undefined) this.#weight.addAll(weights);
    this.#count += own.length;
  }

  endSeries(): void {
    // Without weights nothing was added to their sum.
    const weight = this.#weight.value === 0 ? this.#count : this.#weight.value;
    this.#figures.add(this.#seriesOf(this.#terms.value / weight));
    this.#series += 1;
    this.#rows += this.#count;
    this.#terms = new ExactSum();
    this.#weight = new ExactSum();
    this.#count = 0;
  }

  get outcome(): MetricOutcome {
    return this.#still > 0
      ? {
          undefined: `zero division: the training series of ${this.#still} of ${this.#rows} rows never changes from season to season`,
        }
      : this.#figures.value / this.#series;
  }
}

/** Of rows of a table, those with a weight above 0, series after series. */
export function scaledOutcomes(
  { truths, predictions, weights, series, scales = {} }: ForecastInput,
  rows: Uint32Array,
): Record<"mase" | "rmsse", MetricOutcome> {
  const { mae, rmse } = scales;
  const sums = new ScaledSums({ mae: mae !== undefined, rmse: rmse !== undefined });
  if (mae === undefined && rmse === undefined) return sums.outcomes();
  for (let start = 0; start < rows.length; start += blockRows) {
    const some = rows.subarray(start, start + blockRows);
    sums.take({
      truths: gather(truths, some),
      predictions: gather(predictions, some),
      weights: weights && gather(weights, some),
      series: series && gather(series.codes, some),
      mae: mae && gather(mae, some),
      rmse: rmse && gather(rmse, some),
    });
  }
  return sums.outcomes();
}

/** The rows of each series one after the other. */
export function bySeries({ codes, count }: NonNullable<ForecastInput["series"]>): Uint32Array {
  const next = new Uint32Array(count + 1);
  for (let row = 0; row < codes.length; row += 1) {
    const place = (codes[row] ?? 0) + 1;
    next[place] = (next[place] ?? 0) + 1;
  }
  for (let code = 0; code < count; code += 1) next[code + 1] = (next[code + 1] ?? 0) + (next[code] ?? 0);
  const rows = new Uint32Array(codes.length);
  for (let row = 0; row < codes.length; row += 1) {
    const code = codes[row] ?? 0;
    const place = next[code] ?? 0;
    rows[place] = row;
    next[code] = place + 1;
  }
  return rows;
}
