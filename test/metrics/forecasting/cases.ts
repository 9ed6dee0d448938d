import type { ForecastInput } from "../../../src/metrics/forecasting/forecast-input.ts";
import { NaiveErrors } from "../../../src/metrics/forecasting/naive-scales.ts";
import { pick } from "../random-cases.ts";

export interface Case {
  readonly truths: number[];
  readonly predictions: number[];
  readonly series: number[];
  readonly weights: number[] | null;
  readonly quantiles: [number, number[]][];
  /** The training series, by code. */
  readonly histories: number[][];
  readonly season: number;
}

/** Up to 120 rows of up to 4 series: truths of 0, equal values, one row, weights of 0, huge and tiny values, a history that stands still. */
export function randomCase(random: () => number): Case {
  const rows = random() < 0.05 ? 1 : 1 + Math.floor(random() ** 2 * 120);
  const count = pick([1, 1, 2, 4], random);
  const scale = 10 ** pick([0, 0, 3, -8, 8], random);
  const steps = pick([0, 0, 3], random);
  const level = pick([0, 0.5, 3], random);
  const draw = () => (steps === 0 ? random() - 0.5 : Math.round((random() - 0.5) * steps)) * scale;
  const season = pick([1, 1, 4, 7], random);
  const isStill = random() < 0.1;
  const truths = Array.from({ length: rows }, () => level * scale + draw());
  const kind = pick(["none", "none", "whole", "real"], random);
  const weights = truths.map(() => (kind === "whole" ? Math.floor(random() * 3) : random() * 10));
  if (!weights.some((weight) => weight > 0)) weights[0] = 1;
  const levels = pick([[], [], [0.5], [0.1, 0.5, 0.9]], random);
  return {
    truths,
    predictions: truths.map((truth) => truth + draw() / 2),
    series: truths.map(() => Math.floor(random() * count)),
    weights: kind === "none" ? null : weights,
    quantiles: levels.map((one) => [one, truths.map((truth) => truth + (one - 0.5) * scale + draw())]),
    histories: Array.from({ length: count }, () =>
      Array.from({ length: season + 2 + Math.floor(random() * 20) }, () => (isStill ? scale : draw())),
    ),
    season,
  };
}

export function inputOf(one: Case): ForecastInput {
  const count = one.histories.length;
  const errors = new NaiveErrors(one.season);
  const scales = one.histories.map((values) => {
    for (const value of values) errors.add(value);
    return errors.endSeries();
  });
  const byRow = (kind: "mae" | "rmse") =>
    Float64Array.from(one.series, (code) => scales[code]?.[kind] ?? Number.NaN);
  return {
    truths: Float64Array.from(one.truths),
    predictions: Float64Array.from(one.predictions),
    weights: one.weights === null ? undefined : Float64Array.from(one.weights),
    series: { codes: Uint32Array.from(one.series), count },
    scales: { mae: byRow("mae"), rmse: byRow("rmse") },
    quantiles: one.quantiles.map(([level, values]) => ({ level, values: Float64Array.from(values) })),
    intervals: [],
  };
}

/** The same rows in another order, or some of them, also several times. */
export function rowsOf(one: Case, rows: readonly number[]): Case {
  const chosen = (values: number[]) => rows.map((row) => values[row] ?? 0);
  return {
    ...one,
    truths: chosen(one.truths),
    predictions: chosen(one.predictions),
    series: chosen(one.series),
    weights: one.weights === null ? null : chosen(one.weights),
    quantiles: one.quantiles.map(([level, values]) => [level, chosen(values)]),
  };
}
