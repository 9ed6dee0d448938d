import { describe, expect, it } from "vitest";
import type { FailingRows } from "../../../src/data/plan/check.ts";
import type { WantedRows } from "../../../src/data/plan/engine.ts";
import {
  and,
  column,
  compare,
  type Expression,
  isPresent,
  literal,
  textOf,
} from "../../../src/data/plan/expression.ts";
import { type RowsMeasure, rowsOfQuery } from "../../../src/data/plan/measure.ts";
import { tableOf } from "./table-of.ts";

const columns = {
  n: { as: "BIGINT", type: "integer", storage: "typed" },
  x: { as: "DOUBLE", type: "double", storage: "typed" },
  t: { as: "VARCHAR", type: "string", storage: "typed" },
  d: { as: "DECIMAL(20,3)", type: "decimal", storage: "typed" },
  when: { as: "TIMESTAMP", type: "timestamp", storage: "typed" },
} as const;

/** 3,000 rows: several chunks of the engine, values that repeat, nulls, NaN and a text that needs quotes. */
const rows = Array.from({ length: 3000 }, (_, row) => {
  const n = row % 11 === 0 ? "NULL" : (row * 7919) % 101;
  const x = row % 13 === 0 ? "'NaN'" : (row % 17) / 4;
  const time = `TIMESTAMP '2024-01-01 00:00:00.000001' + INTERVAL ${row % 5} DAY`;
  return `(${n}, ${x}, ${row % 19 === 0 ? "NULL" : `'it''s ${row % 23}'`}, ${row % 29}.125, ${time})`;
}).join(", ");

const above = (name: string, limit: number): Expression => compare(column(name), ">", literal(limit));

/** More rules than one query asks, over rows of all kinds that SQL finds, with values of several types. */
function manyRules(): FailingRows[] {
  const rules = Array.from({ length: 300 }, (_, rule): FailingRows => {
    const where = rule % 2 === 0 ? above("n", rule / 3) : and(isPresent("x"), above("x", rule / 100));
    const shown = [
      [column("n")],
      [column("x"), column("n")],
      [textOf("n")],
      [column("d"), column("t"), column("when")],
    ][rule % 4];
    return { rows: { kind: "count", where }, shown: shown ?? [] };
  });
  const others: readonly RowsMeasure[] = [
    { kind: "duplicates", keys: [column("n"), column("t")], where: isPresent("n") },
    { kind: "disorder", of: column("n"), direction: "increasing", strictly: true, where: isPresent("n") },
    { kind: "count", where: above("n", 1000) },
    rowsOfQuery("SELECT 1"),
  ];
  return [...rules, ...others.map((one) => ({ rows: one, shown: [column("t"), column("n")] }))];
}

describe("failing rows of many rules", () => {
  it("are the same as those of each rule asked for on its own", async () => {
    const { engine } = await tableOf(columns, rows);
    const wanted = manyRules().map((failing, rule): WantedRows => ({ failing, limit: (rule % 40) + 1 }));
    const together = await engine.failingRows(wanted, ["x", "when"]);
    expect(together).toHaveLength(wanted.length);
    for (const [index, one] of wanted.entries())
      expect(together[index], JSON.stringify(one)).toEqual(
        (await engine.failingRows([one], ["x", "when"]))[0],
      );
  });

  it("stand in the order of the table with their values as they are, nulls too", async () => {
    const { engine } = await tableOf(columns, rows);
    const noText: FailingRows = {
      rows: { kind: "count", where: and({ op: "is-null", column: "t" }, above("d", 27)) },
      shown: [column("t"), column("d")],
    };
    const high: FailingRows = { rows: { kind: "count", where: above("n", 99) }, shown: [column("n")] };
    const [first, second] = await engine.failingRows(
      [
        { failing: noText, limit: 2 },
        { failing: high, limit: 1 },
      ],
      ["when"],
    );
    expect(first).toEqual([
      { position: 57, values: [null, "28.125"], columns: ["2024-01-03 00:00:00.000001"] },
      { position: 114, values: [null, "27.125"], columns: ["2024-01-05 00:00:00.000001"] },
    ]);
    expect(second).toHaveLength(1);
  });

  it("are found beside a rule that asks for more of them than are found together", async () => {
    const { engine } = await tableOf(columns, rows);
    const all: FailingRows = { rows: { kind: "count" }, shown: [column("n")] };
    const [many, few] = await engine.failingRows(
      [
        { failing: all, limit: 100_000 },
        { failing: all, limit: 3 },
      ],
      [],
    );
    expect(many).toHaveLength(3000);
    expect(few?.map(({ position }) => position)).toEqual([0, 1, 2]);
  });
});

describe("failing values of many rules", () => {
  it("are the same as those of each rule asked for on its own", async () => {
    const rules = manyRules();
    const together = await (await tableOf(columns, rows)).engine.examples(rules, 5);
    const { engine } = await tableOf(columns, rows);
    for (const [index, rule] of rules.entries())
      expect(together[index], JSON.stringify(rule)).toEqual((await engine.examples([rule], 5))[0]);
  });

  it("are found again where more of them are asked for, and cut where fewer are", async () => {
    const { engine } = await tableOf(columns, rows);
    const rule: FailingRows = { rows: { kind: "count", where: above("n", 90) }, shown: [column("n")] };
    const [two] = await engine.examples([rule], 2);
    const [all] = await engine.examples([rule], 100);
    const [one] = await engine.examples([rule], 1);
    expect([two?.length, all?.length, one?.length]).toEqual([2, 10, 1]);
    expect(all?.slice(0, 2)).toEqual(two);
    expect(one).toEqual(two?.slice(0, 1));
  });
});
