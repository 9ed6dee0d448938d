import { describe, expect, it } from "vitest";
import { classSlots, packClasses } from "../../../src/metrics/multiclass/class-slots.ts";
import { WeightedClass } from "../../../src/metrics/multiclass/weighted-class.ts";
import { generator, shuffled } from "../random-cases.ts";

const rows = 9000;
const size = 3;
const random = generator(7);
const labels = Uint32Array.from({ length: rows }, () => Math.floor(random() * size));
const codes = Uint8Array.from({ length: rows }, () => Math.floor(random() * 5));
const weights = Float64Array.from({ length: rows }, () => 10 ** (8 * random() - 4));
const groupings = [{ codes, count: 5 }];
const slots = classSlots(size, [5]);
const packed = packClasses(labels, groupings, slots);

/** Some with one row, some with more rows than are looked up at once. */
const scores = Float64Array.from({ length: rows }, () => {
  const draw = random();
  return draw < 0.6 ? 0.5 : Math.round(draw * 2000) / 2000;
});

/** Ranks the rows of class 1, in a random order of equal scores, and in stretches of such a length. */
function ranked({ stretch = rows, seed = 1, isPacked = true }) {
  const walk = new WeightedClass(slots, { index: 1, totals: { positives: 1e6, negatives: 2e6 } });
  const order = shuffled(rows, generator(seed)).sort(
    (one, other) => (scores[other] ?? 0) - (scores[one] ?? 0),
  );
  for (let start = 0; start < rows; start += stretch) {
    const own = order.slice(start, start + stretch);
    // Numbers are those of the rows that are in memory.
    const at = (values: ArrayLike<number>) => own.map((row) => values[row] ?? 0);
    const tags = isPacked
      ? { packed: Uint8Array.from(at(packed)) }
      : {
          labels: Uint32Array.from(at(labels)),
          groupings: [{ codes: Uint8Array.from(at(codes)), count: 5 }],
        };
    const columns = { scores: Float64Array.from(at(scores)), payloads: Uint32Array.from(own.keys()) };
    walk.add(columns, { weights: Float64Array.from(at(weights)), tags });
  }
  return walk.ranking;
}

describe("the rows of a class with weights", () => {
  it("have the same figures in any stretches and any order of equal probabilities", () => {
    const whole = ranked({});
    for (const stretch of [1, 7, 1000, 4096, 5000]) expect(ranked({ stretch, seed: stretch })).toEqual(whole);
    expect(ranked({ isPacked: false })).toEqual(whole);
  });

  it("have the weights of their pairs, ties half", () => {
    const { groups } = ranked({});
    for (const [slot, own] of groups.entries())
      for (const [group, figures] of own.entries()) {
        const isIn = (row: number) => slot === 0 || codes[row] === group;
        const some = [...labels.keys()].filter(isIn);
        const sumOf = (of: readonly number[]) => of.reduce((sum, row) => sum + (weights[row] ?? 0), 0);
        const mine = some.filter((row) => labels[row] === 1);
        expect(figures.own / sumOf(mine)).toBeCloseTo(1, 12);
        expect(figures.all / sumOf(some)).toBeCloseTo(1, 12);
        if (slot === 0) continue;
        for (const other of [0, 2]) {
          let doubled = 0;
          for (const row of some.filter((one) => labels[one] === other)) {
            const score = scores[row] ?? 0;
            const above = sumOf(mine.filter((one) => (scores[one] ?? 0) > score));
            const tied = sumOf(mine.filter((one) => scores[one] === score));
            doubled += (weights[row] ?? 0) * (2 * above + tied);
          }
          expect((figures.doubled[other] ?? 0) / doubled).toBeCloseTo(1, 12);
        }
      }
  });

  it("are not ranked by their numbers alone", () => {
    const walk = new WeightedClass(slots, { index: 1, totals: undefined });
    const columns = { scores: Float64Array.of(1), payloads: Uint32Array.of(0) };
    expect(() => walk.add(columns, undefined)).toThrow("nothing is known of the rows but their numbers");
  });
});
