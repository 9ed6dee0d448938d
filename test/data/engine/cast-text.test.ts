import { afterAll, describe, expect, it } from "vitest";
import { typedValue } from "../../../src/data/engine/column-sql.ts";
import { openDuckDb } from "../../../src/data/engine/duckdb.ts";
import { quoteText } from "../../../src/data/engine/sql.ts";
import { fc } from "../../support/fast-check.ts";
import { times } from "../../support/full.ts";

const db = await openDuckDb();
afterAll(() => db.close());

/** The rules as they are meant, without the way around the pattern. */
const meant = {
  integer: `CASE WHEN regexp_full_match(trim(t), '[+-]?[0-9]+') THEN TRY_CAST(trim(t) AS HUGEINT) END`,
  date: `CASE WHEN regexp_full_match(trim(t), '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN TRY_CAST(trim(t) AS DATE) END`,
  timestamp: `CASE WHEN regexp_full_match(trim(t), '[0-9]{4}-[0-9]{2}-[0-9]{2}.*') THEN TRY_CAST(trim(t) AS TIMESTAMPTZ) END`,
} as const;

const digits = fc.constantFrom(..."0123456789".split(""));
const pieceOf = (...odd: readonly string[]) =>
  fc.oneof({ weight: 3, arbitrary: digits }, fc.constantFrom(...odd));
const day = fc
  .date({ min: new Date("0000-01-01"), max: new Date("+012000-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString().replace(/^\+0?/, ""));
const texts = {
  integer: fc.oneof(
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
    fc.integer().map(String),
    fc
      .array(pieceOf("-", "+", ".", "e", "_", " ", "x", "99999999999999999999"), { maxLength: 6 })
      .map((all) => all.join("")),
  ),
  date: fc.oneof(
    day.map((text) => text.slice(0, 10)),
    fc.constantFrom(
      "infinity",
      "-infinity",
      "epoch",
      "2026-02-30",
      "2026-1-2",
      "0044-03-15 (BC)",
      "-0001-1-1",
      "10000-01-01",
      " 2026-01-02",
    ),
    fc.array(pieceOf("-", "/", " "), { minLength: 8, maxLength: 12 }).map((all) => all.join("")),
  ),
  timestamp: fc.oneof(
    day,
    day.map((text) => text.slice(0, 19).replace("T", " ")),
    day.map((text) => `${text.slice(0, 10)} 12:00:00+02`),
    fc.constantFrom(
      "infinity",
      "10000-01-01 00:00:00",
      "2026-01-02 24:00:00",
      "2026-01-02 1:2:3",
      "0044-03-15 (BC) 00:00:00",
      "2026-03-29 02:30:00",
    ),
  ),
} as const;

describe("text read as a type", () => {
  it.each(["integer", "date", "timestamp"] as const)(
    "%s: means the same with and without the way around",
    async (type) => {
      const column = {
        name: "t",
        storage: "text",
        type,
        origin: "declared",
        storedType: undefined,
        storedAs: "VARCHAR",
      } as const;
      const ours = typedValue(column, "t");
      await fc.assert(
        fc.asyncProperty(fc.array(texts[type], { minLength: 1, maxLength: 60 }), async (values) => {
          const rows = values.map((value) => `(${quoteText(value)})`).join(", ");
          const wrong = await db.query(
            `SELECT t FROM (VALUES ${rows}) v(t) WHERE ${ours} IS DISTINCT FROM ${meant[type]} OR typeof(${ours}) <> typeof(${meant[type]})`,
          );
          expect(wrong).toEqual([]);
        }),
        { numRuns: times(60, 5000) },
      );
    },
  );
});
