import { describe, expect, it } from "vitest";
import { binaryMetrics } from "../../../src/metrics/binary/binary.ts";

const rows = 20_000;

describe("binary metrics of many groups", () => {
  // Label and groups travel in arrays of 1, 2 and 4 bytes: there is none of 3.
  it.each([
    [2, 3],
    [100, 100],
    [300, 301],
    [600, 601],
  ])("of %i and of %i are those that each grouping has alone", async (one, other) => {
    const scores = Float64Array.from({ length: rows }, (_, row) => ((row * 7919) % 10_007) / 10_007);
    const labels = Uint8Array.from(scores, (score, row) => Number(((row * 31) % 17) / 17 < score));
    const groupings = [
      { codes: Uint32Array.from({ length: rows }, (_, row) => row % one), count: one },
      { codes: Uint32Array.from({ length: rows }, (_, row) => (row * 3) % other), count: other },
    ];
    const input = { labels, scores, threshold: 0.5 };
    const both = await binaryMetrics(input, groupings);
    for (const [index, grouping] of groupings.entries()) {
      const alone = await binaryMetrics(input, [grouping]);
      expect([both.overall, both.groups[index]]).toEqual([alone.overall, alone.groups[0]]);
    }
  });
});
