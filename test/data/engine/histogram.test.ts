import { describe, expect, it } from "vitest";
import { column } from "../../../src/data/plan/expression.ts";
import type { Measure } from "../../../src/data/plan/measure.ts";
import { fc } from "../../support/fast-check.ts";
import { times } from "../../support/full.ts";
import { tableOf } from "./table-of.ts";

const extremes = [0, -0, 1, -1, 5e-324, -5e-324, 1.7976931348623157e308, -1.7976931348623157e308, 0.1, 0.3];
const number = fc.oneof(fc.constantFrom(...extremes), fc.double({ noNaN: true }), fc.integer());
const finite = number.filter(Number.isFinite);

/** [low, high) for each bin, the last closed; NaN is above all numbers, as the engine orders them. */
function counted(values: readonly (number | null)[], edges: readonly number[]): number[] {
  const counts = Array.from({ length: edges.length + 1 }, () => 0);
  const last = edges.at(-1) ?? 0;
  for (const value of values) {
    if (value === null) continue;
    const passed = edges.filter((edge) => value >= edge).length;
    const isAbove = Number.isNaN(value) || value > last;
    const bin = isAbove ? edges.length : Math.min(passed, edges.length - 1);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

async function histogram(as: string, values: readonly (number | null)[], edges: readonly number[]) {
  const { ask, db } = await tableOf(
    { x: { as, type: "double", storage: "typed" } },
    values
      .map((value) => `(${value === null ? "NULL" : `'${Object.is(value, -0) ? "-0" : value}'`})`)
      .join(", "),
  );
  const measure: Measure = { kind: "histogram", of: column("x"), edges };
  const found = (await ask(measure)).values(measure);
  await db.close();
  return found;
}

describe("a histogram", () => {
  it("counts every value in the bin that comparisons put it into", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(finite, { minLength: 2, maxLength: 25, comparator: (a, b) => a === b }),
        fc.array(fc.oneof(number, fc.constantFrom(Number.NaN, null)), { minLength: 1, maxLength: 40 }),
        async (unordered, others) => {
          const edges = unordered.toSorted((a, b) => a - b);
          const values = [...others, ...edges];
          expect(await histogram("DOUBLE", values, edges)).toEqual(counted(values, edges));
        },
      ),
      { numRuns: times(40, 1000) },
    );
  });

  it("compares whole numbers and decimals as doubles", async () => {
    expect(await histogram("BIGINT", [-1, 0, 1, 2, 3, null], [-0.5, 0.5, 2])).toEqual([1, 1, 2, 1]);
    expect(await histogram("DECIMAL(38,3)", [0.125, 0.25, 0.5, 9], [0.125, 0.25, 0.5])).toEqual([0, 1, 2, 1]);
  });

  it("has only zeros where all values are missing", async () => {
    expect(await histogram("DOUBLE", [null, null], [0, 1])).toEqual([0, 0, 0]);
  });
});
