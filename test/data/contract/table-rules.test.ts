import { describe, expect, it } from "vitest";
import { check, judged, judgedText, parquet } from "../judgements.ts";

describe("rows.change", () => {
  const text = "x\n1\n1\n1\n1\n";

  it.each([
    [8, "pass"],
    [9, "fail"],
    [2, "pass"],
    [1, "fail"],
  ])("holds 4 rows against the %i of the run before: %s", async (previousRows, verdict) => {
    const result = await judgedText(text, { rows: { change: [0.5, 2] } }, { previousRows });
    expect(check(result, "rows.change")).toMatchObject({
      ...{ verdict, observed: 4 / previousRows, limit: [0.5, 2], comparison: "between" },
    });
  });

  it("says that it has nothing to compare with", async () => {
    const first = await judgedText(text, { rows: { change: { value: [0.5, 2], severity: "warn" } } });
    expect(check(first, "rows.change")).toMatchObject({ verdict: "skipped" });
    const empty = await judgedText(text, { rows: { change: [0.5, 2] } }, { previousRows: 0 });
    expect(check(empty, "rows.change")).toMatchObject({ verdict: "error" });
  });
});

describe("freshness", () => {
  const now = new Date("2026-11-22T12:00:00Z");
  const fresh = (times: readonly string[], more: object = {}) =>
    judgedText(
      `at,y\n${times.map((time) => `${time},1\n`).join("")}`,
      {
        freshness: { column: "at", max_age: "24h", ...more },
        columns: [{ name: "at", nulls: "allow" }],
      },
      { now },
    );

  it.each([
    [["2026-11-21T12:00:00Z", "2020-01-01T00:00:00Z"], "pass"],
    [["2026-11-21T11:59:59Z"], "fail"],
    [["2026-11-21T13:59:59+02:00"], "fail"],
    [["2026-11-21 12:00:01", ""], "pass"],
    [["", ""], "fail"],
  ])("of %j is %s", async (times, verdict) => {
    expect(check(await fresh(times), "freshness(at)")).toMatchObject({
      ...{ verdict, comparison: ">=", limit: "2026-11-21T12:00:00.000Z" },
    });
  });

  it("says how old the newest row is", async () => {
    const { details, observed } = check(await fresh(["2026-11-22T11:00:00Z"]), "freshness(at)");
    expect(observed).toBe("2026-11-22T11:00:00.000Z");
    expect(details).toEqual({ ageSeconds: 3600, maxAgeSeconds: 86_400 });
  });

  it("takes no row of the future for a fresh one, and fails on it where told so", async () => {
    const times = ["2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"];
    const result = await fresh(times, { max_future: "5m" });
    expect(check(result, "freshness(at)")).toMatchObject({ verdict: "fail" });
    expect(check(result, "freshness.future(at)")).toMatchObject({ verdict: "fail", failingRows: 1 });
    const near = await fresh(["2026-11-22T12:05:00Z"], { max_future: "5m" });
    expect(near.verdict).toBe("pass");
  });

  it("reads stored times, dates among them", async () => {
    const contract = { freshness: { column: "at", max_age: "13h" } };
    for (const value of [
      "TIMESTAMP '2026-11-21 23:00:00'",
      "DATE '2026-11-22'",
      "TIMESTAMPTZ '2026-11-22 01:00:00+02:00'",
    ]) {
      const result = await judged(await parquet(`SELECT ${value} AS at`), contract, { now });
      expect(check(result, "freshness(at)").verdict).toBe("pass");
      const later = new Date(now.getTime() + 13 * 3_600_000);
      const old = await judged(await parquet(`SELECT ${value} AS at`), contract, { now: later });
      expect(check(old, "freshness(at)").verdict).toBe("fail");
    }
  });

  it("cannot be judged without such a column, or on one that holds no time", async () => {
    const missing = await judgedText("x\n1\n", { freshness: { column: "at", max_age: "1h" } }, { now });
    expect(check(missing, "freshness(at)")).toMatchObject({ verdict: "error" });
    const number = await judged(await parquet("SELECT 1 AS at"), {
      freshness: { column: "at", max_age: "1h" },
    });
    expect(check(number, "freshness(at)").reason).toContain("type integer");
    expect(check(await fresh(["2026-11-22T11:00:00Z", "soon"]), "freshness(at)")).toMatchObject({
      verdict: "error",
    });
  });
});

describe("column_order", () => {
  it.each([
    ["b,x,a", "fail"],
    ["a,x,b", "pass"],
    ["x,b", "pass"],
  ])("of %s against a, b, z is %s", async (header, verdict) => {
    const columns = ["a", "b", "z"].map((name) => ({ name, required: false }));
    const cells = header.replace(/\w/g, "1");
    const result = await judgedText(`${header}\n${cells}\n`, { column_order: "fail", columns });
    expect(check(result, "column_order").verdict).toBe(verdict);
  });
});
