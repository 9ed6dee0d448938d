import { describe, expect, it } from "vitest";
import { cardOf, imported } from "./imported.ts";

const contract = `
dataset: lake/db/schema/orders
columns:
  - name: id
    data_type: character varying(20)
    checks:
      - missing:
      - duplicate:
          name: one of each
  - name: amount
    data_type: double
    checks:
      - missing: {threshold: {metric: percent, must_be_less_than_or_equal: 5, level: warn}}
      - invalid: {valid_min: 0, valid_max: 100}
      - aggregate: {function: avg, threshold: {must_be_between: {greater_than_or_equal: 1, less_than_or_equal: 9}}}
  - name: size
    data_type: geometry
    optional: true
    checks:
      - invalid: {valid_values: [S, M, L], threshold: {metric: percent, must_be_less_than_or_equal: 1}}
      - invalid: {valid_format: {name: letters, regex: "^[A-Z]$"}, filter: id IS NOT NULL}
      - invalid: {valid_length: 1}
checks:
  - schema: {allow_extra_columns: true}
  - row_count: {threshold: {must_be_greater_than: 99}}
  - duplicate: {columns: [id, size]}
  - freshness: {column: created, threshold: {unit: day, must_be_less_than: 3}}
  - failed_rows: {name: positive, expression: amount < 0}
  - failed_rows: {query: SELECT * FROM orders WHERE amount > 9}
  - metric: {expression: max(amount), threshold: {must_be: 1}}
`;

describe("a Soda contract of version 4", () => {
  const found = imported(contract);

  it("becomes cards with types, missing, invalid and aggregate checks", () => {
    expect(found.format).toBe("soda");
    expect(cardOf(found, "id")).toEqual({
      name: "id",
      type: "string",
      nulls: "never",
      unique: { value: true, name: "one of each" },
    });
    expect(cardOf(found, "amount")).toEqual({
      name: "amount",
      type: "double",
      nulls: { max_ratio: 0.05, severity: "warn" },
      min: 0,
      max: 100,
      mean: { min: 1, max: 9 },
    });
    expect(cardOf(found, "size")).toEqual({
      name: "size",
      required: false,
      values: { value: ["S", "M", "L"], allow: 0.01 },
      length: { min: 1, max: 1 },
      nulls: "allow",
    });
  });

  it("becomes rules on the table", () => {
    expect(found.contract).toMatchObject({
      rows: { min: 100 },
      unique: [["id", "size"]],
      freshness: { column: "created", max_age: "3d" },
      column_order: "fail",
      checks: [{ assert: "NOT (amount < 0)", name: "positive" }],
    });
  });

  it("lists what has no counterpart, with its place", () => {
    expect(found.notes.map(({ path }) => path)).toEqual([
      "columns[2].data_type",
      "columns[2].checks[1]",
      "checks[5]",
      "checks[6]",
    ]);
  });
});

describe("SodaCL", () => {
  it("is known, and refused with what can be read instead", () => {
    expect(() => imported({ "checks for orders": ["row_count > 0"] })).toThrow("cannot be imported yet");
  });
});
