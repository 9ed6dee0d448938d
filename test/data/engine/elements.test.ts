import { expect, it, onTestFinished } from "vitest";
import { openDuckDb } from "../../../src/data/engine/duckdb.ts";
import { duckDbEngine } from "../../../src/data/engine/duckdb-engine.ts";
import { Answers } from "../../../src/data/plan/answers.ts";
import type { ElementList, PlanColumn } from "../../../src/data/plan/column.ts";
import { column, compare, isPresent, literal, userSql } from "../../../src/data/plan/expression.ts";
import type { Measure, RowsMeasure } from "../../../src/data/plan/measure.ts";

const outer: ElementList = { name: "m[]", path: ["m"], of: "list" };
const inner: ElementList = { name: "m[][]", path: [], of: "list", within: outer };
const stored = { storage: "typed", type: "integer", origin: "stored", storedType: "integer" } as const;
const columns: readonly PlanColumn[] = [
  { name: "id", ...stored, storedAs: "INTEGER" },
  { name: "m[][]", ...stored, storedAs: "INTEGER", path: ["m[][]"], list: inner },
];
const value = column("m[][]");

/** Values 4, 1, null in row 7, none in row 8, 1, 9 and 2 in row 9. */
async function engineOf() {
  const db = await openDuckDb({ threads: 2 });
  onTestFinished(() => db.close());
  await db.query(
    "CREATE TABLE given AS SELECT * FROM (VALUES (7, [[4, 1], [], [NULL]]), (8, NULL), (9, [NULL, [1], [9, 2]])) AS t(c0, c1)",
  );
  const identifierOf = (name: string) => ({ id: "c0", m: "c1" })[name];
  return duckDbEngine({ db, table: { sql: "given", columns, footers: [], quick: new Set(), identifierOf } });
}

it("finds every kind of measure over elements, beside the same over rows", async () => {
  const engine = await engineOf();
  const ask = async (measure: Measure) => new Answers(await engine.answer([measure, { kind: "count" }]));
  const over = async (measure: Measure) => (await ask({ ...measure, elementsOf: inner })).ofElements(inner);
  const where = isPresent("m[][]");
  const count: Measure = { kind: "count" };
  expect((await over(count)).count(count)).toBe(6);
  expect((await ask({ ...count, elementsOf: outer })).ofElements(outer).count(count)).toBe(6);
  expect((await ask(count)).count(count)).toBe(3);
  const nearest: Measure = { kind: "quantiles", of: value, at: [0, 0.6, 1], method: "nearest", where };
  expect((await over(nearest)).values(nearest)).toEqual([1, 2, 9]);
  const bins: Measure = { kind: "histogram", of: value, edges: [1, 2, 9] };
  expect((await over(bins)).values(bins)).toEqual([0, 2, 3, 0]);
  const frequent: Measure = { kind: "frequencies", of: [value], where, limit: 2 };
  expect((await over(frequent)).frequencies(frequent)).toEqual([
    { values: [1], count: 2 },
    { values: [2], count: 1 },
  ]);
  const pairs: Measure = { kind: "distinct", of: [column("id"), value], where };
  expect((await over(pairs)).count(pairs)).toBe(5);
  const refused: Measure = { kind: "count", where: userSql("(SELECT 1)") };
  expect((await over(refused)).errorIn([refused])).toContain("holds a subquery");
});

it("names the row of the table that holds a failing element", async () => {
  const engine = await engineOf();
  const over = (rows: RowsMeasure) => ({ rows: { ...rows, elementsOf: inner }, shown: [value] });
  const large = over({ kind: "count", where: compare(value, ">", literal(1)) });
  const ofRows = { rows: { kind: "count" }, shown: [column("id")] } as const;
  const wanted = [
    { failing: ofRows, limit: 1 },
    { failing: large, limit: 2 },
  ];
  const [row, found] = await engine.failingRows(wanted, ["id"]);
  expect(row).toEqual([{ position: 0, values: [7], columns: [7] }]);
  expect(found).toEqual([
    { position: 0, values: [4], columns: [7] },
    { position: 2, values: [9], columns: [9] },
  ]);
  const repeated = over({ kind: "duplicates", keys: [value], where: isPresent("m[][]") });
  const disorder: RowsMeasure = { kind: "disorder", of: value, direction: "increasing", strictly: false };
  expect(await engine.examples([repeated, large, over(disorder)], 3)).toEqual([
    [{ values: [1], count: 2 }],
    [2, 4, 9].map((one) => ({ values: [one], count: 1 })),
    [1, 2].map((one) => ({ values: [one], count: 1 })),
  ]);
});
