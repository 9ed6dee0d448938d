import { describe, expect, it, onTestFinished } from "vitest";
import { type DuckDb, openDuckDb } from "../../../src/data/engine/duckdb.ts";
import { duckDbEngine } from "../../../src/data/engine/duckdb-engine.ts";
import type { EngineTable } from "../../../src/data/engine/engine-table.ts";
import { keyBits } from "../../../src/data/engine/key-bits.ts";
import { guessKeyRanges, type KeyRange } from "../../../src/data/engine/key-range.ts";
import { compileScan } from "../../../src/data/engine/scan.ts";
import { and, column, compare, isPresent, literal } from "../../../src/data/plan/expression.ts";
import { type Answer, keyOf, type Measure } from "../../../src/data/plan/measure.ts";
import { fc } from "../../support/fast-check.ts";
import { times } from "../../support/full.ts";

const table: EngineTable = {
  sql: "given",
  columns: [
    {
      name: "id",
      storage: "typed",
      type: "integer",
      origin: "stored",
      storedType: "integer",
      storedAs: "HUGEINT",
    },
  ],
  footers: [],
  quick: new Set(),
  identifierOf: () => "id",
};

async function keys(values: readonly (bigint | number | null)[]): Promise<DuckDb> {
  const db = await openDuckDb({ threads: 2 });
  onTestFinished(() => db.close());
  await db.query("CREATE TABLE given(id HUGEINT)");
  if (values.length > 0)
    await db.query(`INSERT INTO given VALUES ${values.map((one) => `(${one})`).join(", ")}`);
  return db;
}

const distinct: Measure = { kind: "distinct", of: [column("id")] };
const duplicates: Measure = { kind: "duplicates", keys: [column("id")], where: isPresent("id") };

/** What the bits alone say, between the given limits; undefined where they settle nothing. The same whole and in slices. */
async function byBits(measure: Measure, low: number, high: number, db: DuckDb): Promise<Answer | undefined> {
  const range = { low, high };
  const whole = await inSlices(measure, { range, sliceBits: 2 ** 30 }, db);
  expect(await inSlices(measure, { range, sliceBits: 3 }, db)).toEqual(whole);
  return whole;
}

async function inSlices(
  measure: Measure,
  { range, sliceBits }: { readonly range: KeyRange; readonly sliceBits: number },
  db: DuckDb,
): Promise<Answer | undefined> {
  let found: Answer | undefined;
  const parts = { ranges: new Map([["id", range]]), table: { ...table, footers: ["given"] }, sliceBits };
  const bits = keyBits(measure, parts, (answer) => {
    found = answer;
  });
  if (bits === undefined) return undefined;
  for (const item of [bits.first, ...bits.later]) {
    const [row] = await db.query(compileScan([item], table).sql);
    item.take(["m0", "m1", "m2"].map((name) => row?.[name] ?? null));
  }
  return found;
}

const value = (figure: number) => ({ kind: "value", value: figure });

describe("keys as bits", () => {
  it("counts distinct keys inside the range, both ends included, nulls left out", async () => {
    const db = await keys([-3, -3, 0, 5, null]);
    expect(await byBits(distinct, -3, 5, db)).toEqual(value(3));
  });

  it("settles nothing where a key lies outside of the range", async () => {
    const db = await keys([-3, 0, 5]);
    expect(await byBits(distinct, -2, 5, db)).toBeUndefined();
    expect(await byBits(distinct, -3, 4, db)).toBeUndefined();
  });

  it("settles duplicates only where there are none", async () => {
    expect(await byBits(duplicates, 0, 9, await keys([1, 2, null, null]))).toEqual(value(0));
    expect(await byBits(duplicates, 0, 9, await keys([1, 2, 2]))).toBeUndefined();
  });

  it("looks at the rows that a condition keeps only, for keys outside as well", async () => {
    const db = await keys([1, 2, 2, 5000]);
    const below = and(isPresent("id"), compare(column("id"), "<", literal(2)));
    expect(await byBits({ ...duplicates, where: below }, 0, 9, db)).toEqual(value(0));
    expect(await byBits({ ...distinct, where: below }, 0, 9, db)).toEqual(value(1));
  });

  it("finds no key in an empty table, and none in one of nulls", async () => {
    expect(await byBits(distinct, 0, 9, await keys([]))).toEqual(value(0));
    expect(await byBits(duplicates, 0, 9, await keys([null, null]))).toEqual(value(0));
  });

  it("takes no range of more bits than a thread may hold", async () => {
    const db = await keys([1]);
    expect(await byBits(distinct, 0, 2 ** 30, db)).toBeUndefined();
  });
});

describe("guessKeyRanges", () => {
  it("knows the range where it has seen all rows", async () => {
    const db = await keys([-7, 12, null]);
    expect(await guessKeyRanges([distinct], table, db)).toEqual(new Map([["id", { low: -7, high: 12 }]]));
  });

  it("leaves room on both sides of the first rows of more", async () => {
    const db = await keys([]);
    await db.query("INSERT INTO given FROM range(5000)");
    expect(await guessKeyRanges([distinct], table, db)).toEqual(
      new Map([["id", { low: -(2 ** 26), high: 2 ** 27 }]]),
    );
  });

  it("leaves room for twice as many running numbers as there are rows, where that is known", async () => {
    const db = await keys([]);
    await db.query("INSERT INTO given SELECT 100 + 3 * i FROM range(5000) t(i)");
    const rows = () => 5000;
    const forms = { rows, now: () => new Map(), held: async () => new Map(), readable: new Set<string>() };
    const guessed = async (known: typeof rows | (() => undefined)) => {
      const csv = { ...table, forms: { ...forms, rows: known, sql: () => table.sql } };
      return (await guessKeyRanges([distinct], csv, db)).get("id");
    };
    const { low = 0, high = 0 } = (await guessed(rows)) ?? {};
    expect(low).toBeLessThan(100 - 3 * 5000);
    expect(high).toBeGreaterThan(100 + 3 * 5000);
    expect(high - low).toBeLessThan(61_000);
    const wide = { low: 100 - 2 ** 26, high: 100 + 2 ** 27 };
    expect(await guessed(() => undefined)).toEqual(wide);
    // Numbers without an order say nothing of where the rest is.
    await db.query("TRUNCATE given");
    await db.query("INSERT INTO given SELECT 100 + 30 * i FROM range(5000) t(i)");
    expect(await guessed(rows)).toEqual(wide);
  });

  it.each([
    ["without a row", []],
    ["of nulls", [null]],
    ["of keys beyond what JavaScript can count", [2n ** 60n]],
  ])("guesses none for a table %s", async (_title, values) => {
    expect(await guessKeyRanges([distinct], table, await keys(values))).toEqual(new Map());
  });

  it("guesses none for keys of two columns, and asks nothing where there is no key", async () => {
    const both: Measure = { kind: "duplicates", keys: [column("id"), column("id")] };
    expect(await guessKeyRanges([both, { kind: "count" }], table, await keys([1]))).toEqual(new Map());
  });
});

describe("the engine's figures of keys", () => {
  it("are those of a plain count, whatever the keys", async () => {
    const key = fc.oneof(
      fc.integer({ min: -5, max: 5 }),
      fc.constantFrom(null, 2n ** 62n, -(2n ** 63n), 2n ** 64n, 2 ** 27, -(2 ** 26) - 1),
    );
    const db = await keys([]);
    await fc.assert(
      fc.asyncProperty(fc.array(key, { maxLength: 8 }), async (values) => {
        await db.query("TRUNCATE given");
        if (values.length > 0)
          await db.query(`INSERT INTO given VALUES ${values.map((one) => `(${one})`).join(", ")}`);
        const answers = await duckDbEngine({ db, table }).answer([distinct, duplicates]);
        const present = values.filter((one) => one !== null).map(String);
        const repeated = present.filter((one) => present.indexOf(one) !== present.lastIndexOf(one));
        expect(answers.get(keyOf(distinct))).toEqual(value(new Set(present).size));
        expect(answers.get(keyOf(duplicates))).toEqual(value(repeated.length));
      }),
      { numRuns: times(40, 1000) },
    );
  });
});
