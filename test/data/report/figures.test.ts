import { describe, expect, it } from "vitest";
import { durationText, shareText, sizeText } from "../../../src/data/report/figures.ts";

describe("shares", () => {
  it.each([
    [0, [], "0%"],
    [1, [], "100%"],
    [0.05, [], "5%"],
    [0.07, [0.07], "7%"],
    [1 / 3, [], "33.3%"],
    [0.0512, [], "5.12%"],
    // Above the limit by one row in ten million: not shown as the limit.
    [0.0500001, [0.05], "5.00001%"],
    [0.9999999, [], "99.99999%"],
    [0.00000001, [], "0.000001%"],
    [0.123456, [0.123456], "12.3456%"],
    [1 - 1e-13, [], "99.99999999999%"],
  ])("%d with the limits %j is %s", (share, marks, text) => {
    expect(shareText(share, marks)).toBe(text);
  });

  it("shows every share above a limit as more than the limit", () => {
    for (let rows = 11; rows < 1e9; rows = rows * 7 + 1) {
      const limit = Math.floor(rows * 0.05) / rows;
      const share = (Math.floor(rows * 0.05) + 1) / rows;
      const shown = Number.parseFloat(shareText(share, [limit]));
      expect(shown).toBeGreaterThan(Number.parseFloat(shareText(limit, [limit])));
    }
  });
});

describe("sizes and times", () => {
  it("writes sizes and times for people", () => {
    expect([1, 999, 1000, 391_400_000, 1e12].map(sizeText)).toEqual([
      "1 byte",
      "999 bytes",
      "1 kB",
      "391 MB",
      "1 TB",
    ]);
    expect([400, 12_000, 200_000, 3_900_000].map(durationText)).toEqual([
      "0.4 s",
      "12 s",
      "3 min 20 s",
      "1 h 5 min",
    ]);
  });
});
