import { describe, expect, it } from "vitest";
import { Crew } from "../../../src/metrics/binary/crew.ts";
import { JobThread } from "../../../src/metrics/binary/job-thread.ts";
import { partitionRows } from "../../../src/metrics/binary/partition.ts";
import { TagReader, travelOf } from "../../../src/metrics/binary/rows-by-score.ts";
import { sortInPlace } from "../../../src/metrics/kernel/sort-room.ts";
import { type Columns, inSharedMemory, partOf } from "../../../src/metrics/score-columns.ts";
import { fc } from "../../support/fast-check.ts";

/** Every row's label is its number's lowest bit, its group the next eight: so that mixed-up rows show. */
async function sorted(given: Float64Array | Float32Array, thread: JobThread | undefined) {
  const scores = inSharedMemory(given.slice());
  const labels = inSharedMemory(Uint8Array.from(scores, (_, row) => row & 1));
  const codes = inSharedMemory(Uint32Array.from(scores, (_, row) => (row >> 1) & 255));
  const travel = travelOf({ labels, scores, threshold: null }, [{ codes, count: 256 }]);
  const { rows, buckets, tagging } = await partitionRows(
    travel,
    new Crew(thread === undefined ? [] : [thread]),
  );
  const found: { score: number; tag: number }[] = [];
  for (let bucket = 0; bucket + 1 < buckets.length; bucket += 1) {
    const own: Columns = partOf(rows, buckets[bucket] ?? 0, buckets[bucket + 1] ?? 0);
    sortInPlace(own);
    const reader = new TagReader(tagging, new Uint32Array(own.scores.length));
    reader.start(own);
    const { values, shift, mask } = reader.tags(0);
    for (const [place, score] of [...own.scores].entries()) {
      const value = values[place] ?? 0;
      found.push({ score, tag: ((value >>> shift) & mask) * 2 + (value & 1) });
    }
  }
  return found;
}

function compareSort(scores: Float64Array | Float32Array) {
  return Array.from(scores, (score, row) => ({ score: score + 0, tag: row & 511 })).sort(byScore);
}

const byScore = (a: { score: number; tag: number }, b: { score: number; tag: number }) =>
  b.score - a.score || a.tag - b.tag;

async function check(scores: Float64Array | Float32Array, thread?: JobThread) {
  const before = scores.slice();
  const rows = await sorted(scores, thread);
  expect(rows.every((row, place) => place === 0 || row.score <= (rows[place - 1]?.score ?? 0))).toBe(true);
  expect(rows.toSorted(byScore)).toEqual(compareSort(scores));
  expect(scores).toEqual(before);
}

function random(rows: number, scoreOf: (share: number) => number): Float64Array {
  let state = 7;
  return Float64Array.from({ length: rows }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return scoreOf(state / 2 ** 32);
  });
}

describe("rows by score, highest first, with what belongs to them", () => {
  it("any doubles, any floats", async () => {
    const finite = { noNaN: true, noDefaultInfinity: true };
    await fc.assert(fc.asyncProperty(fc.float64Array(finite), (scores) => check(scores)));
    await fc.assert(fc.asyncProperty(fc.float32Array(finite), (scores) => check(scores)));
  });

  it.each([
    ["full doubles", (share: number) => share / 3],
    ["floats held as doubles", (share: number) => Math.fround(share)],
    ["two decimals", (share: number) => Math.round(share * 100) / 100],
    ["one score", () => 0.25],
    ["both signs", (share: number) => Math.tan((share - 0.5) * 3)],
    ["negative ones only", (share: number) => -share],
    ["all magnitudes", (share: number) => 2 ** (share * 2000 - 1000)],
    // More rows than the passes tell apart: long runs that agree in the upper bits.
    ["long runs", (share: number) => (share < 0.5 ? 0.001 : 900) + (share % 0.01) * 1e-9],
    ["a narrow range", (share: number) => 0.5 + share * 1e-12],
    ["one row far off", (share: number) => (share < 0.0005 ? 1e300 : 0.5 + share * 1e-13)],
  ])("%s", async (_, scoreOf) => {
    const thread = new JobThread();
    try {
      for (const rows of [1, 2, 40, 20_000]) {
        await check(random(rows, scoreOf));
        await check(random(rows, scoreOf), thread);
      }
      const floats = Float32Array.from(random(20_000, scoreOf), (score) => Math.min(score, 1e38));
      await check(floats);
      await check(floats, thread);
    } finally {
      await thread.close();
    }
  });

  it("without the rows of weight 0, whose numbers travel", async () => {
    const weights = Float64Array.of(1, 0, 2, 3);
    const labels = Uint8Array.of(1, 1, 0, 1);
    const travel = travelOf({ labels, scores: Float64Array.of(1, 9, 3, 2), weights, threshold: null }, []);
    const { rows, buckets } = await partitionRows(travel, new Crew([]));
    expect([...buckets]).toEqual([0, 3]);
    sortInPlace(rows);
    expect([...rows.scores]).toEqual([3, 2, 1]);
    expect([...rows.payloads]).toEqual([2, 3, 0]);
  });

  it("in buckets and parts that are the same for any order and any number of threads", async () => {
    const scores = random(100_000, (share) => share ** 3);
    const edges = async (given: Float64Array, thread: JobThread | undefined) => {
      const labels = inSharedMemory(new Uint8Array(given.length));
      const travel = travelOf({ labels, scores: inSharedMemory(given), threshold: null }, []);
      const crew = new Crew(thread === undefined ? [] : [thread]);
      const { buckets, parts } = await partitionRows(travel, crew);
      return { buckets, parts };
    };
    const thread = new JobThread();
    try {
      const plain = await edges(scores, undefined);
      expect(plain.buckets.length).toBeGreaterThan(10);
      expect(plain.parts.length).toBeGreaterThan(5);
      expect(await edges(scores.toReversed(), undefined)).toEqual(plain);
      expect(await edges(scores, thread)).toEqual(plain);
    } finally {
      await thread.close();
    }
  });
});
