import { describe, expect, it, onTestFinished } from "vitest";
import { openDuckDb } from "../../../src/data/engine/duckdb.ts";
import { duckDbEngine } from "../../../src/data/engine/duckdb-engine.ts";
import type { EngineTable } from "../../../src/data/engine/engine-table.ts";
import {
  and,
  type Comparison,
  column,
  compare,
  isMissing,
  isNan,
  isNull,
  isPresent,
  isTrue,
  literal,
  not,
} from "../../../src/data/plan/expression.ts";
import type { Measure } from "../../../src/data/plan/measure.ts";
import { fc } from "../../support/fast-check.ts";
import { times } from "../../support/full.ts";

const operators: readonly Comparison[] = [">=", ">", "<=", "<", "=", "<>"];
const limits = [-1, 0, 2.5, 9_007_199_254_740_992];

const measures: Measure[] = [
  ...operators.flatMap((operator) =>
    limits.map(
      (limit): Measure => ({
        kind: "count",
        where: and(isPresent("x"), not(isTrue(compare(column("x"), operator, literal(limit))))),
      }),
    ),
  ),
  { kind: "count", where: isNull("x") },
  { kind: "count", where: isMissing("x") },
  { kind: "count", where: isNan("x") },
  { kind: "min", of: column("x"), where: isPresent("x") },
  { kind: "max", of: column("x") },
];

describe("facts of columns", () => {
  it.each([
    ["integer", "BIGINT", ["0", "-1", "3", "9007199254740992", "9007199254740993", "NULL"]],
    ["double", "DOUBLE", ["0.0", "-1.0", "2.5", "'NaN'", "'Infinity'", "'-Infinity'", "NULL"]],
  ] as const)(
    "answer what the rows of a %s column answer, NaN, infinities and an empty table included",
    async (type, storedAs, values) => {
      const db = await openDuckDb({ threads: 1 });
      onTestFinished(() => db.close());
      await db.query(`CREATE TABLE given(x ${storedAs})`);
      // A table with footers is one that is cheap to read again, so facts are asked for first.
      const tableOf = (footers: readonly string[]): EngineTable => ({
        sql: "given",
        columns: [{ name: "x", storage: "typed", type, origin: "stored", storedType: type, storedAs }],
        footers,
        quick: new Set(),
        identifierOf: (name) => name,
      });
      await fc.assert(
        fc.asyncProperty(fc.array(fc.constantFrom(...values), { maxLength: 5 }), async (rows) => {
          await db.query("TRUNCATE given");
          if (rows.length > 0)
            await db.query(`INSERT INTO given VALUES ${rows.map((one) => `(${one})`).join(", ")}`);
          const [proven, counted] = [
            await duckDbEngine({ db, table: tableOf(["x.parquet"]) }).answer(measures),
            await duckDbEngine({ db, table: tableOf([]) }).answer(measures),
          ];
          expect(Object.fromEntries(proven)).toEqual(Object.fromEntries(counted));
        }),
        { numRuns: times(60, 1500) },
      );
    },
  );
});
