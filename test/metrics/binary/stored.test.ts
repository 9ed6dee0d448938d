import { describe, expect, it } from "vitest";
import { binaryMetrics } from "../../../src/metrics/binary/binary.ts";
import { JobThread } from "../../../src/metrics/binary/job-thread.ts";
import { measureStored } from "./stored-case.ts";

const rows = 100_000;

/** The same numbers in [0, 1) at every run. */
function draws(seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: rows }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

const uniform = draws(1);
const nearlyEqual = uniform.map((one, row) => (row === 0 ? 0 : 0.5 + one * 1e-10));
const labels = Uint8Array.from(draws(2), (draw, row) => Number(draw < (uniform[row] ?? 0)));
const groupings = [
  { codes: Uint8Array.from(draws(3), (draw) => Math.floor(draw * 3)), count: 3 },
  { codes: Uint32Array.from(draws(4), (draw) => Math.floor(draw * 40)), count: 41 },
];
const options = {
  maxFprs: [0.1],
  shares: [0.05],
  minPrecisions: [0.8],
  costs: [{ falsePositive: 1, falseNegative: 5 }],
};

const cases = [
  ["probabilities", uniform],
  ["32-bit floats", Float32Array.from(uniform)],
  ["probabilities of which a third are 0", uniform.map((one, row) => (row % 3 === 0 ? 0 : one))],
  ["ten different scores", uniform.map((one) => Math.floor(one * 10) / 10)],
  ["one score", uniform.map(() => 0.25)],
  [
    "scores of both signs and zeros of both",
    uniform.map((one, row) => (row % 9 === 0 ? -0 : (one - 0.5) * 9)),
  ],
  ["different scores that are nearly equal, but for one", nearlyEqual],
  ["32-bit floats that are nearly equal", Float32Array.from(nearlyEqual)],
  [
    "few scores that are nearly equal, a half of them one",
    nearlyEqual.map((one, row) => (row % 2 === 0 ? 0.5 : 0.5 + Math.floor(one * 1e10) * 1e-13)),
  ],
  [
    "the smallest and the largest there are",
    uniform.map((one) => (one < 0.4 ? 5e-324 * Math.round(one * 9) : (one - 0.7) * 3 * Number.MAX_VALUE)),
  ],
] as const;

/** Of any size, a tenth of them 0. */
const weights = draws(5).map((draw, row) => (row % 10 === 0 ? 0 : draw * 10 ** (row % 7)));

describe("binary metrics of rows that do not fit into memory", () => {
  it.each(cases)("are those of rows in memory to the last bit: %s", async (_name, scores) => {
    const threshold = 0.5;
    const input = { labels, scores, threshold, options };
    const whole = await binaryMetrics(input, groupings);
    expect(await measureStored(input, groupings, { mostRows: 20_000 })).toEqual(whole);
    expect(await measureStored(input, groupings, { mostRows: 3000 })).toEqual(whole);
  });

  it.each(cases)("are those of rows in memory with weights: %s", async (_name, scores) => {
    const input = { labels, scores, weights, threshold: 0.5, options };
    const whole = await binaryMetrics(input, groupings);
    expect(whole.overall.weight).toBeGreaterThan(0);
    expect(await measureStored(input, groupings, { mostRows: 20_000 })).toEqual(whole);
    expect(await measureStored(input, groupings, { mostRows: 2000 })).toEqual(whole);
  });

  it("are the same in two threads", async () => {
    const input = { labels, scores: uniform, threshold: 0.5 };
    const helper = new JobThread();
    try {
      const ways = { mostRows: 40_000, helper };
      expect(await measureStored(input, groupings, ways)).toEqual(await binaryMetrics(input, groupings));
      const weighted = { ...input, weights };
      expect(await measureStored(weighted, groupings, ways)).toEqual(
        await binaryMetrics(weighted, groupings),
      );
    } finally {
      await helper.close();
    }
  });

  it.each([0, 1])("are the same where all labels are %i", async (label) => {
    const input = { labels: labels.map(() => label), scores: uniform, threshold: 0.5 };
    const found = await measureStored(input, groupings, { mostRows: 30_000 });
    expect(found).toEqual(await binaryMetrics(input, groupings));
  });

  it("end when they are told to", async () => {
    const input = { labels, scores: uniform, threshold: 0.5 };
    const signal = AbortSignal.abort(new Error("told to end"));
    await expect(measureStored(input, [], { mostRows: 20_000, signal })).rejects.toThrow("told to end");
  });
});
