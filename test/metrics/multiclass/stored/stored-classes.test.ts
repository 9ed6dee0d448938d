import { describe, expect, it } from "vitest";
import { JobThread } from "../../../../src/metrics/binary/job-thread.ts";
import { payloadBytes } from "../../../../src/metrics/binary/rows-by-score.ts";
import { cellRange } from "../../../../src/metrics/binary/score-cells.ts";
import type { Grouping } from "../../../../src/metrics/metric-set.ts";
import { classSlots, packClasses } from "../../../../src/metrics/multiclass/class-slots.ts";
import { multiclassMetrics } from "../../../../src/metrics/multiclass/multiclass.ts";
import type { MulticlassInput } from "../../../../src/metrics/multiclass/multiclass-input.ts";
import type { ClassRows } from "../../../../src/metrics/multiclass/row-walk.ts";
import { storedMulticlass } from "../../../../src/metrics/multiclass/stored/measure-stored-classes.ts";
import { memoryColumn } from "../../memory-column.ts";

const rows = 60_000;
const size = 4;
const classes = ["ant", "bee", "cat", "dog"];

/** The same numbers in [0, 1) at every run. */
function draws(seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: rows }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

const labels = Uint32Array.from(draws(1), (draw) => Math.floor(draw * size));
const raw = classes.map((_, index) =>
  draws(index + 5).map((draw, row) => draw + (labels[row] === index ? 0.3 : 0)),
);
const sums = draws(1).map((_, row) => raw.reduce((sum, column) => sum + (column[row] ?? 0), 0));
const shares = raw.map((column) => column.map((value, row) => value / (sums[row] ?? 1)));
/** Every fifth is 0. */
const someWeights = draws(7).map((draw, row) => (row % 5 === 0 ? 0 : draw));
const groupings = [
  { codes: Uint8Array.from(draws(3), (draw) => Math.floor(draw * 3)), count: 3 },
  { codes: Uint32Array.from(draws(4), (draw) => Math.floor(draw * 40)), count: 41 },
];

async function measureStored(
  input: MulticlassInput,
  ways: { readonly rowBytes: number; readonly helper?: JobThread; readonly signal?: AbortSignal },
  given: readonly Grouping[] = groupings,
) {
  const { labels, predictions, probabilities, classes, weights } = input;
  const groups = given.map((one) => one.count);
  const slots = classSlots(classes.length, groups);
  const packed = packClasses(labels, given, slots);
  async function* stretches(): AsyncIterable<ClassRows> {
    for (let start = 0; start < labels.length; start += 7000) {
      const part = <T extends { subarray(from: number, to: number): T }>(values: T) =>
        values.subarray(start, start + 7000);
      yield {
        labels: part(labels),
        predictions: predictions && part(predictions),
        probabilities: probabilities?.map((column) => column.subarray(start, start + 7000)),
        weights: weights && part(weights),
        codes: given.map(({ codes }) => codes.subarray(start, start + 7000)),
      };
    }
  }
  const stored = {
    ...{ rows: labels.length, classes, groups, stretches, slots },
    probabilities: probabilities?.map((scores) => ({
      scores: memoryColumn(scores.slice()),
      like: scores.subarray(0, 0),
      range: cellRange({ scores, start: 0, end: scores.length }),
    })),
    payloads: memoryColumn(packed),
    payloadBytes: payloadBytes(slots.bits),
    weights: weights && memoryColumn(weights.slice()),
    room: {
      scores: memoryColumn((probabilities?.[0] ?? new Float64Array()).slice().fill(Number.NaN)),
      payloads: memoryColumn(packed.slice()),
      weights: weights && memoryColumn(weights.slice().fill(Number.NaN)),
    },
  };
  const signal = new AbortController().signal;
  return await storedMulticlass(stored, { helper: undefined, signal, ...ways });
}

const input = { classes, labels, predictions: undefined, probabilities: shares };

const cases = [
  ["probabilities", shares],
  ["32-bit floats", shares.map((column) => Float32Array.from(column))],
  [
    "a third of them 0 of either sign",
    shares.map((column) => column.map((one, row) => [0, -0][row % 5] ?? one)),
  ],
  ["ten different ones", shares.map((column) => column.map((one) => Math.floor(one * 10) / 10))],
  ["one and the same", shares.map((column) => column.map(() => 0.25))],
  ["nearly the same", shares.map((column) => column.map((one) => 0.25 + one * 1e-12))],
  ["tiny ones", shares.map((column) => column.map((one, row) => (row % 3 === 0 ? one : one * 1e-300)))],
] as const;

describe("metrics of classes of rows that do not fit into memory", () => {
  it.each(cases)("are those of rows in memory to the last bit: %s", async (_name, probabilities) => {
    for (const weights of [undefined, someWeights]) {
      const own = { ...input, probabilities, weights };
      const whole = await multiclassMetrics(own, groupings);
      expect(await measureStored(own, { rowBytes: 60_000 })).toEqual(whole);
    }
  });

  it.each([
    ["that no two doubles hold the sum of", someWeights.map((one) => one * 10 ** (200 * one - 100))],
    ["of which all but one are 0", someWeights.map((_, row) => (row === 30_000 ? 0.1 : 0))],
  ])("are the same with weights %s", async (_name, weights) => {
    for (const probabilities of [
      shares,
      shares.map((column) => column.map((one) => Math.round(one * 4) / 4)),
    ]) {
      const own = { ...input, probabilities, weights };
      expect(await measureStored(own, { rowBytes: 60_000 })).toEqual(await multiclassMetrics(own, groupings));
    }
  });

  it("are the same in two threads, and where all rows fit", async () => {
    const helper = new JobThread();
    try {
      for (const weights of [undefined, someWeights]) {
        const own = { ...input, weights };
        const whole = await multiclassMetrics(own, groupings);
        expect(await multiclassMetrics(own, groupings, { helper })).toEqual(whole);
        expect(await measureStored(own, { rowBytes: 200_000, helper })).toEqual(whole);
        expect(await measureStored(own, { rowBytes: 1e9, helper })).toEqual(whole);
      }
    } finally {
      await helper.close();
    }
  });

  it("are the same of predicted classes, with and without probabilities", async () => {
    const predictions = labels.map((label, row) => (row % 3 === 0 ? (label + 1) % size : label));
    for (const probabilities of [undefined, shares])
      for (const weights of [undefined, someWeights]) {
        const own = { ...input, predictions, probabilities, weights };
        const whole = await multiclassMetrics(own, groupings);
        expect(await measureStored(own, { rowBytes: 60_000 })).toEqual(whole);
      }
  });

  it("are the same with so many groups that row numbers are sorted in memory", async () => {
    const codes = Uint32Array.from(draws(8), (draw) => Math.floor(draw * 6));
    // 2 bits of classes and four times 9 bits of groups.
    const many = Array.from({ length: 4 }, () => ({ codes, count: 257 }));
    const few = many.map((one) => ({ ...one, count: 6 }));
    for (const weights of [undefined, someWeights]) {
      const whole = await multiclassMetrics({ ...input, weights }, many);
      const counted = await multiclassMetrics({ ...input, weights }, few);
      expect(whole.overall).toEqual(counted.overall);
      expect(whole.groups.map((groups) => groups.slice(0, 6))).toEqual(counted.groups);
    }
  });

  it("end when they are told to", async () => {
    const signal = AbortSignal.abort(new Error("told to end"));
    await expect(measureStored(input, { rowBytes: 60_000, signal })).rejects.toThrow("told to end");
  });
});
