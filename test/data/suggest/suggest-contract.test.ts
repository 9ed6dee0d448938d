import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { ColumnProfile } from "../../../src/data/suggest/profile.ts";
import { suggestContract } from "../../../src/data/suggest/suggest-contract.ts";
import { suggestionText } from "../../../src/data/suggest/suggestion-text.ts";

const plain: ColumnProfile = {
  name: "x",
  type: "integer",
  storedAs: "BIGINT",
  missing: 0,
  infinite: 0,
  distinct: 500,
  range: undefined,
  lengths: undefined,
  frequencies: undefined,
  form: undefined,
};
const text = { type: "string", storedAs: "VARCHAR", lengths: { min: 3, max: 20 } } as const;

/** The card for a column of 1,000 rows. */
function card(column: Partial<ColumnProfile>, rows = 1000): Readonly<Record<string, unknown>> {
  const { columns } = suggestContract({ rows, columns: [{ ...plain, ...column }] }).contract;
  const [only]: unknown[] = Array.isArray(columns) ? columns : [];
  return { ...(typeof only === "object" ? only : {}) };
}

const among = (...counts: number[]) => counts.map((count, index) => ({ value: `v${index}`, count }));

describe("missing values", () => {
  it("are never allowed where there are none", () => {
    expect(card({})["nulls"]).toBe("never");
  });

  it("are allowed up to the upper end of Wilson's interval", () => {
    // scipy 1.17.1, binomtest(41, 996).proportion_ci(0.95, "wilson"): 0.030487 to 0.055368.
    expect(card({ missing: 41 }, 996)["nulls"]).toEqual({ max_ratio: 0.056 });
  });

  it("are allowed altogether in a column without a value, of which nothing else is said", () => {
    expect(card({ missing: 1000, distinct: 0 })).toEqual({ name: "x", nulls: "allow" });
  });
});

describe("a range", () => {
  it("begins at zero where no value is below, and ends beyond the largest with a warning only", () => {
    expect(card({ range: { min: 25, max: 74 } })).toMatchObject({
      min: 0,
      max: { value: 90, severity: "warn" },
    });
  });

  it("surrounds values that are far from zero", () => {
    expect(card({ range: { min: 1971, max: 1992 } })).toMatchObject({
      min: { value: 1960, severity: "warn" },
      max: { value: 2000, severity: "warn" },
    });
  });

  it("goes below negative values", () => {
    expect(card({ type: "double", range: { min: -3.5, max: 8 } })).toMatchObject({
      min: { value: -10, severity: "warn" },
      max: { value: 15, severity: "warn" },
    });
  });

  it("is not drawn for identifiers, infinities, or from a handful of rows", () => {
    const range = { min: 1, max: 9 };
    expect(card({ name: "customer_id", range })).not.toHaveProperty("max");
    expect(card({ type: "double", infinite: 1, range })).toMatchObject({ infinite: "allow" });
    expect(card({ type: "double", infinite: 1, range })).not.toHaveProperty("min");
    expect(card({ range }, 19)).toEqual({ name: "x", type: "integer", nulls: "never" });
  });
});

describe("a set of values", () => {
  it("is drawn where few values share many rows", () => {
    expect(card({ ...text, distinct: 2, frequencies: among(600, 400) })["values"]).toEqual(["v0", "v1"]);
  });

  it("leaves out a value that occurs once, and lets such rows off", () => {
    const found = card({ ...text, distinct: 11, frequencies: among(...Array(10).fill(99), 1) })["values"];
    expect(found).toMatchObject({ value: expect.not.arrayContaining(["v10"]), allow: 0.0057 });
  });

  it.each([
    ["more than a tenth of the values occur once", { distinct: 3, frequencies: among(500, 499, 1) }],
    ["there are many", { distinct: 31, frequencies: among(...Array(31).fill(32)) }],
    ["the column describes a person", { name: "last_name", distinct: 2, frequencies: among(600, 400) }],
    ["a value is long", { distinct: 1, frequencies: [{ value: "x".repeat(61), count: 1000 }] }],
  ])("is not drawn where %s", (_, column) => {
    expect(card({ ...text, ...column })).not.toHaveProperty("values");
  });
});

describe("unique", () => {
  it.each(["id", "order_id", "customerId", "seqn", "uuid", "order.no"])("is said of %s", (name) => {
    expect(card({ name, distinct: 1000 })["unique"]).toBe(true);
  });

  it("is said of UUIDs, whatever their name", () => {
    expect(card({ ...text, distinct: 1000, form: "uuid" })).toMatchObject({
      unique: true,
      pattern: expect.any(String),
    });
  });

  it.each([
    ["another name", { name: "paid", distinct: 1000 }],
    ["a repeated value", { name: "id", distinct: 999 }],
    ["a missing value", { name: "id", distinct: 999, missing: 1 }],
    ["fractions", { name: "id", type: "double", distinct: 1000 } as const],
  ])("is not said of a column with %s", (_, column) => {
    expect(card(column)).not.toHaveProperty("unique");
  });
});

describe("text", () => {
  it("has the form and the length that every value has", () => {
    expect(card({ ...text, form: "digits", lengths: { min: 5, max: 5 } })).toMatchObject({
      pattern: "^\\d+$",
      length: 5,
    });
  });

  it("has room for longer values", () => {
    expect(card(text)["length"]).toEqual({ min: 1, max: 30 });
    expect(card({ ...text, lengths: { min: 0, max: 1 } })["length"]).toEqual({ max: 2 });
  });
});

describe("a first contract as text", () => {
  it("is the contract, with the reason of each rule beside it", () => {
    const day: ColumnProfile = {
      ...plain,
      name: "created at",
      type: "date",
      range: { min: "2021-03-04", max: "2026-01-31" },
    };
    const made = suggestContract({ rows: 1234, columns: [day] });
    const yaml = suggestionText(made, "orders.parquet");
    expect(parse(yaml)).toEqual(made.contract);
    expect(yaml).toContain("min: 610 # half of the 1234 rows of today\n");
    expect(yaml).toContain('freshness: {column: "created at", max_age: 7d}\n');
    expect(yaml).toContain("min: 2020-01-01 # observed: 2021-03-04 to 2026-01-31\n");
  });

  it("of an empty table allows an empty table", () => {
    expect(suggestContract({ rows: 0, columns: [{ ...plain, distinct: 0 }] }).contract).toMatchObject({
      rows: { min: 0 },
    });
  });
});
