import { describe, expect, it } from "vitest";
import { binaryMetrics } from "../../../src/metrics/binary/binary.ts";
import type { BinaryInput } from "../../../src/metrics/binary/binary-input.ts";
import type { Grouping } from "../../../src/metrics/metric-set.ts";

/** So many that they fall into many buckets and parts; a third of them share a score with others. */
const rows = 60_000;

interface Table {
  readonly input: BinaryInput;
  readonly groupings: readonly Grouping[];
}

function table(isFloat32: boolean, scoreOf = (share: number) => share): Table {
  const scores = isFloat32 ? new Float32Array(rows) : new Float64Array(rows);
  const labels = new Uint8Array(rows);
  const codes = new Uint8Array(rows);
  let state = 11;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let row = 0; row < rows; row += 1) {
    const share = next();
    scores[row] = scoreOf(row % 3 === 0 ? Math.round(share * 200) / 200 : share);
    labels[row] = Number(next() < share ** 2);
    codes[row] = Math.floor(next() ** 2 * 5);
  }
  return { input: { labels, scores, threshold: 0.5 }, groupings: [{ codes, count: 5 }] };
}

/** Of any size, some of them 0. */
function weighted({ input, groupings }: Table): Table {
  const weights = Float64Array.from(input.labels, (_, row) => ((row * 7919) % 1013) * 10 ** ((row % 13) - 9));
  return { input: { ...input, weights }, groupings };
}

function reversed({ input, groupings }: Table): Table {
  const { labels, scores, weights } = input;
  return {
    input: {
      ...input,
      labels: labels.toReversed(),
      scores: scores.toReversed(),
      weights: weights?.toReversed(),
    },
    groupings: groupings.map(({ codes, count }) => ({ codes: codes.toReversed(), count })),
  };
}

describe("tables of many buckets", () => {
  it.each([
    ["doubles", table(false)],
    ["floats", table(true)],
    ["scores of both signs", table(false, (share) => Math.tan((share - 0.5) * 3))],
    ["nearly equal scores beside others", table(false, (share) => (share < 0.2 ? 9 : 0) + share * 1e-12)],
  ])(
    "have the same figures to the last bit for any order of rows and number of threads: %s",
    async (_, one) => {
      const plain = await binaryMetrics(one.input, one.groupings);
      const other = reversed(one);
      expect(await binaryMetrics(other.input, other.groupings)).toEqual(plain);
      expect(await binaryMetrics(one.input, one.groupings, { twoThreadsFrom: 1 })).toEqual(plain);
      expect(await binaryMetrics(other.input, other.groupings, { twoThreadsFrom: 1 })).toEqual(plain);
      // More groups than bits: row numbers are sorted in place of the codes.
      const spread = { codes: Uint32Array.from(one.input.labels, (_, row) => row % 3), count: 200 };
      const numbered = await binaryMetrics(one.input, [...one.groupings, spread, spread, spread, spread]);
      expect(numbered.groups[0]).toEqual(plain.groups[0]);
      expect(numbered.overall).toEqual(plain.overall);
    },
  );

  it.each([
    ["doubles", weighted(table(false))],
    ["scores of which many are one", weighted(table(true, (share) => Math.max(0, share - 0.5)))],
    ["nearly equal scores", weighted(table(false, (share) => (share < 0.2 ? -9 : 0) + share * 1e-12))],
  ])("have the same figures with weights for any order of rows and number of threads: %s", async (_, one) => {
    const plain = await binaryMetrics(one.input, one.groupings);
    const other = reversed(one);
    expect(await binaryMetrics(other.input, other.groupings)).toEqual(plain);
    expect(await binaryMetrics(one.input, one.groupings, { twoThreadsFrom: 1 })).toEqual(plain);
    expect(await binaryMetrics(other.input, other.groupings, { twoThreadsFrom: 1 })).toEqual(plain);
  });

  it("have the figures of the same rows with weights of 1", async () => {
    const { input, groupings } = table(false);
    const plain = await binaryMetrics(input, groupings);
    const weights = new Float64Array(rows).fill(1);
    const weighted = await binaryMetrics({ ...input, weights }, groupings);
    const pairs = [
      [plain.overall, weighted.overall] as const,
      ...(plain.groups[0] ?? []).map((group, code) => [group, weighted.groups[0]?.[code]] as const),
    ];
    for (const [one, other] of pairs) {
      expect(other?.confusion).toEqual(one.confusion);
      for (const [name, value] of Object.entries(one.metrics)) {
        expect(Math.abs((other?.metrics[name] ?? Number.NaN) - (value ?? 0))).toBeLessThan(1e-12);
      }
    }
    expect(weighted.overall.scoreHistogram).toEqual(plain.overall.scoreHistogram);
    expect(weighted.overall.thresholdChoices).toEqual(plain.overall.thresholdChoices);
  });

  it("are left soon where the work is aborted", async () => {
    const { input, groupings } = table(false);
    const controller = new AbortController();
    const measured = binaryMetrics(input, groupings, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(measured).rejects.toThrow("enough");
  });
});
