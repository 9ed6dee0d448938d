import { copyFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { contractSchema } from "../../src/data/contract.ts";
import { openDuckDb } from "../../src/data/duckdb.ts";
import { mask, type TableJudgement, validateTable } from "../../src/data/validate-table.ts";
import type { ValidationCheck } from "../../src/results/validation-report.ts";
import { temporaryFolder } from "../support/folder.ts";

const fixtures = path.resolve(import.meta.dirname, "..", "..", "fixtures", "data");

async function judged(file: string, contract: unknown = {}, more: object = {}): Promise<TableJudgement> {
  return await validateTable({
    paths: [path.basename(file)],
    cwd: path.dirname(file),
    contract: contractSchema.parse(contract),
    maxNullRatio: 0.05,
    minRows: undefined,
    maxRows: undefined,
    delimiter: undefined,
    signal: new AbortController().signal,
    ...more,
  });
}

async function judgedText(text: string, contract: unknown = {}, more: object = {}): Promise<TableJudgement> {
  const file = path.join(temporaryFolder(), "x.csv");
  writeFileSync(file, text);
  return await judged(file, contract, more);
}

/** A Parquet file of one SELECT, written by DuckDB. */
async function parquet(select: string): Promise<string> {
  const file = path.join(temporaryFolder(), "x.parquet");
  const db = await openDuckDb();
  await db.query(`COPY (${select}) TO '${file}' (FORMAT parquet)`);
  await db.close();
  return file;
}

function check(judgement: TableJudgement, name: string): ValidationCheck {
  const found = judgement.checks.find((one) => one.name === name);
  if (found === undefined)
    throw new Error(`no check ${name} among ${judgement.checks.map((one) => one.name).join()}`);
  return found;
}

const column = (rules: object) => ({ columns: [{ name: "x", ...rules }] });

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
    expect(result.dataset.columns).toEqual([{ name: "x", type: "string" }]);
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

describe("schema and rows", () => {
  it("names a missing column and skips its other rules with the reason", async () => {
    const result = await judgedText("a\n1\n", column({ type: "integer", min: 3 }));
    expect(check(result, "required(x)")).toMatchObject({ verdict: "fail", observed: "missing" });
    expect(check(result, "min(x)")).toMatchObject({
      verdict: "skipped",
      reason: "the data has no such column",
    });
    const optional = await judgedText("a\n1\n", column({ required: false, min: 3 }));
    expect(optional.verdict).toBe("pass");
  });

  it.each([
    ["allow", undefined],
    ["warn", "warn"],
    ["fail", "fail"],
  ])("treats further columns as told: %s", async (mode, verdict) => {
    const result = await judgedText("x,y\n1,2\n", { extra_columns: mode, columns: [{ name: "x" }] });
    expect(result.checks.find((one) => one.name === "extra_columns")?.verdict).toBe(verdict);
  });

  it("fails on an empty table unless that is allowed, and then breaks no rule on rows", async () => {
    const empty = await judgedText("x\n".trimEnd(), column({ min: 3, unique: true }));
    expect(empty.verdict).toBe("fail");
    expect(check(empty, "rows.min")).toMatchObject({ observed: 0, limit: 1 });
    const allowed = await judgedText("x,y\n", { ...column({ min: 3, unique: true }), rows: { min: 0 } });
    expect(allowed.verdict).toBe("pass");
    expect(check(allowed, "nulls(x)").observed).toBeNull();
    expect((await judgedText("x,y\n", {}, { minRows: 0 })).verdict).toBe("pass");
  });

  it("lets a flag decide over the contract's number of rows", async () => {
    const contract = { rows: { min: 1, max: { value: 5, severity: "warn" } } };
    expect((await judgedText("x\n1\n2\n", contract, { maxRows: 1 })).verdict).toBe("fail");
    expect((await judgedText(`x\n${"1\n".repeat(6)}`, contract)).verdict).toBe("pass");
  });

  it("judges a stored type as it is stored, and still the values of text", async () => {
    const file = await parquet("SELECT unnest(['1', '-2']) AS x");
    const result = await judged(file, column({ type: "double", min: 0 }));
    expect(check(result, "type(x)")).toMatchObject({
      verdict: "fail",
      observed: "string (VARCHAR)",
      limit: "double",
    });
    expect(check(result, "min(x)")).toMatchObject({ verdict: "fail", failingRows: 1 });
  });

  it("cannot judge a bound that does not fit the stored type, and says so", async () => {
    const result = await judged(await parquet("SELECT DATE '2024-01-01' AS x"), column({ min: 3 }));
    expect(result.verdict).toBe("error");
    expect(check(result, "min(x)").reason).toContain("type date (stored as DATE)");
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

describe("files", () => {
  it("reads every type that pyarrow writes (zstd, data page v2)", async () => {
    const result = await judged(path.join(fixtures, "pyarrow-types.parquet"), {
      columns: [
        { name: "id", type: "integer", unique: true },
        { name: "ratio", nulls: { max_ratio: 0.5 } },
        { name: "price", type: "decimal", min: 2.2, nulls: { max_ratio: 0.5 } },
        { name: "group", values: ["a", "b"], nulls: { max_ratio: 0.5 } },
        { name: "Id", type: "integer", max: 1 },
      ],
    });
    expect(result.dataset.columns).toEqual([
      { name: "id", type: "integer" },
      { name: "ratio", type: "double" },
      { name: "price", type: "decimal" },
      { name: "day", type: "date" },
      { name: "at", type: "timestamp" },
      { name: "group", type: "string" },
      { name: "ok", type: "boolean" },
      { name: "tags", type: "VARCHAR[]" },
      { name: "Id", type: "integer" },
    ]);
    expect(check(result, "unique(id)").observed).toBe(0);
    expect(check(result, "nulls(ratio)").observed).toBe(0.5);
    expect(check(result, "infinite(ratio)").observed).toBe(1);
    expect(check(result, "min(price)")).toMatchObject({ failingRows: 1, observed: "2.19" });
    expect(check(result, "values(group)").failingRows).toBe(0);
    expect(check(result, "max(Id)")).toMatchObject({ failingRows: 2, observed: 2 });
    expect(check(result, "nulls(tags)").observed).toBe(0.25);
  });

  it("gives one verdict for one table, whatever the format", async () => {
    const file = path.join(temporaryFolder(), "patients.csv");
    copyFileSync(path.join(fixtures, "patients.csv"), file);
    const contract = {
      columns: [
        { name: "id", type: "integer", min: 2, unique: true },
        { name: "sex", values: ["male"] },
      ],
    };
    const fromCsv = await judged(file, contract);
    const stored = await parquet(`SELECT * REPLACE (age::VARCHAR AS age) FROM read_csv('${file}')`);
    const fromParquet = await judged(stored, contract);
    const facts = (result: TableJudgement) =>
      result.checks.filter((one) => ["id", "sex"].includes(one.column ?? "")).map((one) => ({ ...one }));
    expect(facts(fromParquet)).toEqual(facts(fromCsv));
  });

  it("judges 1,000 columns", async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `f${index}`);
    const row = names.map((_, index) => index / 7).join(",");
    const last = names.map((_, index) => (index === 999 ? "" : -index)).join(",");
    const cards = names.map((name, index) => ({
      name,
      type: "double",
      min: -998 + (index === 500 ? 600 : 0),
    }));
    const result = await judgedText(`${names.join(",")}\n${row}\n${last}\n`, { columns: cards });
    expect(result.dataset.columns).toHaveLength(1000);
    expect(result.checks.filter((one) => one.verdict === "fail").map((one) => one.name)).toEqual([
      "min(f500)",
      "nulls(f999)",
    ]);
  });

  it("says which bytes it saw", async () => {
    const { createHash } = await import("node:crypto");
    const result = await judgedText("x\n1\n");
    expect(result.dataset).toMatchObject({
      rows: 1,
      sha256: createHash("sha256").update("x\n1\n").digest("hex"),
      sizeBytes: 4,
      format: "csv",
      csv: { delimiter: ",", compression: "none", encoding: "utf-8" },
    });
  });

  it("stops when it is interrupted", async () => {
    const reason = new Error("stop");
    const signal = AbortSignal.abort(reason);
    await expect(judgedText("x\n1\n", {}, { signal })).rejects.toBe(reason);
  });
});

it("masks values: first letter and length", () => {
  expect(mask("Smith")).toBe("S***(5)");
  expect(mask("")).toBe("***(0)");
});
