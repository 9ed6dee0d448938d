import { describe, expect, it } from "vitest";
import { mask } from "../../src/data/mask.ts";
import { check, column, judged, judgedText, parquet } from "./judgements.ts";

describe("missing values", () => {
  it.each([
    [5, "pass"],
    [6, "fail"],
  ])("compares the exact share: %i of 100 missing at 5% is %s", async (missing, verdict) => {
    const rows = Array.from({ length: 100 }, (_, index) => (index < missing ? "1,\n" : "1,2\n"));
    const result = await judgedText(`a,x\n${rows.join("")}`);
    expect(check(result, "nulls(x)")).toMatchObject({
      verdict,
      observed: missing / 100,
      limit: 0.05,
      comparison: "<=",
      failingRows: missing,
    });
  });

  it("counts NaN as missing where the column is one of numbers, and as a word where it is text", async () => {
    const numbers = await judgedText("x\n1\nNaN\n2.5\nnan\n");
    expect(check(numbers, "nulls(x)")).toMatchObject({ observed: 0.5, verdict: "fail" });
    const words = await judgedText("x\nNaN\nname\n");
    expect(check(words, "nulls(x)")).toMatchObject({ observed: 0, verdict: "pass" });
  });

  it("drops a type seen in the first rows when a later row is of another", async () => {
    const text = `x\n${"1.5\n".repeat(15_000)}NaN\nn/a\n`;
    const result = await judgedText(text);
    expect(result.dataset.columns).toEqual([{ name: "x", type: "string", profile: null }]);
    expect(check(result, "nulls(x)").observed).toBe(0);
  });

  it("takes a quoted empty value for missing, as pandas does", async () => {
    expect(check(await judgedText('a,x\n1,""\n1,2\n'), "nulls(x)").observed).toBe(0.5);
  });

  it("allows none where the card says never", async () => {
    const result = await judgedText(`a,x\n${"1,2\n".repeat(999)}1,\n`, column({ nulls: "never" }));
    expect(check(result, "nulls(x)")).toMatchObject({ verdict: "fail", limit: 0, failingRows: 1 });
  });
});

describe("numbers", () => {
  it("compares integers as integers: 2^53 + 1 is more than 2^53", async () => {
    const contract = column({ type: "integer", max: 2 ** 53 });
    for (const result of [
      await judgedText("x\n9007199254740993\n", contract),
      await judged(await parquet("SELECT 9007199254740993 AS x"), contract),
    ]) {
      expect(check(result, "max(x)")).toMatchObject({ verdict: "fail", observed: "9007199254740993" });
    }
  });

  it("does not round 1.5 to an integer, nor the bound of an integer column", async () => {
    expect(check(await judgedText("x\n1\n1.5\n", column({ type: "integer" })), "type(x)")).toMatchObject({
      verdict: "fail",
      failingRows: 1,
      observed: "string",
    });
    expect(
      check(await judgedText("x\n1\n2\n", column({ type: "integer", min: 1.5 })), "min(x)").failingRows,
    ).toBe(1);
  });

  it("compares decimals as decimals", async () => {
    const file = await parquet("SELECT unnest([2.20, 2.19])::DECIMAL(38,2) AS x");
    expect(check(await judged(file, column({ min: 2.2 })), "min(x)")).toMatchObject({ failingRows: 1 });
    const wide = await parquet("SELECT 99999999999999999999999999999999999999::DECIMAL(38,0) AS x");
    expect(check(await judged(wide, column({ min: 0.5, max: 1e30 })), "max(x)").verdict).toBe("fail");
  });

  it("ignores NaN in ranges and reports the true extremes", async () => {
    const file = await parquet("SELECT unnest([1.0, 'nan'::DOUBLE, 7.0, NULL]) AS x");
    const result = await judged(file, column({ min: 1, max: 6, nulls: { max_ratio: 0.5 } }));
    expect(check(result, "min(x)")).toMatchObject({ verdict: "pass", observed: 1 });
    expect(check(result, "max(x)")).toMatchObject({ verdict: "fail", observed: 7, failingRows: 1 });
    expect(check(result, "nulls(x)").observed).toBe(0.5);
  });

  it("fails on infinite values unless they are allowed, and writes them as words", async () => {
    const file = await parquet("SELECT unnest([1.0::DOUBLE, 'inf', '-inf']) AS x");
    const result = await judged(file, column({ max: 5 }));
    expect(check(result, "infinite(x)")).toMatchObject({ verdict: "fail", observed: 2, limit: 0 });
    expect(check(result, "max(x)")).toMatchObject({ verdict: "fail", observed: "Infinity", failingRows: 1 });
    const allowed = await judged(file, column({ infinite: "allow" }));
    expect(allowed.verdict).toBe("pass");
  });

  it("lets nothing pass that cannot be compared", async () => {
    const result = await judgedText("x\n1\nabc\n", column({ min: 0 }));
    expect(check(result, "min(x)")).toMatchObject({ verdict: "fail", failingRows: 1, examples: ["a***(3)"] });
  });

  it("reads a number beyond the doubles as infinite", async () => {
    expect(check(await judgedText("x\n1e400\n1.5\n"), "infinite(x)")).toMatchObject({ observed: 1 });
  });
});

describe("times", () => {
  it("keeps the zone of a timestamp: 00:30+02:00 is the day before in UTC", async () => {
    const contract = column({ type: "timestamp", min: "2026-01-01T00:00:00Z" });
    expect(check(await judgedText("x\n2026-01-01T00:30:00+02:00\n", contract), "min(x)").failingRows).toBe(1);
    expect(check(await judgedText("x\n2026-01-01T02:30:00+02:00\n", contract), "min(x)").failingRows).toBe(0);
  });

  it("knows which days exist", async () => {
    const result = await judgedText("x\n2024-02-29\n2023-02-29\n", column({ type: "date" }));
    expect(check(result, "type(x)")).toMatchObject({ failingRows: 1 });
  });

  it("does not take a timestamp for a date", async () => {
    const result = await judgedText("x\n2024-02-29 10:00:00\n", column({ type: "date" }));
    expect(check(result, "type(x)").verdict).toBe("fail");
  });
});

describe("allowed values and uniqueness", () => {
  it("compares numbers as numbers and text as text", async () => {
    const numbers = await judgedText("x\n1\n1.0\n2\n", column({ values: [1] }));
    expect(check(numbers, "values(x)")).toMatchObject({ failingRows: 1, comparison: "in", limit: [1] });
    const words = await judgedText("x\nit's\n1.0\n", column({ values: ["it's", "1"] }));
    expect(check(words, "values(x)").failingRows).toBe(1);
    const flags = await judgedText("x\ntrue\nFALSE\nno\n", column({ values: [true, false] }));
    expect(check(flags, "values(x)").failingRows).toBe(1);
  });

  it("counts every row of a duplicate group, and no missing value as a duplicate", async () => {
    const result = await judgedText(
      "x,y\n1,a\n1,b\n1,c\n2,d\n,e\n,f\n",
      column({ unique: true, nulls: { max_ratio: 1 } }),
    );
    expect(check(result, "unique(x)")).toMatchObject({ verdict: "fail", observed: 3, failingRows: 3 });
  });

  it("judges a set of columns together", async () => {
    const contract = { unique: [["x", "y"], { columns: ["y"], severity: "warn", name: "y alone" }] };
    const result = await judgedText("x,y\n1,a\n2,a\n1,b\n", contract);
    expect(check(result, "unique(x, y)").verdict).toBe("pass");
    expect(check(result, "y alone")).toMatchObject({ verdict: "warn", observed: 2 });
    expect(result.verdict).toBe("pass");
  });

  it("takes 007 and 7 for two texts unless the contract calls them integers", async () => {
    expect(check(await judgedText("x\n007\n7\n", { unique: [["x"]] }), "unique(x)").observed).toBe(0);
    expect(
      check(await judgedText("x\n007\n7\n", column({ type: "integer", unique: true })), "unique(x)").observed,
    ).toBe(2);
  });
});

describe("tolerance and severity", () => {
  it.each([
    [{ value: 0, allow: "50%" }, "pass"],
    [{ value: 0, allow: 0.49 }, "fail"],
    [{ value: 0, severity: "warn" }, "warn"],
    [{ value: 0, severity: "info" }, "warn"],
    [{ value: 0, severity: "fail" }, "fail"],
  ])("judges one of two failing rows under %j as %s", async (min, verdict) => {
    const result = await judgedText("x,y\n-1,1\n1,1\n,1\n", column({ min, nulls: { max_ratio: 1 } }));
    expect(check(result, "min(x)").verdict).toBe(verdict);
    expect(result.verdict).toBe(verdict === "fail" ? "fail" : "pass");
  });
});

it("masks values: first letter and length", () => {
  expect(mask("Smith")).toBe("S***(5)");
  expect(mask("")).toBe("***(0)");
});

describe("decimals in a CSV", () => {
  it("are told apart to the last digit", async () => {
    const text = "x\n1234567890123456789012345678901234.5678\n1234567890123456789012345678901234.5679\n";
    expect(
      check(await judgedText(text, column({ type: "decimal", unique: true })), "unique(x)").verdict,
    ).toBe("pass");
    const over = await judgedText(
      "x\n9007199254740993.0000\n",
      column({ type: "decimal", max: 9_007_199_254_740_992 }),
    );
    expect(check(over, "max(x)").verdict).toBe("fail");
  });

  it("count as such with any sign and form, and nothing else does", async () => {
    const judged = await judgedText("x\n+1.50\n-.5\n2.\n1e3\n", column({ type: "decimal" }));
    expect(check(judged, "type(x)").failingRows).toBe(1);
  });
});
