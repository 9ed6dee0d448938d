import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { contractFileSchema } from "../../../src/data/contract/contract.ts";

const file = path.resolve(
  import.meta.dirname,
  "..",
  "..",
  "..",
  "schemas",
  "validation-contract.schema.json",
);
const schema: unknown = JSON.parse(readFileSync(file, "utf8"));
const validate = new Ajv2020({ allowUnionTypes: true }).compile(
  typeof schema === "object" && schema !== null ? schema : {},
);

describe("the JSON Schema of contracts", () => {
  it.each([
    [{ columns: [{ name: "a", min: 1, max: { value: 2, allow: "1%" }, quantiles: { 0.5: { min: 1 } } }] }],
    [{ rows: { min: 1, change: [0.5, 2] }, freshness: { column: "t", max_age: "24h" } }],
    [{ checks: [{ assert: "a < b" }, { expect: "expect_column_to_exist", column: "a" }] }],
    [{ columns: [{ name: "a", mni: 1 }] }],
    [{ columns: [{ name: "a", min: { value: 1, alow: 1 } }] }],
    [{ columns: [{ name: "a", nulls: { max_ratio: 5 } }] }],
    [{ checks: [{ assert: "a < b", sql: "select 1" }] }],
    [{ colums: [] }],
    [{ columns: [{ name: "a", drift: { max: 0.1 } }] }],
    [{ columns: [{ name: "a", type: "float" }] }],
  ])("says of %j what the program says", (contract) => {
    expect(validate(contract)).toBe(contractFileSchema.safeParse(contract).success);
  });

  it("explains every key to whoever hovers over it", () => {
    const shape = contractFileSchema.shape;
    const card = shape.columns.unwrap().element.shape;
    const later = ["reference", "label", "split", "segments", "drift", "pii"];
    for (const [key, one] of [...Object.entries(shape), ...Object.entries(card)])
      if (!later.includes(key)) expect(one.description, key).toMatch(/\w{3}/);
  });
});
