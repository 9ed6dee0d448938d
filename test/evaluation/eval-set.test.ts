import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evalSetOf, scoresDigest } from "../../src/evaluation/eval-set.ts";

describe("evalSetOf", () => {
  it("with row ids does not depend on the order of the rows", () => {
    const rows = fc.uniqueArray(fc.tuple(fc.string(), fc.constantFrom(0, 1), fc.double({ noNaN: true })), {
      selector: ([id]) => id,
    });
    fc.assert(
      fc.property(rows, (some) => {
        const turned = [...some].reverse();
        const digest = (all: typeof some) => {
          const ids = all.map(([id]) => id);
          return [
            evalSetOf(
              all.map(([, label]) => label),
              ids,
            ),
            scoresDigest(
              Float64Array.from(all, ([, , score]) => score),
              ids,
            ),
          ];
        };
        expect(digest(turned)).toEqual(digest(some));
      }),
    );
  });

  it("tells apart other labels, other ids, other orders without ids, and ids from no ids", () => {
    const digests = [
      evalSetOf([0, 1], ["a", "b"]),
      evalSetOf([1, 0], ["a", "b"]),
      evalSetOf([0, 1], ["a", "c"]),
      evalSetOf([0, 1], undefined),
      evalSetOf([1, 0], undefined),
    ].map((set) => set.sha256);
    expect(new Set(digests).size).toBe(5);
  });
});
