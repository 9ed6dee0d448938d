import { expect, it } from "vitest";
import { temporaryFolder } from "../../support/folder.ts";
import { writeQuery } from "./parquet.ts";
import { runSuite } from "./run-suite.ts";

/** Row 5 is null in every column; x has a NaN in row 4. */
const table = `SELECT * FROM (VALUES
  (1, 1.5::DOUBLE, 'a', true, DATE '2020-01-01', TIMESTAMP '2020-01-01 12:00:00', 1.10::DECIMAL(9,2)),
  (2, 2.5, 'b', false, DATE '2020-01-02', TIMESTAMP '2020-01-02 12:00:00', 2.20),
  (3, 3.5, 'c', true, DATE '2020-01-03', TIMESTAMP '2020-01-03 12:00:00', 3.30),
  (4, 'NaN'::DOUBLE, '5', false, DATE '2020-01-04', TIMESTAMP '2020-01-04 12:00:00', 4.40),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL)) AS t(i, x, s, b, d, t, m)`;

interface Row {
  readonly rows: unknown;
  readonly reason: string | null;
}

/** How many of the five rows each condition keeps, or why it cannot be evaluated. */
async function kept(conditions: readonly (readonly [unknown, string | undefined])[]): Promise<Row[]> {
  const folder = temporaryFolder();
  const file = await writeQuery(table, folder);
  const expectations = conditions.map(([row_condition, condition_parser]) => ({
    type: "expect_table_row_count_to_be_between",
    kwargs: { max_value: 100, row_condition, condition_parser },
  }));
  const suite = JSON.stringify({ name: "s", expectations });
  const { gx, results } = await runSuite({ suite, file, cwd: folder, now: new Date() });
  return gx.results.map(({ result }, place) => ({
    rows: Object.entries(Object(result)).find(([key]) => key === "observed_value")?.[1],
    reason: results[place]?.reason ?? null,
  }));
}

const object = (name: string, operator: string, parameter: unknown) => ({
  type: "comparison",
  column: { name },
  operator,
  parameter,
});

it("keeps the rows for which a condition is true: not those with a null or NaN in it", async () => {
  const cases: readonly (readonly [unknown, string | undefined, number])[] = [
    ['col("i") > 1', "great_expectations", 3],
    ['col("i").notnull()', "great_expectations", 4],
    ['col("I") != 1', "great_expectations", 3],
    ['col("s") == "b"', "great_expectations", 1],
    ['col("d") >= date("2020-01-03")', "great_expectations", 2],
    ['col("t") < date("2020-01-03")', "great_expectations", 2],
    [object("x", ">", 2), undefined, 2],
    [object("x", "!=", 2.5), undefined, 2],
    [object("x", "NOT_IN", [2.5]), undefined, 2],
    [object("x", "IN", [2.5, 3.5, 9]), undefined, 2],
    [object("x", "IN", []), undefined, 0],
    [object("x", "NOT_IN", []), undefined, 3],
    [object("s", "IN", ["a", "c"]), undefined, 2],
    [object("m", "==", 2.2), undefined, 1],
    [object("t", ">=", "2020-01-02T12:00:00"), undefined, 3],
    [object("d", "==", "2020-01-02 00:00:00"), undefined, 1],
    [{ type: "nullity", column: { name: "x" }, is_null: true }, undefined, 2],
    [{ type: "nullity", column: { name: "x" }, is_null: false }, undefined, 3],
    [object("i", "<", { name: "x" }), undefined, 3],
    [{ type: "or", conditions: [object("i", "==", 1), object("s", "==", "c")] }, undefined, 2],
    [{ type: "and", conditions: [object("i", ">", 1), object("s", "!=", "c")] }, undefined, 2],
    ["b == True", "pandas", 2],
    ["b == 0", "pandas", 2],
    ["not (i > 1 or s == 'a')", "pandas", 0],
    ["i in [1, 2.5, 3]", "pandas", 2],
    ["i % 2 = 0 AND s LIKE 'b%'", "spark", 1],
  ];
  const found = await kept(cases.map(([condition, parser]) => [condition, parser]));
  expect(found).toEqual(cases.map(([, , rows]) => ({ rows, reason: null })));
});

it("finds no equality between values of different kinds", async () => {
  const found = await kept([
    ["i == '1'", "pandas"],
    ["s == 5", "pandas"],
    ["s != 5", "pandas"],
    ["s in [5, 6]", "pandas"],
    [object("d", "IN", [1, 2]), undefined],
  ]);
  expect(found.map(({ rows }) => rows)).toEqual([0, 0, 4, 0, 0]);
});

it("cannot evaluate what has no order, no column or no meaning", async () => {
  const found = await kept([
    ['col("missing") > 1', "great_expectations"],
    ["s > 5", "pandas"],
    ["i < 'a'", "pandas"],
    ["i < s", "pandas"],
    ['col("d") > date("soon")', "great_expectations"],
    ["s.str.len() > 1", "pandas"],
    ["nothing > 1", "spark"],
  ]);
  expect(found.map(({ rows }) => rows)).toEqual(Array(7).fill(undefined));
  const reasons = [
    'row_condition: the data has no column "missing"',
    'row_condition: column "s" of type string has no order with 5',
    'row_condition: column "i" of type integer has no order with "a"',
    'row_condition: columns "i" (integer) and "s" (string) cannot be compared',
    'row_condition: "soon" is no date or timestamp in ISO 8601',
    "is a query of pandas that is not supported",
    "nothing",
  ];
  expect(found.map(({ reason }) => reason)).toEqual(reasons.map((text) => expect.stringContaining(text)));
});
