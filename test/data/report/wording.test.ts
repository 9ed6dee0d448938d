import { describe, expect, it } from "vitest";
import { failingText, limitText, observedText, worstFirst } from "../../../src/data/report/wording.ts";
import { check, failing } from "./report-case.ts";

describe("limits", () => {
  it.each([
    [{ comparison: "between", limit: [0, 10] }, "0 .. 10"],
    [{ comparison: "between", limit: [0, null] }, ">= 0"],
    [{ comparison: "between", limit: [null, 10] }, "<= 10"],
    [{ comparison: "between", limit: ["2026-01-01", "2026-02-01"] }, "2026-01-01 .. 2026-02-01"],
    [{ comparison: ">", limit: 0.1 }, "> 0.1"],
    [{ comparison: "<=", limit: 5, allow: 0.001 }, "<= 5, 0.1% may fail"],
    [{ comparison: "in", limit: ["a", "b"] }, "one of a, b"],
    [{ comparison: "in", limit: ["a", "b", "c", "d", "e", "f"] }, "one of a, b, c, d, e, … (6)"],
    [{ comparison: "not in", limit: ["a"] }, "none of a"],
    [{ comparison: "matches", limit: "^a+$" }, "matches ^a+$"],
    [{ comparison: "=", limit: "integer" }, "integer"],
    [{ comparison: "=", limit: [] }, "none"],
    [{ comparison: null, limit: null }, "-"],
    [{ kind: "nulls", comparison: "<=", limit: 0.05 }, "<= 5%"],
  ] as const)("%j is %s", (parts, text) => {
    const limit = typeof parts.limit === "object" && parts.limit !== null ? [...parts.limit] : parts.limit;
    expect(limitText(check({ ...parts, limit }))).toBe(text);
  });
});

describe("figures", () => {
  it("rounds what was observed, but not to a bound that it is beyond", () => {
    expect(observedText(check({ observed: 12.345678912345, limit: 10 }))).toBe("12.345679");
    expect(observedText(check({ observed: 10.0000000001, limit: 10, comparison: "<=" }))).toBe(
      "10.0000000001",
    );
    expect(observedText(check({ observed: 9.9999999999, limit: [10, 20], comparison: "between" }))).toBe(
      "9.9999999999",
    );
    expect(observedText(check({ observed: "9007199254740993" }))).toBe("9007199254740993");
    expect(observedText(check({ observed: null }))).toBe("-");
  });

  it("shows instants in whole seconds, and fractions where the limit is in the same second", () => {
    const limit = "2026-11-21T06:20:00.451Z";
    expect(observedText(check({ observed: "2026-11-20T01:02:03.000Z", limit }))).toBe("2026-11-20T01:02:03Z");
    expect(limitText(check({ limit }))).toBe(">= 2026-11-21T06:20:00Z");
    expect(observedText(check({ observed: "2026-11-21T06:20:00.450Z", limit }))).toBe(
      "2026-11-21T06:20:00.450Z",
    );
  });

  it("says how many of the judged rows fail", () => {
    expect(failingText(failing())).toBe("12 of 1,000 rows (1.2%)");
    const elements = { elementsOf: "items[]", failingRows: 1, observed: 1 };
    expect(failingText(failing(elements))).toBe("1 of 1,000 elements (0.1%)");
    expect(observedText(failing({ ...elements, kind: "values" }))).toBe("1 element");
    expect(failingText(failing({ judgedRows: null }))).toBe("12 rows");
    expect(failingText(failing({ failingRows: 1001, judgedRows: 10_000, allow: 0.1 }))).toBe(
      "1,001 of 10,000 rows (10.01%)",
    );
    expect(failingText(check())).toBe("");
  });

  it("sorts the worst first: verdict, severity, then the share of rows", () => {
    const names = worstFirst([
      check({ name: "passed" }),
      failing({ name: "note", verdict: "warn", severity: "info" }),
      failing({ name: "some rows" }),
      failing({ name: "warned", verdict: "warn", severity: "warn" }),
      failing({ name: "most rows", failingRows: 900 }),
      failing({ name: "no column", failingRows: null, judgedRows: null }),
      check({ name: "not judged", verdict: "error" }),
      check({ name: "left out", verdict: "skipped" }),
    ]).map((one) => one.name);
    expect(names).toEqual([
      "not judged",
      "no column",
      "most rows",
      "some rows",
      "warned",
      "note",
      "left out",
      "passed",
    ]);
  });
});
