import { describe, expect, it } from "vitest";
import { quantileMetrics } from "../../../src/metrics/quantile/quantile.ts";
import { storedQuantileMetrics } from "../../../src/metrics/quantile/stored/stored-quantile.ts";
import { generator } from "../random-cases.ts";
import { MemoryRoom, tableOf } from "../regression/stored-case.ts";

const rows = 20_000;

function draws(seed: number): Float64Array {
  const random = generator(seed);
  return Float64Array.from({ length: rows }, random);
}

const [truths, low, middle, high] = [1, 2, 3, 4].map(draws) as [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
];
const groupings = [
  // The last one has no rows.
  { codes: Uint8Array.from(draws(5), (draw) => Math.floor(draw * 3)), count: 4 },
  { codes: Uint32Array.from(draws(6), (draw) => Math.floor(300 ** draw)), count: 301 },
];
const quantiles = [
  { level: 0.9, values: high },
  { level: 0.1, values: low },
  { level: 0.5, values: middle },
];
const intervals = [{ level: 0.8, lower: low, upper: high }];

describe("quantile metrics of rows that do not fit into memory", () => {
  it.each([
    ["quantiles and intervals", { truths, quantiles, intervals }],
    ["one quantile", { truths, quantiles: quantiles.slice(1, 2), intervals: [] }],
    ["intervals", { truths, quantiles: [], intervals }],
    ["few different truths", { truths: truths.map((one) => Math.floor(4 * one)), quantiles, intervals }],
    ["one truth", { truths: truths.map(() => 0.5), quantiles, intervals }],
    ["weights", { truths, quantiles, intervals, weights: draws(7) }],
    [
      "weights that are nearly all 0",
      { truths, quantiles, intervals, weights: draws(7).map((one) => (one < 0.99 ? 0 : one)) },
    ],
  ])("are those of rows in memory to the last bit: %s", async (_name, input) => {
    const room = new MemoryRoom();
    const columns = [
      input.truths,
      ...input.quantiles.map((one) => one.values),
      ...input.intervals.flatMap(({ lower, upper }) => [lower, upper]),
    ];
    const weights = "weights" in input ? input.weights : undefined;
    const levels = {
      quantiles: input.quantiles.map((one) => one.level),
      intervals: input.intervals.map((one) => one.level),
    };
    const table = tableOf(columns, weights, groupings);
    const found = await storedQuantileMetrics(table, levels, { room, memoryBytes: 1 });
    expect(found).toEqual(quantileMetrics(input, groupings));
    expect(room.left).toBe(0);
  });
});
