import { describe, expect, it } from "vitest";
import { check, judged, judgedText, parquet } from "../judgements.ts";

/** Five items in two of four orders, one of them missing; four tags, one of them missing. */
const orders = () =>
  parquet(`SELECT * FROM (VALUES
    (1, 'web', [{'sku': 'a', 'price': 1e0, 'tags': ['x', 'y']}, {'sku': 'b', 'price': -2e0, 'tags': []}]),
    (2, 'web', NULL),
    (3, 'app', []),
    (4, 'app', [NULL, {'sku': 'a', 'price': 'NaN'::DOUBLE, 'tags': NULL}, {'sku': 'c', 'price': 7e0, 'tags': ['z', NULL]}])
  ) AS t(id, channel, items)`);

const cards = (...columns: readonly object[]) => ({ columns, defaults: { nulls: "allow" } });

describe("a card for elements of a list", () => {
  it("counts elements: missing and empty lists have none, a missing element is a missing value", async () => {
    const result = await judged(
      await orders(),
      cards(
        { name: "items[]", type: "struct", nulls: { max_ratio: 0.2 } },
        { name: "items[].price", type: "double", nulls: { max_ratio: 0.3 }, min: 0, max: 6 },
        { name: "items[].tags[]", type: "string", nulls: "never", values: ["x", "y"] },
        { name: "items", type: "list" },
      ),
    );
    expect(check(result, "type(items[])")).toMatchObject({ verdict: "pass", judgedRows: 4 });
    expect(check(result, "nulls(items[])")).toMatchObject({ verdict: "pass", observed: 0.2, judgedRows: 5 });
    // A field of a missing element is missing too, and so is NaN.
    expect(check(result, "nulls(items[].price)")).toMatchObject({
      verdict: "fail",
      observed: 0.4,
      judgedRows: 5,
    });
    expect(check(result, "min(items[].price)")).toMatchObject({
      verdict: "fail",
      observed: -2,
      failingRows: 1,
      judgedRows: 3,
      examples: ["-***(2)"],
      elementsOf: "items[]",
    });
    expect(check(result, "max(items[].price)")).toMatchObject({
      verdict: "fail",
      observed: 7,
      failingRows: 1,
    });
    expect(check(result, "nulls(items[].tags[])")).toMatchObject({ observed: 0.25, judgedRows: 4 });
    expect(check(result, "values(items[].tags[])")).toMatchObject({
      failingRows: 1,
      judgedRows: 3,
      elementsOf: "items[].tags[]",
    });
    expect(check(result, "required(items[].price)")).toMatchObject({ verdict: "pass", elementsOf: null });
    expect(check(result, "type(items)")).toMatchObject({ judgedRows: 3, elementsOf: null });
    expect(result.dataset.columns.map((one) => one.name)).toEqual(["id", "channel", "items"]);
  });

  it("allows a share of the elements", async () => {
    const min = (allow: number) => ({ name: "items[].price", min: { value: 0, allow } });
    expect(check(await judged(await orders(), cards(min(0.34))), "min(items[].price)").verdict).toBe("pass");
    expect(check(await judged(await orders(), cards(min(0.33))), "min(items[].price)").verdict).toBe("fail");
  });

  it("takes its conditions from the row that the list is in", async () => {
    const result = await judged(
      await orders(),
      cards({
        name: "items[].price",
        when: "channel = 'app'",
        nulls: "never",
        min: 0,
        max: { value: 6, when: "id < 4" },
      }),
    );
    expect(check(result, "min(items[].price)")).toMatchObject({ verdict: "pass", judgedRows: 1 });
    expect(check(result, "max(items[].price)")).toMatchObject({ verdict: "pass", judgedRows: 0 });
    expect(check(result, "nulls(items[].price)")).toMatchObject({ failingRows: 2, judgedRows: 3 });
  });

  it("has figures of all elements", async () => {
    const card = {
      name: "items[].price",
      mean: 2,
      median: 1,
      sum: 6,
      distinct: 3,
      distinct_ratio: 1,
      quantiles: { 0.5: 1, 1: 7 },
      stdev: { min: 4.58, max: 4.59 },
    };
    const result = await judged(await orders(), cards(card));
    const figures = result.checks.filter((one) => one.column === "items[].price");
    expect(figures.filter((one) => one.verdict !== "pass")).toEqual([]);
    expect(figures.filter((one) => one.kind === "aggregate" || one.kind === "quantiles")).toHaveLength(8);
  });

  it("judges texts by pattern, look-ahead and length", async () => {
    const result = await judged(
      await orders(),
      cards(
        { name: "items[].sku", pattern: "^[ab]$", not_pattern: "^(?=b)", length: { max: 1 } },
        { name: "items[].tags[]", pattern: { value: "^(?!z)", name: "no z" } },
      ),
    );
    expect(check(result, "pattern(items[].sku)")).toMatchObject({ failingRows: 1, judgedRows: 4 });
    expect(check(result, "not_pattern(items[].sku)")).toMatchObject({
      failingRows: 1,
      examples: ["b***(1)"],
    });
    expect(check(result, "length(items[].sku)").verdict).toBe("pass");
    expect(check(result, "no z")).toMatchObject({ verdict: "fail", failingRows: 1, examples: ["z***(1)"] });
  });

  it("wants elements unique in the whole table, or in their row with the row's key", async () => {
    const contract = { ...cards({ name: "items[].sku", unique: true }), unique: [["id", "items[].sku"]] };
    const result = await judged(await orders(), contract);
    expect(check(result, "unique(items[].sku)")).toMatchObject({
      verdict: "fail",
      observed: 2,
      judgedRows: 4,
    });
    expect(check(result, "unique(id, items[].sku)")).toMatchObject({
      verdict: "pass",
      judgedRows: 4,
      elementsOf: "items[]",
    });
  });

  it("wants an order within each list", async () => {
    const file = await parquet(`SELECT * FROM (VALUES ([1, 2, NULL, 3]), ([]), ([2, 5, 4]), ([1])) AS t(x)`);
    const result = await judged(file, cards({ name: "x[]", order: "strictly_increasing" }));
    expect(check(result, "order(x[])")).toMatchObject({
      failingRows: 1,
      judgedRows: 7,
      examples: ["4***(1)"],
    });
    const sorted = await judged(file, {
      ...cards({ name: "x[]", order: { value: "increasing", when: "len(x) <> 3" } }),
    });
    expect(check(sorted, "order(x[])")).toMatchObject({ verdict: "pass", judgedRows: 4 });
  });

  it("reaches lists in lists, lists in structs and the entries of maps", async () => {
    const file = await parquet(`SELECT [[1, 2], [], NULL, [3, NULL]] AS m, {'in': {'x': [1, 2]}} AS s,
      MAP {'a': [1, 2], 'b': NULL} AS labels`);
    const result = await judged(
      file,
      cards(
        { name: "m[]", type: "list", nulls: { max_ratio: 0.5 } },
        { name: "m[][]", type: "integer", max: 2 },
        { name: "s.in.x[]", sum: 3 },
        { name: "labels[].key", values: ["a"] },
        { name: "labels[].value[]", max: 1 },
      ),
    );
    expect(check(result, "nulls(m[])")).toMatchObject({ observed: 0.25, judgedRows: 4 });
    expect(check(result, "max(m[][])")).toMatchObject({ failingRows: 1, judgedRows: 3, elementsOf: "m[][]" });
    expect(check(result, "sum(s.in.x[])")).toMatchObject({ verdict: "pass", judgedRows: 2 });
    expect(check(result, "values(labels[].key)")).toMatchObject({ failingRows: 1, judgedRows: 2 });
    expect(check(result, "max(labels[].value[])")).toMatchObject({ failingRows: 1, judgedRows: 2 });
  });

  it("compares numbers, decimals and times as what the elements are", async () => {
    const file = await parquet(`SELECT [9007199254740993] AS n, [2.19::DECIMAL(38,2), 2.20] AS d,
      [TIMESTAMPTZ '2026-01-01 00:30:00+02'] AS t, ['7', 'x'] AS w`);
    const result = await judged(
      file,
      cards(
        { name: "n[]", max: 2 ** 53 },
        { name: "d[]", type: "decimal", min: 2.2 },
        { name: "t[]", min: "2026-01-01T00:00:00Z" },
        { name: "w[]", type: "integer", max: 5 },
      ),
    );
    expect(check(result, "max(n[])")).toMatchObject({ verdict: "fail", observed: "9007199254740993" });
    expect(check(result, "min(d[])")).toMatchObject({ failingRows: 1 });
    expect(check(result, "min(t[])")).toMatchObject({ failingRows: 1 });
    // Text that is to be an integer: as in a flat column of strings.
    expect(check(result, "type(w[])")).toMatchObject({ verdict: "fail" });
    expect(check(result, "max(w[])")).toMatchObject({ verdict: "fail", failingRows: 2, judgedRows: 2 });
  });
});

describe("elements that are not there", () => {
  it("are a missing column: no such field, no list, a CSV", async () => {
    for (const name of [
      "items[].weight",
      "items[][]",
      "id[]",
      "none[].x",
      "items[].sku[]",
      "items.price",
      "items[].SKU",
    ]) {
      const result = await judged(await orders(), cards({ name, min: 0 }));
      expect(check(result, `required(${name})`)).toMatchObject({ verdict: "fail", observed: "missing" });
      expect(check(result, `min(${name})`).verdict).toBe("skipped");
    }
    const csv = await judgedText("a\n1\n", cards({ name: "a[].b", required: false, min: 1 }));
    expect(check(csv, "min(a[].b)").verdict).toBe("skipped");
  });

  it("keep every rule on them, where all lists are empty", async () => {
    const file = await parquet("SELECT CAST([] AS INTEGER[]) AS x FROM range(3)");
    const result = await judged(file, { columns: [{ name: "x[]", min: 0, unique: true, nulls: "never" }] });
    expect(result.verdict).toBe("pass");
    expect(check(result, "nulls(x[])")).toMatchObject({ observed: null, judgedRows: 0 });
    expect(check(await judged(file, cards({ name: "x[]", mean: 0 })), "mean(x[])").verdict).toBe("fail");
  });

  it("give way to a column of that very name", async () => {
    const result = await judgedText("x[]\n1\n-1\n", cards({ name: "x[]", min: 0 }));
    expect(check(result, "min(x[])")).toMatchObject({ failingRows: 1, judgedRows: 2, elementsOf: null });
  });
});
