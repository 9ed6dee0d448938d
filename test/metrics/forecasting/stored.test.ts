import { describe, expect, it } from "vitest";
import type { ForecastInput } from "../../../src/metrics/forecasting/forecast-input.ts";
import { forecastMetrics } from "../../../src/metrics/forecasting/forecasting.ts";
import { bySeries } from "../../../src/metrics/forecasting/scaled-errors.ts";
import { storedForecastMetrics } from "../../../src/metrics/forecasting/stored/stored-forecast.ts";
import type { Grouping } from "../../../src/metrics/metric-set.ts";
import { generator } from "../random-cases.ts";
import { MemoryRoom, tableOf } from "../regression/stored-case.ts";

const rows = 20_000;

function draws(seed: number): Float64Array {
  const random = generator(seed);
  return Float64Array.from({ length: rows }, random);
}

const truths = draws(1).map((draw) => 40 * draw - 5);
const predictions = truths.map((truth, row) => truth + 3 * ((row * 7919) % 101) - 150);
const [low, middle, high] = [2, 3, 4].map((seed) => draws(seed).map((draw) => 40 * draw)) as [
  Float64Array,
  Float64Array,
  Float64Array,
];
/** Of few rows, of none, and of some hundred; each row of a series has its scale. */
const series = { codes: Uint32Array.from(draws(5), (draw) => Math.floor(3000 * draw ** 6)), count: 3001 };
const scaleOf = (factor: number) => Float64Array.from(series.codes, (code) => 1 + factor * (code % 17));
const scales = { mae: scaleOf(0.3), rmse: scaleOf(0.7) };
const constant = (value: number) => new Float64Array(rows).fill(value);
const groupings: Grouping[] = [
  // The last one has no rows.
  { codes: Uint8Array.from(draws(6), (draw) => Math.floor(draw * 3)), count: 4 },
  { codes: Uint32Array.from(draws(7), (draw) => Math.floor(300 ** draw)), count: 301 },
];
const horizons = {
  names: ["1", "2", "12"],
  grouping: { codes: Uint8Array.from(draws(8), (draw) => Math.floor(draw * 3)), count: 3 },
};
const quantiles = [
  { level: 0.9, values: high },
  { level: 0.1, values: low },
  { level: 0.5, values: middle },
];
const intervals = [{ level: 0.8, lower: low, upper: high }];
const plain: ForecastInput = { truths, predictions, quantiles: [], intervals: [] };
const none = { mae: undefined, rmse: undefined };

/** The same rows as they are stored: series after series. */
async function storedOf(
  input: ForecastInput,
  given: { readonly mae: "column" | number | undefined; readonly rmse: "column" | number | undefined },
) {
  const order = input.series && bySeries(input.series);
  const turned = (values: Float64Array) =>
    order === undefined ? values : Float64Array.from(order, (row) => values[row] ?? 0);
  const columns = [
    ...[input.truths, input.predictions, ...input.quantiles.map((one) => one.values)],
    ...input.intervals.flatMap(({ lower, upper }) => [lower, upper]),
    ...(input.series === undefined ? [] : [Float64Array.from(input.series.codes)]),
    ...(given.mae === "column" && input.scales?.mae !== undefined ? [input.scales.mae] : []),
    ...(given.rmse === "column" && input.scales?.rmse !== undefined ? [input.scales.rmse] : []),
  ];
  const grouped = [...groupings, ...(input.horizons === undefined ? [] : [input.horizons.grouping])].map(
    ({ codes, count }) => ({
      codes: order === undefined ? codes : Uint32Array.from(order, (row) => codes[row] ?? 0),
      count,
    }),
  );
  const table = tableOf(columns.map(turned), input.weights && turned(input.weights), grouped);
  const form = {
    levels: {
      quantiles: input.quantiles.map((one) => one.level),
      intervals: input.intervals.map((one) => one.level),
    },
    hasSeries: input.series !== undefined,
    scales: given,
    horizons: input.horizons?.names.map((name, code) => ({ name, code })),
  };
  const room = new MemoryRoom();
  const found = await storedForecastMetrics(table, form, { room, memoryBytes: 1 });
  expect(room.left).toBe(0);
  return found;
}

const columns = { mae: "column", rmse: "column" } as const;

describe("forecasting metrics of rows that do not fit into memory", () => {
  it.each<[string, ForecastInput, Parameters<typeof storedOf>[1]]>([
    ["nothing but truths and forecasts", plain, none],
    ["series and their scales", { ...plain, series, scales }, columns],
    [
      "one series, and a scale by row",
      { ...plain, scales: { rmse: scales.rmse } },
      { ...none, rmse: "column" },
    ],
    ["one scale of all rows", { ...plain, series, scales: { mae: constant(3) } }, { ...none, mae: 3 }],
    [
      "quantiles, intervals and horizons",
      { ...plain, quantiles, intervals, horizons, series, scales },
      columns,
    ],
    ["intervals alone", { ...plain, intervals, horizons }, none],
    [
      "a training series that stands still",
      { ...plain, series, scales: { mae: scaleOf(-1 / 4) } },
      { ...none, mae: "column" },
    ],
    ["weights", { ...plain, quantiles, horizons, series, scales, weights: draws(9) }, columns],
    [
      "weights that are nearly all 0",
      { ...plain, series, scales, weights: draws(9).map((draw) => (draw < 0.99 ? 0 : draw)) },
      columns,
    ],
  ])("are those of rows in memory to the last bit: %s", async (_name, input, given) => {
    expect(await storedOf(input, given)).toEqual(forecastMetrics(input, groupings));
  });
});
