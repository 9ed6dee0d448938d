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
] as const;

describe("binary metrics of rows that do not fit into memory", () => {
  it.each(cases)("are those of rows in memory to the last bit: %s", async (_name, scores) => {
    const threshold = 0.5;
    const input = { labels, scores, threshold, options };
    const whole = await binaryMetrics(input, groupings);
    expect(await measureStored(input, groupings, { mostRows: 20_000 })).toEqual(whole);
  });

  it("are the same in two threads", async () => {
    const input = { labels, scores: uniform, threshold: 0.5 };
    const helper = new JobThread();
    try {
      const found = await measureStored(input, groupings, { mostRows: 40_000, helper });
      expect(found).toEqual(await binaryMetrics(input, groupings));
    } finally {
      await helper.close();
    }
  });

  it.each([0, 1])("are the same where all labels are %i", async (label) => {
    const input = { labels: labels.map(() => label), scores: uniform, threshold: 0.5 };
    const found = await measureStored(input, groupings, { mostRows: 30_000 });
    expect(found).toEqual(await binaryMetrics(input, groupings));
  });

  it.each([
    ["are nearly equal", uniform.map((one, row) => (row === 0 ? 0 : 0.5 + one * 1e-10))],
    [
      "are the smallest and the largest there are",
      uniform.map((one) => (one < 0.4 ? 5e-324 : (one - 0.7) * 3 * Number.MAX_VALUE)),
    ],
  ])("differ in the last digits at most where too many scores %s", async (_name, scores) => {
    const input = { labels, scores, threshold: 0.5 };
    const whole = await binaryMetrics(input, groupings);
    const found = await measureStored(input, groupings, { mostRows: 3000 });
    for (const [name, value] of Object.entries(whole.overall.metrics)) {
      const mine = found.overall.metrics[name];
      if (value === null || value === undefined) expect([name, mine]).toEqual([name, value]);
      else expect(Math.abs((mine ?? Number.NaN) - value), name).toBeLessThanOrEqual(1e-13 * Math.abs(value));
    }
    expect(found.overall.confusion).toEqual(whole.overall.confusion);
    expect(found.overall.scoreHistogram).toEqual(whole.overall.scoreHistogram);
    expect(found.groups[1]?.map((one) => one.confusion)).toEqual(
      whole.groups[1]?.map((one) => one.confusion),
    );
  });

  it("end when they are told to", async () => {
    const input = { labels, scores: uniform, threshold: 0.5 };
    const signal = AbortSignal.abort(new Error("told to end"));
    await expect(measureStored(input, [], { mostRows: 20_000, signal })).rejects.toThrow("told to end");
  });
});
