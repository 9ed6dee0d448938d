import { describe, expect, it } from "vitest";
import { ExactSum } from "../../src/metrics/exact-sum.ts";
import { ExactSums } from "../../src/metrics/exact-sums.ts";
import { fc } from "../support/fast-check.ts";

const exactly = (terms: readonly number[]) => {
  const sum = new ExactSum();
  for (const term of terms) sum.add(term);
  return sum.value;
};
const empty = () => {
  const values = new Float64Array(2);
  return { values, sums: new ExactSums(values, new Float64Array(2)) };
};
const weight = fc.double({ min: 0, max: 1e300, noNaN: true, noDefaultInfinity: true });
const weights = fc.array(fc.oneof(weight, fc.constantFrom(0, 0.1, 1, 1e-300, 1e16)), { maxLength: 60 });

describe("sums by place", () => {
  it("are the exact sums, rounded once, also of what two doubles do not hold", () => {
    fc.assert(
      fc.property(weights, weights, (ones, others) => {
        const { values, sums } = empty();
        for (const term of ones) sums.add(0, term);
        for (const term of others) sums.add(1, term);
        for (const _ of [0, 1]) {
          sums.finish();
          expect([...values]).toEqual([exactly(ones), exactly(others)]);
        }
      }),
    );
  });

  it("are taken, and then begun anew", () => {
    fc.assert(
      fc.property(weights, weights, (ones, others) => {
        const { sums } = empty();
        for (const terms of [ones, others]) {
          for (const term of terms) sums.add(1, term);
          expect(sums.isAt(1)).toBe(terms.some((term) => term > 0));
          expect(sums.take(1)).toBe(exactly(terms));
          expect([sums.isAt(0), sums.isAt(1), sums.take(1)]).toEqual([false, false, 0]);
        }
      }),
    );
  });
});
