import { describe, expect, it } from "vitest";
import { roundDown, shareAbove, wideRange, wilsonUpper } from "../../../src/data/suggest/figures.ts";
import { fc } from "../../support/fast-check.ts";

describe("the upper end of Wilson's interval", () => {
  // scipy 1.17.1, binomtest(hits, all).proportion_ci(0.95, "wilson").high
  it.each([
    [41, 996, 0.055367577524136236],
    [1, 991, 0.0056935985589440935],
  ])("of %d in %d is %d", (hits, all, expected) => {
    expect(wilsonUpper(hits, all)).toBeCloseTo(expected, 14);
  });

  it("is never below the observed share, nor above 1", () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e9), (a, b) => {
        const [hits, all] = [Math.min(a, b), Math.max(a, b)];
        expect(wilsonUpper(hits, all)).toBeLessThanOrEqual(1);
        expect(wilsonUpper(hits, all)).toBeGreaterThanOrEqual(all === 0 ? 1 : (hits / all) * (1 - 1e-12));
      }),
    );
  });
});

describe("rounding outward", () => {
  it("never cuts off what was observed", () => {
    const any = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(any, any, (a, b) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        const wide = wideRange(min, max);
        expect(wide.min).toBeLessThanOrEqual(min);
        expect(wide.max).toBeGreaterThanOrEqual(max);
      }),
    );
  });

  it.each([
    [0, 5e-324],
    [-1.7e308, 1.7e308],
  ])("keeps %d to %d, where the arithmetic gives out", (min, max) => {
    expect(wideRange(min, max)).toEqual({ min, max });
  });

  it("gives shares of two digits, not below the given one", () => {
    expect([0, 0.0123, 0.05, 0.999, 1].map(shareAbove)).toEqual([0, 0.013, 0.05, 1, 1]);
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: 1e-9, max: 1 }), (share) => {
        expect(shareAbove(share)).toBeGreaterThanOrEqual(share * (1 - 1e-11));
      }),
    );
  });

  it("takes counts down to two digits", () => {
    expect([7.5, 99, 617, 123_456].map(roundDown)).toEqual([7, 99, 610, 120_000]);
  });
});
