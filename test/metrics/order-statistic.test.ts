import { describe, expect, it } from "vitest";
import { selectPlace, smallestFrom } from "../../src/metrics/order-statistic.ts";
import { ColumnSorter } from "../../src/metrics/sort-columns.ts";
import { fc } from "../support/fast-check.ts";

const numbers = fc.oneof(
  fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 300 }),
  fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 300 }),
);
const ascending = (values: Iterable<number>) => Float64Array.from(values, (value) => value + 0).sort();

describe("a place in ascending order", () => {
  it("is that of a sort", () => {
    fc.assert(
      fc.property(numbers, fc.nat(), (list, wanted) => {
        const place = wanted % list.length;
        const values = Float64Array.from(list);
        const sorted = ascending(list);
        expect(selectPlace(values, place) + 0).toBe(sorted[place]);
        expect(ascending(values)).toEqual(sorted);
        expect((smallestFrom(values, place + 1) ?? Number.NaN) + 0).toBe(sorted[place + 1] ?? Number.NaN);
      }),
    );
  });

  it.each([
    ["ascending", (row: number) => row],
    ["descending", (row: number) => -row],
    ["equal", () => 7],
    ["rising and falling", (row: number) => Math.min(row, 99_999 - row)],
    ["infinite at one end", (row: number) => (row % 3 === 0 ? Number.POSITIVE_INFINITY : row)],
  ])("is found among values that are %s", (_name, valueAt) => {
    const values = Float64Array.from({ length: 100_000 }, (_, row) => valueAt(row));
    const sorted = ascending(values);
    for (const place of [0, 499, 50_000, 99_500, 99_999])
      expect(selectPlace(values.slice(), place) + 0).toBe(sorted[place]);
  });
});

describe("columns that are sorted by the first", () => {
  it("keep rows of equal values in their order", () => {
    fc.assert(
      fc.property(numbers, (list) => {
        const first = Float64Array.from(list);
        const rows = Float64Array.from(first.keys());
        const [values, order] = new ColumnSorter(list.length).sort([first, rows]);
        const byHalves = new ColumnSorter(list.length, 1 + Math.floor(list.length / 7)).sort([first, rows]);
        expect(byHalves).toEqual([values, order]);
        const places = [...rows].sort((one, other) => (first[one] ?? 0) - (first[other] ?? 0) || one - other);
        expect(values).toEqual(Float64Array.from(places, (row) => (first[row] ?? 0) + 0));
        expect(order).toEqual(Float64Array.from(places));
      }),
    );
  });

  it("are good until the sort after the next one", () => {
    const sorter = new ColumnSorter(3);
    const first = sorter.sort([Float64Array.of(3, 1, 2)]);
    const second = sorter.sort([Float64Array.of(6, 5)]);
    expect([first, second]).toEqual([[Float64Array.of(1, 2, 3)], [Float64Array.of(5, 6)]]);
  });
});
