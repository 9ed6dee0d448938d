import { describe, expect, it } from "vitest";
import { check, column, judged, judgedText, parquet } from "./judgements.ts";

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
