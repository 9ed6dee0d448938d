import { describe, expect, it } from "vitest";
import { ascendingOrder, descendingOrder } from "../../src/metrics/score-order.ts";
import { fc } from "../support/fast-check.ts";

const scores = fc.oneof(
  fc.float64Array({ noNaN: true, noDefaultInfinity: true, maxLength: 300 }),
  fc.array(fc.constantFrom(-1, -0, 0, 0.5, 2), { maxLength: 300 }).map((list) => Float64Array.from(list)),
);

describe("the order of rows by score", () => {
  it("is that of a comparison, in which -0 equals 0 and equal scores stay as they are", () => {
    fc.assert(
      fc.property(scores, (given) => {
        const expected = Uint32Array.from(given.keys()).sort(
          (one, other) => (given[other] ?? 0) - (given[one] ?? 0) || one - other,
        );
        expect(descendingOrder(given)).toEqual(expected);
        expect(ascendingOrder(given)).toEqual(expected.toReversed());
      }),
    );
  });

  it("is the same where too many for one sort are sorted by halves", () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 200 }), (given, mostAtOnce) => {
        expect(descendingOrder(given, mostAtOnce)).toEqual(descendingOrder(given));
      }),
    );
  });

  it("is the caller's own", () => {
    const first = descendingOrder(Float64Array.of(1, 2, 3));
    descendingOrder(Float64Array.of(3, 2, 1));
    expect([...first]).toEqual([2, 1, 0]);
  });
});
