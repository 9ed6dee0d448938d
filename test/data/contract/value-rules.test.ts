import { describe, expect, it } from "vitest";
import { check, column, judged, judgedText, parquet } from "../judgements.ts";

const rules = (more: object) => column({ nulls: "allow", ...more });

describe("greater_than and less_than", () => {
  it.each([
    [{ greater_than: 1 }, "fail", 1, 1],
    [{ greater_than: 0.999 }, "pass", 1, 0],
    [{ less_than: 3 }, "fail", 3, 1],
    [{ less_than: 3.001 }, "pass", 3, 0],
  ])("exclude the bound itself: %j is %s", async (rule, verdict, observed, failingRows) => {
    const name = `${Object.keys(rule)[0]}(x)`;
    for (const result of [
      await judgedText("x,y\n1,1\n2,1\n3,1\n,1\n", rules(rule)),
      await judged(await parquet("SELECT unnest([1, 2, 3, NULL]) AS x"), rules(rule)),
    ])
      expect(check(result, name)).toMatchObject({ verdict, observed, failingRows, judgedRows: 3 });
  });

  it("bound dates and timestamps", async () => {
    const contract = rules({ greater_than: "2026-01-01", less_than: "2026-01-03T00:00:00Z" });
    const result = await judgedText("x\n2026-01-01\n2026-01-02\n2026-01-03\n", contract);
    expect(check(result, "greater_than(x)")).toMatchObject({ failingRows: 1, comparison: ">" });
    expect(check(result, "less_than(x)")).toMatchObject({ failingRows: 1, comparison: "<" });
  });
});

describe("not_values", () => {
  it("counts the rows that hold a forbidden value, and those that cannot be read", async () => {
    const result = await judgedText("x\n1\n-99\n-99.0\nabc\n", rules({ not_values: [-99, -1] }));
    expect(check(result, "not_values(x)")).toMatchObject({
      ...{ verdict: "fail", failingRows: 3, comparison: "not in", limit: [-99, -1] },
    });
  });

  it("tolerates the share that is allowed", async () => {
    const contract = (allow: number) => rules({ not_values: { value: ["n/a"], allow } });
    expect((await judgedText("x\na\nb\nc\nn/a\n", contract(0.25))).verdict).toBe("pass");
    expect((await judgedText("x\na\nb\nc\nn/a\n", contract(0.24))).verdict).toBe("fail");
  });
});

describe("pattern", () => {
  const words = "x,y\nab,1\nxaby,1\nÜb,1\n,1\n007,1\n";

  it.each([
    [{ pattern: "ab" }, 2, 2],
    [{ pattern: "^ab$" }, 3, 3],
    [{ pattern: "^\\p{L}+$" }, 1, 1],
    [{ not_pattern: "^\\d+$" }, 1, 1],
    [{ pattern: "^(?!x)" }, 1, 1],
    [{ not_pattern: "(.)\\1" }, 1, 1],
    [{ pattern: "(?i)AB|üb|\\d" }, 0, 0],
  ])("is searched in every value: %j breaks %i rows", async (rule, failingRows, exampleCount) => {
    const name = `${Object.keys(rule)[0]}(x)`;
    for (const file of [
      await judgedText(words, rules(rule)),
      await judged(await parquet("SELECT unnest(['ab', 'xaby', 'Üb', NULL, '007']) AS x"), rules(rule)),
    ]) {
      const found = check(file, name);
      expect(found).toMatchObject({
        failingRows,
        judgedRows: 4,
        verdict: failingRows === 0 ? "pass" : "fail",
      });
      expect(found.examples).toHaveLength(exampleCount);
    }
  });

  it("does not fit a column that is stored as numbers", async () => {
    const result = await judged(await parquet("SELECT 1 AS x"), rules({ pattern: "1", length: 1 }));
    expect(check(result, "pattern(x)")).toMatchObject({ verdict: "error" });
    expect(check(result, "length(x)").reason).toContain("type integer");
  });
});

describe("length", () => {
  it.each([
    [3, "fail", 2, "="],
    [{ min: 1, max: 3 }, "pass", 0, "between"],
    [{ min: 2 }, "fail", 1, ">="],
    [{ value: { max: 2 }, allow: 0.34 }, "pass", 1, "<="],
    [{ max: 2, severity: "warn" }, "warn", 1, "<="],
  ])("of %j is %s", async (length, verdict, failingRows, comparison) => {
    const result = await judgedText("x,y\na,1\nab,1\näöü,1\n,1\n", rules({ length }));
    expect(check(result, "length(x)")).toMatchObject({
      ...{ verdict, failingRows, comparison, observed: [1, 3], judgedRows: 3 },
    });
  });
});

describe("order", () => {
  it.each([
    ["increasing", [1, 1, 2], "pass", 0],
    ["strictly_increasing", [1, 1, 2], "fail", 1],
    ["decreasing", [3, 1, 2], "fail", 1],
    ["strictly_decreasing", [3, 2, 1], "pass", 0],
  ])("%s of %j is %s", async (order, values, verdict, failingRows) => {
    const result = await judgedText(
      `x,y\n${values.map((value) => `${value},1\n,1\n`).join("")}`,
      rules({ order }),
    );
    expect(check(result, "order(x)")).toMatchObject({ verdict, failingRows, judgedRows: 3, limit: order });
  });

  it("is broken by a value that cannot be read", async () => {
    const contract = rules({ type: { value: "integer", allow: 1 }, order: "increasing" });
    const result = await judgedText("x\n1\nabc\n2\n", contract);
    expect(check(result, "order(x)")).toMatchObject({ verdict: "fail", failingRows: 1 });
  });
});
