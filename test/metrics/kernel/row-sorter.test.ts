import { describe, expect, it } from "vitest";
import { Kernel } from "../../../src/metrics/kernel/kernel.ts";
import { allotColumns, RowSorter, rowSorterBytes } from "../../../src/metrics/kernel/row-sorter.ts";
import type { Columns } from "../../../src/metrics/score-columns.ts";
import { fc } from "../../support/fast-check.ts";
import { generator } from "../random-cases.ts";
import { likes, type Pair, pairsOf, sortedPairs } from "./pairs.ts";

/** Every payload is different where the type has so many values. */
function sort(like: Columns, list: readonly number[]) {
  const kernel = new Kernel(rowSorterBytes(like, list.length));
  const rows = allotColumns(kernel, like, list.length);
  const sorter = new RowSorter(kernel, rows);
  rows.scores.set(list);
  rows.payloads.set(list.keys().toArray());
  const before = pairsOf(rows);
  return { before, after: pairsOf(sorter.sort(rows)) };
}

function check(like: Columns, list: readonly number[]): void {
  const { before, after } = sort(like, list);
  const falls = (one: Pair, place: number) => place === 0 || (after[place - 1]?.score ?? 0) >= one.score;
  expect(after.every(falls)).toBe(true);
  expect(sortedPairs(after)).toEqual(sortedPairs(before));
}

/** The largest and the smallest of either type, next to each other and next to others. */
const extremes = [Number.MAX_VALUE, Number.MIN_VALUE, 2 ** -1022, 2 ** -1074 * 3, 3.4028234663852886e38]
  .concat([2 ** -149, 2 ** -126, 1, 1 + Number.EPSILON, 1 + 2 ** -23, 0.1, Math.fround(0.1), 0])
  .flatMap((value) => [value, 0 - value]);

function fitting({ scores }: Columns, value: number): number {
  const own = scores instanceof Float32Array ? Math.fround(value) : value;
  return (Number.isFinite(own) ? own : Math.sign(own) * 3e38) + 0;
}

function smallestOf({ scores }: Columns): number {
  return scores instanceof Float32Array ? 2 ** -149 : Number.MIN_VALUE;
}

describe.each(likes)("rows of %s", (_name, like) => {
  it("are put in order, each with its payload", () => {
    const score = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -3, max: 3 }),
      fc.constantFrom(...extremes),
    );
    const list = fc.array(score, { maxLength: 400 });
    fc.assert(
      fc.property(list, (scores) =>
        check(
          like,
          scores.map((one) => fitting(like, one)),
        ),
      ),
    );
  });

  it.each([
    ["shares", (share: number) => share],
    ["of both signs", (share: number) => Math.tan(3 * (share - 0.5))],
    ["below 0", (share: number) => -share - 1],
    ["of all magnitudes", (share: number) => 2 ** (2000 * share - 1000)],
    ["subnormal", (share: number) => Math.floor(share * 2 ** 20) * smallestOf(like)],
    ["of few values", (share: number) => Math.floor(5 * share) - 2],
    ["equal", () => 0.25],
    ["zero", () => 0],
    ["in long runs that agree in their upper bits", (share: number) => (share < 0.5 ? 0.001 : 900) + share],
    ["near to each other", (share: number) => 0.5 + share * 1e-12],
    ["but one near to each other", (share: number) => (share < 1e-4 ? -1e300 : 0.5 + share * 1e-13)],
  ])("that are %s", (_kind, scoreOf) => {
    const random = generator(11);
    for (const rows of [0, 1, 2, 33, 20_000]) {
      const list = Array.from({ length: rows }, () => fitting(like, scoreOf(random())));
      check(like, list);
    }
  });
});

describe("a sorter", () => {
  const [like] = likes.map(([, one]) => one);
  if (like === undefined) throw new TypeError("no types");

  it("sorts fewer rows after more", () => {
    const kernel = new Kernel(rowSorterBytes(like, 1000));
    const rows = allotColumns(kernel, like, 1000);
    const sorter = new RowSorter(kernel, rows);
    for (const count of [1000, 3, 500]) {
      const some = { scores: rows.scores.subarray(0, count), payloads: rows.payloads.subarray(0, count) };
      some.scores.set(Array.from({ length: count }, (_, row) => row % 7));
      some.payloads.set(Array.from({ length: count }, (_, row) => row % 7));
      const sorted = pairsOf(sorter.sort(some));
      expect(sorted).toEqual(sortedPairs(sorted));
      expect(sorted.every(({ score, payload }) => score === payload)).toBe(true);
    }
  });

  it("refuses more rows than it was made for", () => {
    const kernel = new Kernel(rowSorterBytes(like, 100));
    const rows = allotColumns(kernel, like, 20);
    const sorter = new RowSorter(kernel, allotColumns(kernel, like, 19));
    expect(() => sorter.sort(rows)).toThrow(new RangeError("20 rows in a sorter of 19"));
  });

  it("refuses rows that lie elsewhere", () => {
    const kernel = new Kernel(rowSorterBytes(like, 100));
    const sorter = new RowSorter(kernel, allotColumns(kernel, like, 100));
    const elsewhere = { scores: new Float64Array(2), payloads: new Uint8Array(2) };
    expect(() => sorter.sort(elsewhere)).toThrow("numbers outside of the kernel's memory");
  });
});
