import { expect, it } from "vitest";
import { fc } from "../../support/fast-check.ts";
import { times } from "../../support/full.ts";
import { check, judged, parquet } from "../judgements.ts";

interface Item {
  readonly n: number | null;
  readonly s: string | null;
  readonly t: readonly (number | null)[] | null;
}
interface TestRow {
  readonly keep: boolean;
  readonly items: readonly (Item | null)[] | null;
}

const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 4 });
const small = fc.integer({ min: -3, max: 4 });
const item = fc.record({
  n: orNull(small),
  s: orNull(fc.constantFrom("a", "b", "cc", "it's", "é")),
  t: orNull(fc.array(orNull(small), { maxLength: 4 })),
});
const rows = fc.array(
  fc.record({ keep: fc.boolean(), items: orNull(fc.array(orNull(item), { maxLength: 5 })) }),
  { minLength: 1, maxLength: 12 },
);

function sqlOf(value: unknown): string {
  if (value === null) return "NULL";
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  if (Array.isArray(value)) return `[${value.map(sqlOf).join(", ")}]`;
  if (typeof value !== "object") return String(value);
  return `{${Object.entries(value)
    .map(([key, one]) => `'${key}': ${sqlOf(one)}`)
    .join(", ")}}`;
}

const type = "STRUCT(n INTEGER, s VARCHAR, t INTEGER[])[]";
const write = (table: readonly TestRow[]) =>
  parquet(
    `SELECT row_number() OVER () AS id, keep, CAST(items AS ${type}) AS items FROM (VALUES ${table
      .map(({ keep, items }) => `(${keep}, CAST(${sqlOf(items)} AS ${type}))`)
      .join(", ")}) AS t(keep, items)`,
  );

const contract = {
  // Missing values that are allowed altogether are not counted.
  defaults: { nulls: { max_ratio: 0.999 } },
  columns: [
    {
      name: "items[].n",
      ...{ min: -1, max: { value: 2, when: "keep" }, unique: true, order: "increasing" },
      ...{ sum: 0, mean: 0, median: 0, distinct: 0 },
    },
    { name: "items[].s", pattern: "^.$", not_pattern: "^(?=a)", values: ["a", "b"], length: 1 },
    { name: "items[].t[]", max: 2, distinct: 0, order: "strictly_decreasing" },
  ],
  unique: [["id", "items[].n"]],
};

const there = <T>(values: readonly (T | null)[]): T[] => values.filter((value) => value !== null);

/** Values that have the one before them in their list on the wrong side; missing ones are passed over. */
function outOfOrder(
  lists: readonly (readonly (number | null)[])[],
  isWrong: (a: number, b: number) => boolean,
) {
  return lists.flatMap((list) =>
    there(list).filter((value, index, all) => index > 0 && isWrong(all[index - 1] ?? 0, value)),
  ).length;
}

function repeated(keys: readonly unknown[]): number {
  const groups = Map.groupBy(keys, (key) => JSON.stringify(key));
  return [...groups.values()].filter((group) => group.length > 1).flat().length;
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

it(
  "counts elements as plain loops over them do",
  async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (table) => {
        const result = await judged(await write(table), contract);
        const found = (name: string) => check(result, name);
        const lists = table.map(({ items }) => (items ?? []).map((one) => one?.n ?? null));
        const tags = table.flatMap(({ items }) => there(items ?? []).map((one) => one.t ?? []));
        const n = there(lists.flat());
        const s = there(table.flatMap(({ items }) => (items ?? []).map((one) => one?.s ?? null)));
        const t = there(tags.flat());
        const kept = there(table.flatMap((row, index) => (row.keep ? (lists[index] ?? []) : [])));
        const sum = n.reduce((total, value) => total + value, 0);
        const all = lists.flat().length;
        expect(found("nulls(items[].n)")).toMatchObject({ failingRows: all - n.length, judgedRows: all });
        expect(found("nulls(items[].t[])")).toMatchObject({ judgedRows: tags.flat().length });
        expect(found("min(items[].n)")).toMatchObject({
          failingRows: n.filter((value) => value < -1).length,
          judgedRows: n.length,
          observed: n.length === 0 ? null : Math.min(...n),
        });
        expect(found("max(items[].n)")).toMatchObject({
          failingRows: kept.filter((value) => value > 2).length,
          judgedRows: kept.length,
        });
        expect(found("max(items[].t[])").failingRows).toBe(t.filter((value) => value > 2).length);
        expect(found("unique(items[].n)")).toMatchObject({ failingRows: repeated(n), judgedRows: n.length });
        const keys = lists.flatMap((list, row) => there(list).map((value) => [row, value]));
        expect(found("unique(id, items[].n)")).toMatchObject({
          failingRows: repeated(keys),
          judgedRows: keys.length,
        });
        expect(found("order(items[].n)").failingRows).toBe(outOfOrder(lists, (a, b) => b < a));
        expect(found("order(items[].t[])").failingRows).toBe(outOfOrder(tags, (a, b) => b >= a));
        expect(found("distinct(items[].n)").observed).toBe(new Set(n).size);
        expect(found("distinct(items[].t[])").observed).toBe(new Set(t).size);
        expect(found("sum(items[].n)").observed).toBe(n.length === 0 ? null : sum);
        expect(found("mean(items[].n)").observed).toBe(n.length === 0 ? null : sum / n.length);
        expect(found("median(items[].n)").observed).toBe(median(n));
        expect(found("pattern(items[].s)").failingRows).toBe(s.filter((text) => !/^.$/u.test(text)).length);
        expect(found("not_pattern(items[].s)").failingRows).toBe(s.filter((text) => text === "a").length);
        expect(found("values(items[].s)").failingRows).toBe(
          s.filter((text) => !["a", "b"].includes(text)).length,
        );
        expect(found("length(items[].s)")).toMatchObject({
          failingRows: s.filter((text) => text.length !== 1).length,
          judgedRows: s.length,
        });
      }),
      { numRuns: times(40, 400) },
    );
  },
  times(60_000, 600_000),
);
