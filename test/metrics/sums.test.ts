import { expect, it } from "vitest";
import { ExactSum } from "../../src/metrics/exact-sum.ts";
import { RunningSum } from "../../src/metrics/sums/running-sum.ts";
import { fc } from "../support/fast-check.ts";

it("a running sum keeps what plain addition loses", () => {
  const sum = new RunningSum();
  for (const term of [1, 1e100, 1, -1e100]) sum.add(term);
  expect(sum.value).toBe(2);
  const tenths = new RunningSum();
  for (let term = 0; term < 1e6; term += 1) tenths.add(0.1);
  expect(tenths.value).toBe(100_000);
});

it("a running sum is the exact sum, to the last bit or the one before", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e12, noNaN: true })), (terms) => {
      const [running, exact] = [new RunningSum(), new ExactSum()];
      for (const term of terms) {
        running.add(term);
        exact.add(term);
      }
      expect(Math.abs(running.value - exact.value)).toBeLessThanOrEqual(exact.value * Number.EPSILON);
    }),
  );
});

it("a running sum beyond the range of doubles is infinite", () => {
  const sum = new RunningSum();
  for (const term of [1e308, 1e308, 1]) sum.add(term);
  expect(sum.value).toBe(Number.POSITIVE_INFINITY);
});
