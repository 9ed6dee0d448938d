import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDuckDb, type Row } from "../../../src/data/engine/duckdb.ts";
import { readSuite } from "../../../src/data/gx/suite.ts";
import { explainTable } from "../../../src/data/validate-table.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { runPython } from "../../support/python.ts";
import { check, judged, parquet, requestFor } from "../judgements.ts";

const orders = () =>
  parquet(`SELECT * FROM (VALUES
    (1, [{'sku': 'a', 'at': TIMESTAMP '2026-11-22 11:00', 'tags': ['x', 'y']}, {'sku': 'b', 'at': NULL, 'tags': ['y']}]),
    (2, NULL),
    (3, [NULL, {'sku': 'zz', 'at': TIMESTAMP '2026-11-20 11:00', 'tags': [NULL, 'bad', 'x']}])
  ) AS t(id, items)`);
const allowed = { defaults: { nulls: "allow" } };

async function rowsIn(file: string): Promise<Row[]> {
  const db = await openDuckDb({ threads: 1 });
  onTestFinished(() => db.close());
  return await db.query(`SELECT * FROM '${file}'`);
}

describe("failing elements", () => {
  it("are kept with their rows, and by which element it was", async () => {
    const file = path.join(temporaryFolder(), "bad.parquet");
    const contract = {
      ...allowed,
      columns: [
        { name: "items[].sku", pattern: "^(?!z)", length: 1, nulls: "never" },
        { name: "items[].tags[]", values: ["x"], unique: true },
        { name: "id", max: 2 },
      ],
    };
    const failingRows = { file, keyColumns: ["id"], showsValues: false };
    const result = await judged(await orders(), contract, { failingRows });
    const kept = (await rowsIn(file)).map((row) => [row["failed_rule"], row["failed_element"], row["id"]]);
    expect(result.failingRows).toBe(kept.length);
    expect(kept).toEqual([
      ["nulls(items[].sku)", "items[0]", 3],
      ["pattern(items[].sku)", "items[1]", 3],
      ["length(items[].sku)", "items[1]", 3],
      ["values(items[].tags[])", "items[0].tags[1]", 1],
      ["values(items[].tags[])", "items[1].tags[0]", 1],
      ["values(items[].tags[])", "items[1].tags[1]", 3],
      ["unique(items[].tags[])", "items[0].tags[0]", 1],
      ["unique(items[].tags[])", "items[0].tags[1]", 1],
      ["unique(items[].tags[])", "items[1].tags[0]", 1],
      ["unique(items[].tags[])", "items[1].tags[2]", 3],
      ["max(id)", null, 3],
    ]);
    const [row] = await rowsIn(file);
    expect(Object.keys(row ?? {})).toEqual(["failed_rule", "failed_element", "id", "items"]);
    expect(String(row?.["items"])).toMatch(/^\[\*\*\*\(\d+\)$/);
  });

  it("leave the file of other rules as it was", async () => {
    const file = path.join(temporaryFolder(), "bad.parquet");
    const failingRows = { file, keyColumns: [], showsValues: true };
    const contract = { ...allowed, columns: [{ name: "id", max: 2 }, { name: "items[].sku" }] };
    await judged(await orders(), contract, { failingRows });
    expect((await rowsIn(file)).map((row) => Object.keys(row))).toEqual([["failed_rule", "id", "items"]]);
  });
});

describe("elements beside the rest of a contract", () => {
  it("refer to other tables, and make a table fresh", async () => {
    const known = await parquet("SELECT unnest(['a', 'b', 'c']) AS sku");
    const contract = {
      ...allowed,
      freshness: { column: "items[].at", max_age: "2h", max_future: "5m" },
      tables: { known },
      checks: [{ in: { columns: "items[].sku", table: "known", key: "sku" } }],
      extra_columns: "fail",
      columns: [{ name: "id" }, { name: "items[].sku" }],
    };
    const result = await judged(await orders(), contract);
    expect(check(result, "in(items[].sku -> known)")).toMatchObject({
      verdict: "fail",
      failingRows: 1,
      judgedRows: 3,
      examples: ["z***(2)"],
      elementsOf: "items[]",
    });
    expect(check(result, "freshness(items[].at)")).toMatchObject({ verdict: "pass" });
    expect(check(result, "freshness.future(items[].at)")).toMatchObject({ failingRows: 0, judgedRows: 2 });
    expect(check(result, "extra_columns").verdict).toBe("pass");
    const late = { ...allowed, freshness: { column: "items[].at", max_age: "30m" } };
    expect(check(await judged(await orders(), late), "freshness(items[].at)").verdict).toBe("fail");
  });

  it("are no columns for suites, and have no profile of their own", async () => {
    const text = JSON.stringify({
      name: "s",
      expectations: [{ type: "expect_column_values_to_not_be_null", kwargs: { column: "items[].sku" } }],
    });
    const suite = readSuite({ text, shown: "s.json", parameters: new Map(), now: new Date() });
    const contract = { ...allowed, columns: [{ name: "items[].at", mean: 1 }] };
    const result = await judged(await orders(), contract, { suites: [suite], wantsProfiles: true });
    expect(result.checks.find((one) => one.kind === "expectation")).toMatchObject({ verdict: "error" });
    expect(check(result, "mean(items[].at)").reason).toContain("does not fit a column of type timestamp");
    expect(result.dataset.columns.map((one) => one.name)).toEqual(["id", "items"]);
  });

  it("are one more scan a list, that says how it unnests", async () => {
    const columns = [
      { name: "id", max: 5 },
      { name: "items[].sku", length: { max: 5 }, pattern: "^[a-z]", values: ["a", "b"] },
      { name: "items[].at", min: "2026-01-01" },
      { name: "items[].tags[]", not_values: ["q"] },
    ];
    const { queries } = await explainTable(requestFor(await orders(), { columns }));
    expect(queries).toHaveLength(3);
    expect(queries.filter((sql) => sql.includes("unnest("))).toHaveLength(2);
  });
});

it("reads lists, large and fixed-size lists and maps of Arrow files", async () => {
  const cwd = temporaryFolder();
  const script = `import pyarrow as pa, pyarrow.feather as feather
item = pa.struct([("price", pa.float64()), ("tags", pa.large_list(pa.string()))])
table = pa.table({
  "items": pa.array([[{"price": 1.0, "tags": ["x"]}, None], None, [], [{"price": -1.0, "tags": [None, "y"]}]], pa.list_(item)),
  "pair": pa.array([[1, 2], None, [3, None], [5, 6]], pa.list_(pa.int32(), 2)),
  "labels": pa.array([[("a", 1)], [], None, [("b", 2), ("c", None)]], pa.map_(pa.string(), pa.int64())),
})
feather.write_feather(table, "t.arrow", compression="uncompressed")
`;
  expect((await runPython({ args: ["-c", script], cwd })).exitCode).toBe(0);
  const result = await judged(path.join(cwd, "t.arrow"), {
    ...allowed,
    columns: [
      { name: "items[].price", type: "double", min: 0, nulls: { max_ratio: 0.5 } },
      { name: "items[].tags[]", values: ["x", "y"] },
      { name: "pair[]", type: "integer", sum: 17, nulls: { max_ratio: 0.5 } },
      { name: "labels[].key", type: "string", pattern: "^[ab]$" },
      { name: "labels[].value", max: 1 },
    ],
  });
  expect(check(result, "type(items[].price)").verdict).toBe("pass");
  expect(check(result, "min(items[].price)")).toMatchObject({ failingRows: 1, judgedRows: 2 });
  expect(check(result, "nulls(items[].price)")).toMatchObject({ failingRows: 1, judgedRows: 3 });
  expect(check(result, "values(items[].tags[])")).toMatchObject({ failingRows: 0, judgedRows: 2 });
  expect(check(result, "nulls(pair[])")).toMatchObject({ failingRows: 1, judgedRows: 6 });
  expect(check(result, "sum(pair[])").verdict).toBe("pass");
  expect(check(result, "pattern(labels[].key)")).toMatchObject({ failingRows: 1, judgedRows: 3 });
  expect(check(result, "max(labels[].value)")).toMatchObject({ failingRows: 1, judgedRows: 2 });
});
