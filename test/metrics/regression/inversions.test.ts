import { expect, it } from "vitest";
import { countInversions } from "../../../src/metrics/regression/inversions.ts";
import { fc } from "../../support/fast-check.ts";
import { generator } from "../random-cases.ts";

function pairByPair(keys: readonly number[]): number {
  return keys.reduce(
    (sum, key, place) => sum + keys.slice(0, place).filter((before) => before > key).length,
    0,
  );
}

it("counts the pairs that stand the wrong way round", () => {
  const keys = fc.oneof(
    fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 200 }),
    fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 200 }),
  );
  fc.assert(
    fc.property(keys, (list) => {
      expect(countInversions(Uint32Array.from(list))).toBe(pairByPair(list));
    }),
  );
});

it("counts more than 32 bits hold", () => {
  const keys = Uint32Array.from({ length: 200_000 }, (_, row) => 200_000 - row);
  expect(countInversions(keys)).toBe((200_000 * 199_999) / 2);
  const random = generator(5);
  expect(countInversions(keys.map(() => 2 * Math.floor(random() * 2)))).toBeGreaterThan(2 ** 32);
});
