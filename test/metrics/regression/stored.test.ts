import { describe, expect, it } from "vitest";
import { regressionMetrics } from "../../../src/metrics/regression/regression.ts";
import { generator } from "../random-cases.ts";
import { MemoryRoom, measureStored } from "./stored-case.ts";

const rows = 40_000;

function draws(seed: number): Float64Array {
  const random = generator(seed);
  return Float64Array.from({ length: rows }, random);
}

const uniform = draws(1);
const noise = draws(2);
const costs = uniform.map((one, row) => (row % 3 === 0 ? 0 : -100 * Math.log(1 - one)));
const near = costs.map((cost, row) => cost * 0.7 + 20 * (noise[row] ?? 0) + 1);
const groupings = [
  // The last one has no rows.
  { codes: Uint8Array.from(draws(3), (draw) => Math.floor(draw * 3)), count: 4 },
  { codes: Uint32Array.from(draws(4), (draw) => Math.floor(300 ** draw)), count: 301 },
];

const cases: readonly (readonly [string, Float64Array, Float64Array])[] = [
  ["costs, a third of them 0", costs, near],
  ["truths of both signs and zeros of both", costs.map((one, row) => (row % 9 === 0 ? -0 : 50 - one)), near],
  ["ten different values", costs.map((one) => Math.floor(one / 40)), near.map((one) => Math.floor(one / 40))],
  ["one prediction", costs, costs.map(() => 3)],
  ["one truth", costs.map(() => 0), near],
  ["errors beyond a double", costs.map((one, row) => (row === 7 ? -1.7e308 : one)), near.with(7, 1.7e308)],
  ["huge values", costs.map((one) => one * 1e200), near.map((one) => one * 1e200)],
  // A sample of every second row tells nothing of the others.
  [
    "every second row 0",
    uniform.map((one, row) => (row % 2 === 0 ? 0 : one)),
    uniform.map((one, row) => (row % 2 === 0 ? 1 : one * (noise[row] ?? 0))),
  ],
];

describe("regression metrics of rows that do not fit into memory", () => {
  it.each(cases)("are those of rows in memory to the last bit: %s", async (_name, truths, predictions) => {
    const room = new MemoryRoom();
    const input = { truths, predictions };
    expect(await measureStored(input, groupings, { room })).toEqual(regressionMetrics(input, groupings));
    expect(room.left).toBe(0);
  });

  it.each([
    ["of any size", uniform],
    ["that are whole", uniform.map((one) => Math.floor(one * 4))],
    ["that are nearly all 0", uniform.map((one) => (one < 0.99 ? 0 : one))],
  ])("are the same with weights %s", async (_name, weights) => {
    const room = new MemoryRoom();
    for (const [, truths, predictions] of cases.slice(0, 3)) {
      const input = { truths, predictions, weights };
      expect(await measureStored(input, groupings, { room })).toEqual(regressionMetrics(input, groupings));
    }
    expect(room.left).toBe(0);
  });

  it("are the same for any memory", async () => {
    const room = new MemoryRoom();
    const input = { truths: costs, predictions: near };
    const whole = regressionMetrics(input, groupings);
    for (const memoryBytes of [1e6, 3e6, 1e9])
      expect(await measureStored(input, groupings, { room, memoryBytes })).toEqual(whole);
  });

  it("end when they are told to, and leave no file", async () => {
    const room = new MemoryRoom();
    const input = { truths: costs, predictions: near };
    const signal = AbortSignal.abort(new Error("told to end"));
    await expect(measureStored(input, groupings, { room, signal })).rejects.toThrow("told to end");
    expect(room.left).toBe(0);
  });
});
