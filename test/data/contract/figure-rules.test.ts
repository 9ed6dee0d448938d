import { describe, expect, it } from "vitest";
import { check, column, judged, judgedText, parquet } from "../judgements.ts";

const rules = (more: object) => column({ nulls: "allow", ...more });

/** Of 1, 2, 3, 4, 10 and a missing value; numpy 2.4: mean 4, median 3, std(ddof=1) 3.5355339…, quantile(0.9) 7.6. */
const text = "x,y\n1,1\n2,1\n3,1\n4,1\n10,1\n,1\n";

describe("figures of a column", () => {
  it.each([
    [{ mean: 4 }, "mean(x)", 4, "pass"],
    [{ mean: { min: 4.001 } }, "mean(x)", 4, "fail"],
    [{ median: { min: 3, max: 3 } }, "median(x)", 3, "pass"],
    [{ stdev: { min: 3.5355, max: 3.5356 } }, "stdev(x)", 3.5355339059327378, "pass"],
    [{ stdev: { max: 3.5 } }, "stdev(x)", 3.5355339059327378, "fail"],
    [{ sum: { value: 20, severity: "warn" } }, "sum(x)", 20, "pass"],
    [{ sum: { max: 19, severity: "warn" } }, "sum(x)", 20, "warn"],
    [{ distinct: { max: 5 } }, "distinct(x)", 5, "pass"],
    [{ distinct: 4 }, "distinct(x)", 5, "fail"],
    [{ distinct_ratio: 1 }, "distinct_ratio(x)", 1, "pass"],
    [{ quantiles: { 0.5: 3 } }, "quantile(x, 0.5)", 3, "pass"],
    [{ quantiles: { 0.9: { max: 7.5 } } }, "quantile(x, 0.9)", 7.6, "fail"],
  ])("%j: %s is %d, %s", async (rule, name, observed, verdict) => {
    for (const result of [
      await judgedText(text, rules(rule)),
      await judged(await parquet("SELECT unnest([1, 2, 3, 4, 10, NULL])::BIGINT AS x"), rules(rule)),
    ]) {
      const found = check(result, name);
      expect(found).toMatchObject({ verdict, judgedRows: 5, failingRows: null });
      expect(found.observed).toBeCloseTo(observed, 12);
    }
  });

  it("are of the rows that the condition keeps", async () => {
    const contract = { columns: [{ name: "x", mean: { min: 2, max: 2, when: "y = 'a'" } }] };
    const result = await judgedText("x,y\n1,a\n3,a\n100,b\n", contract);
    expect(check(result, "mean(x)")).toMatchObject({ verdict: "pass", observed: 2, judgedRows: 2 });
  });

  it("are none of no value, of too few, and of infinite ones, and none passes", async () => {
    const none = await judgedText("x,y\n,1\n,1\n", rules({ mean: { min: 0 }, sum: { max: 9 }, distinct: 0 }));
    expect(check(none, "mean(x)")).toMatchObject({
      verdict: "fail",
      observed: null,
      reason: "there is no value",
    });
    expect(check(none, "sum(x)").verdict).toBe("fail");
    expect(check(none, "distinct(x)")).toMatchObject({ verdict: "pass", observed: 0 });
    const one = await judgedText("x\n1\n", rules({ stdev: { min: 0 } }));
    expect(check(one, "stdev(x)")).toMatchObject({ verdict: "fail", observed: null });
    const file = await parquet("SELECT unnest([1.0::DOUBLE, 'inf']) AS x");
    const infinite = await judged(file, rules({ infinite: "allow", stdev: { min: 0 }, mean: { min: 0 } }));
    expect(check(infinite, "stdev(x)")).toMatchObject({ verdict: "fail", observed: null });
    expect(check(infinite, "mean(x)")).toMatchObject({ verdict: "pass", observed: "Infinity" });
  });

  it("leave NaN out", async () => {
    const file = await parquet("SELECT unnest([1.0::DOUBLE, 'nan', 3]) AS x");
    const result = await judged(file, rules({ mean: 2, quantiles: { 0.5: 2 }, distinct: 2 }));
    expect(result.verdict).toBe("pass");
  });

  it("are not found where values cannot be read, unless a type rule judges those", async () => {
    const open = await judgedText("x\n1\nabc\n", rules({ mean: { min: 0 } }));
    expect(check(open, "mean(x)")).toMatchObject({ verdict: "error", observed: null });
    expect(check(open, "mean(x)").reason).toContain("1 value is no double");
    const contract = rules({ type: { value: "double", allow: 0.5 }, mean: 1 });
    expect((await judgedText("x\n1\nabc\n", contract)).verdict).toBe("pass");
  });

  it("do not fit what is no number, and say so", async () => {
    const result = await judged(await parquet("SELECT true AS x"), rules({ mean: 1, distinct: 1 }));
    expect(check(result, "mean(x)").reason).toContain("type boolean");
    expect(check(result, "distinct(x)").verdict).toBe("pass");
  });

  it("compare sums of big integers exactly", async () => {
    const file = await parquet("SELECT unnest([9007199254740993::BIGINT, 1]) AS x");
    const result = await judged(file, rules({ sum: { max: 2 ** 53 } }));
    expect(check(result, "sum(x)")).toMatchObject({ verdict: "fail", observed: "9007199254740994" });
  });

  it("find the quantiles of one condition apart from those of another", async () => {
    const quantiles = { 0.75: 4, 0: 1, 0.5: { value: 2, when: "x < 4" }, 1: { value: 3, when: "x < 4" } };
    const result = await judgedText(text, rules({ quantiles }));
    expect(result.checks.filter((one) => one.kind === "quantiles").map((one) => one.observed)).toEqual([
      ...[1, 2, 4, 3],
    ]);
    expect(result.verdict).toBe("pass");
  });

  it("give every quantile its own name, severity and limit", async () => {
    const quantiles = {
      value: { 0.25: { min: 0, name: "lower" }, 0.75: { max: 1, severity: "info" } },
      severity: "warn",
    };
    const result = await judgedText(text, rules({ quantiles }));
    expect(check(result, "lower")).toMatchObject({ verdict: "pass", severity: "warn" });
    expect(check(result, "quantile(x, 0.75)")).toMatchObject({ verdict: "warn", severity: "info" });
  });
});
