import { expect, it } from "vitest";
import { binaryMetrics } from "../../../src/metrics/binary/binary.ts";
import { fc } from "../../support/fast-check.ts";
import { times } from "../../support/full.ts";
import { type Row, tableGrouping, tableInput, tables } from "./cases.ts";

async function measured(rows: readonly Row[], isWeighted: boolean) {
  return await binaryMetrics(tableInput(rows, { isWeighted }), [tableGrouping(rows)]);
}

it("the order of rows changes nothing, bit for bit", async () => {
  await fc.assert(
    fc.asyncProperty(tables, fc.nat(), fc.boolean(), async (rows, turn, isWeighted) => {
      const moved = [...rows.slice(turn % rows.length), ...rows.slice(0, turn % rows.length)].reverse();
      expect(await measured(moved, isWeighted)).toEqual(await measured(rows, isWeighted));
    }),
  );
});

it("a monotone change of the scores leaves the ranking metrics", async () => {
  await fc.assert(
    fc.asyncProperty(tables, async (rows) => {
      const steps = rows.map((row) => ({ ...row, score: Math.round(row.score * 20) }));
      const bent = steps.map((row) => ({ ...row, score: Math.exp(row.score) - 1e6 }));
      const [plain, other] = [
        (await binaryMetrics(tableInput(steps, { threshold: null }))).overall.metrics,
        (await binaryMetrics(tableInput(bent, { threshold: null }))).overall.metrics,
      ];
      for (const name of ["roc_auc", "average_precision", "ks", "gini", "lift@10%"])
        expect(other[name]).toBe(plain[name]);
    }),
  );
});

it("subgroups add up to all rows, and equal the metrics of their rows alone", async () => {
  await fc.assert(
    fc.asyncProperty(tables, fc.boolean(), async (rows, isWeighted) => {
      const groups = (await measured(rows, isWeighted)).groups[0] ?? [];
      const counting = rows.filter((row) => !isWeighted || row.weight > 0);
      expect(groups.reduce((sum, group) => sum + group.count, 0)).toBe(counting.length);
      for (const [code, group] of groups.entries()) {
        const own = counting.filter((row) => row.group === code);
        const { overall } = await binaryMetrics(tableInput(own, { isWeighted }));
        expect(overall).toMatchObject(group);
      }
    }),
  );
});

it("one group that holds all rows has the figures of all rows", async () => {
  await fc.assert(
    fc.asyncProperty(tables, fc.boolean(), async (rows, isWeighted) => {
      const grouping = { codes: new Uint32Array(rows.length), count: 1 };
      const { overall, groups } = await binaryMetrics(tableInput(rows, { isWeighted }), [grouping]);
      expect(overall).toMatchObject({ ...groups[0]?.[0] });
    }),
  );
});

it("a whole weight counts a row as often", async () => {
  await fc.assert(
    fc.asyncProperty(tables, fc.infiniteStream(fc.nat(3)), async (rows, stream) => {
      const whole = rows.map((row, index) => ({
        ...row,
        weight: index === 0 ? 1 : (stream.next().value ?? 0),
      }));
      const repeated = whole.flatMap((row) => Array.from({ length: row.weight }, () => row));
      const weighted = (await binaryMetrics(tableInput(whole, { isWeighted: true }))).overall;
      const plain = (await binaryMetrics(tableInput(repeated))).overall;
      expect(weighted.weight).toBe(plain.count);
      expect(weighted.confusion).toEqual(plain.confusion);
      expect(weighted.undefined).toEqual({ ...plain.undefined, ...reasonsOfCounts(weighted.undefined) });
      expect({ ...weighted.curves?.[0] }).toEqual({ ...plain.curves?.[0] });
      for (const [name, value] of Object.entries(plain.metrics)) {
        if (value === null) expect(weighted.metrics[name]).toBeNull();
        else expect(weighted.metrics[name]).toBe(value);
      }
    }),
  );
});

/** They tell numbers of rows, which differ. */
function reasonsOfCounts(reasons: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(reasons).filter(([, reason]) => reason.startsWith("one class only:")),
  );
}

it("many groupings at once give what each gives alone", async () => {
  await fc.assert(
    fc.asyncProperty(tables, fc.boolean(), async (rows, isWeighted) => {
      const grouping = tableGrouping(rows);
      const spread = { codes: Uint32Array.from(rows.keys(), (row) => row % 3), count: 200 };
      const input = tableInput(rows, { isWeighted });
      // 34 bits of codes, which is more than 31: the row numbers are sorted in place of the codes.
      const { groups } = await binaryMetrics(input, [grouping, spread, spread, spread, spread]);
      expect(groups[0]).toEqual((await binaryMetrics(input, [grouping])).groups[0]);
      expect(groups[4]).toEqual((await binaryMetrics(input, [spread])).groups[0]);
    }),
    { numRuns: times(30, 750) },
  );
});

it("two threads find what one finds, bit for bit", async () => {
  await fc.assert(
    fc.asyncProperty(tables, fc.boolean(), fc.boolean(), async (rows, isFloat, isSigned) => {
      const input = tableInput(isSigned ? rows.map((row) => ({ ...row, score: row.score - 0.5 })) : rows);
      const scores = isFloat ? Float32Array.from(input.scores) : input.scores;
      const groupings = [tableGrouping(rows), { codes: new Uint32Array(rows.length), count: 1 }];
      const one = await binaryMetrics({ ...input, scores }, groupings);
      const two = await binaryMetrics({ ...input, scores }, groupings, { twoThreadsFrom: 1 });
      expect(two).toEqual(one);
    }),
    { numRuns: times(12, 300) },
  );
});

it("-0 and 0 are one score", async () => {
  const rows = [0, 1, 0, 1].map((label, row) => ({
    label,
    score: row % 2 === 0 ? 0 : -0,
    weight: 1,
    group: 0,
  }));
  expect((await binaryMetrics(tableInput(rows))).overall.metrics["roc_auc"]).toBe(0.5);
});

it.each([
  ["above 0", (share: number) => share + 2 ** -60],
  ["0 among them, and -0", (share: number) => (share < 0.5 ? -0 : share)],
  ["below 0", (share: number) => share - 0.5],
])("a range that is known before changes nothing: scores %s", async (_, scoreOf) => {
  const rows = 30_000;
  const scores = Float64Array.from({ length: rows }, (_, row) => scoreOf(((row * 7919) % rows) / rows));
  const labels = Uint8Array.from({ length: rows }, (_, row) => ((row * 104729) % 3) & 1);
  const range = { smallest: Math.min(...scores), largest: Math.max(...scores) };
  const input = { labels, scores, threshold: 0.5 };
  expect(await binaryMetrics({ ...input, range })).toEqual(await binaryMetrics(input));
});
