import { describe, expect, it } from "vitest";
import { userSql } from "../../../src/data/plan/expression.ts";
import { type Measure, rowsOfQuery } from "../../../src/data/plan/measure.ts";
import { tableOf } from "./table-of.ts";

const integers = { a: { as: "BIGINT", type: "integer", storage: "typed" } } as const;

describe("SQL that a user wrote", () => {
  it.each([
    ["a > 1", 2],
    ["a > 1 -- a comment at the end", 2],
    ["a > 1 /* another */", 2],
    ["a IN (1, 3)", 2],
    ["(a > 1) AND (a < 3)", 1],
    ["'(' || a || ';' = '(2;'", 1],
    ["A > 1", 2],
  ])("takes %j for what it is", async (sql, count) => {
    const { ask } = await tableOf(integers, "(1), (2), (3)");
    const measure: Measure = { kind: "count", where: userSql(sql) };
    expect((await ask(measure)).count(measure)).toBe(count);
  });

  it.each([
    ["a > (SELECT min(a) FROM data)", "a subquery"],
    ["EXISTS (SELECT 1)", "a subquery"],
    ["a > avg(a) OVER ()", "a window"],
    ["COLUMNS(*) > 0", "a *"],
    ["#1 > 0", "a column by its number"],
    ["$1 > 0", "a parameter"],
    ["a > 1, a < 3", "count_if(STRUCT"],
    ["a > 1); DROP TABLE given; SELECT (1", "is no SQL expression"],
    ["a > 1); SELECT (1", "more than one SQL expression"],
    ["a > 1) FROM given WHERE (true", "more than one SQL expression"],
    ["a > 1) AS y WHERE (true", "more than one SQL expression"],
    ["true) LIMIT (1", "more than one SQL expression"],
    ["true) AS (b", "is no SQL expression"],
    ["true) UNION SELECT (false", "more than one SQL expression"],
    ["true) USING SAMPLE (1", "more than one SQL expression"],
    ["true) ORDER BY (1", "more than one SQL expression"],
    ["a > ", "is no SQL expression"],
    ["/* never closed", "is no SQL expression"],
    ["", "is no SQL expression"],
    ["a > 1e400", "a number that no number can be"],
    ["max(a) > 1", "aggregate"],
    ["no_such > 1", "no_such"],
  ])("refuses %j in words, and judges the rest", async (sql, words) => {
    const { ask } = await tableOf(integers, "(1), (2), (3)");
    const measure: Measure = { kind: "count", where: userSql(sql) };
    const answers = await ask(measure, { kind: "count" });
    expect(answers.get(measure)).toEqual({ kind: "error", message: expect.stringContaining(words) });
    expect(answers.count({ kind: "count" })).toBe(3);
  });

  it.each([
    "DROP TABLE given",
    "DELETE FROM given",
    "SELECT 1; SELECT 2",
    "COPY given TO 'out.csv'",
    "ATTACH 'x.db'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET threads = 1",
    "PRAGMA database_list",
    "CALL pragma_version()",
    "CREATE TABLE t AS SELECT 1",
    "EXPLAIN SELECT 1",
  ])("takes no %j for a query", async (sql) => {
    const { ask, db } = await tableOf(integers, "(1), (2)");
    const measure = rowsOfQuery(sql);
    const answers = await ask(measure);
    expect(answers.get(measure)).toMatchObject({ kind: "error" });
    expect(await db.query("SELECT count(*) AS n FROM given")).toEqual([{ n: 2 }]);
  });

  it("counts the rows that a query returns, with a comment at its end", async () => {
    const { ask } = await tableOf(integers, "(1), (2)");
    const measure = rowsOfQuery("WITH d AS (FROM data) SELECT * FROM d WHERE a > 1 -- wrong");
    expect((await ask(measure)).count(measure)).toBe(1);
  });

  it("ends a query without an end after its time limit, and answers the next one", async () => {
    const { ask } = await tableOf(integers, "(1), (2)");
    const endless = rowsOfQuery(
      "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) FROM r",
      250,
    );
    const short = rowsOfQuery("FROM data");
    const answers = await ask(endless, short);
    expect(answers.get(endless)).toMatchObject({
      kind: "error",
      message: expect.stringContaining("time limit of 0.25 s"),
    });
    expect(answers.count(short)).toBe(2);
  });
});
