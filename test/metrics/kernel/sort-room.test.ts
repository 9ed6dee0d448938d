import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sortInPlace, sortRoom } from "../../../src/metrics/kernel/sort-room.ts";
import { quantileMetrics } from "../../../src/metrics/quantile/quantile.ts";
import { regressionMetrics } from "../../../src/metrics/regression/regression.ts";
import { fc } from "../../support/fast-check.ts";
import { generator } from "../random-cases.ts";
import { likes, pairsOf, sortedPairs } from "./pairs.ts";

describe("the room of a thread", () => {
  it.each(likes)("is the same for all that sort few %s", (_name, like) => {
    const room = sortRoom(like, 10);
    expect(sortRoom(like, 1000)).toBe(room);
    expect(sortRoom(like, 0)).toBe(room);
    expect(() => room.rows(room.mostRows + 1)).toThrow(RangeError);
  });

  it("is the same for all that sort as many, while one of them holds it", () => {
    const [, like] = likes[0] ?? [];
    if (like === undefined) throw new TypeError("no types");
    const few = sortRoom(like, 10);
    const room = sortRoom(like, 2 ** 20 + 10);
    expect(sortRoom(like, 2 ** 20 + 9)).toBe(room);
    expect(sortRoom(like, 2 ** 20 + 11)).not.toBe(room);
    expect(sortRoom(like, 10)).toBe(few);
  });
});

describe("rows in memory that threads share", () => {
  const scoreLists = fc.oneof(
    fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 300 }),
    fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 300 }),
  );

  it.each(likes)("are sorted where they lie, however few at once: %s", (_name, like) => {
    fc.assert(
      fc.property(scoreLists, fc.integer({ min: 1, max: 400 }), (list, mostAtOnce) => {
        const own = <Type extends { readonly BYTES_PER_ELEMENT: number }>({ BYTES_PER_ELEMENT }: Type) =>
          new SharedArrayBuffer(list.length * BYTES_PER_ELEMENT);
        const rows = {
          scores: Reflect.construct(like.scores.constructor, [own(like.scores)]),
          payloads: Reflect.construct(like.payloads.constructor, [own(like.payloads)]),
        };
        rows.scores.set(list.map((score) => score + 0));
        rows.payloads.set(list.keys().toArray());
        const before = pairsOf(rows);
        sortInPlace(rows, mostAtOnce);
        const after = pairsOf(rows);
        expect(sortedPairs(after)).toEqual(sortedPairs(before));
        expect(after.map(({ score }) => score)).toEqual(sortedPairs(before).map(({ score }) => score));
      }),
    );
  });
});

/** Gigabytes of addresses of this process. */
function addresses(): number {
  const [, kilobytes] = /^VmSize:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(kilobytes) / 1e6;
}

// Each kernel keeps more than 8 of them free.
const mostGigabytes = 20;

describe.runIf(process.platform === "linux")("five thousand groups with weights", () => {
  const count = 5000;
  const random = generator(5);
  const column = () => Float64Array.from({ length: 20 * count }, random);
  const codes = Uint32Array.from({ length: 20 * count }, (_, row) => row % count);
  const [truths, predictions, weights] = [column(), column(), column()];

  it("need no more addresses than one: medians of a regression", () => {
    const before = addresses();
    const { groups } = regressionMetrics({ truths, predictions, weights }, [{ codes, count }]);
    expect(addresses() - before).toBeLessThan(mostGigabytes);
    expect(groups[0]).toHaveLength(count);
  });

  it("need no more addresses than one: quantiles", () => {
    const before = addresses();
    const quantiles = [{ level: 0.5, values: predictions }];
    const { groups } = quantileMetrics({ truths, quantiles, intervals: [], weights }, [{ codes, count }]);
    expect(addresses() - before).toBeLessThan(mostGigabytes);
    expect(groups[0]).toHaveLength(count);
  });
});
