import { describe, expect, it } from "vitest";
import { contractFileSchema } from "../../../src/data/contract/contract.ts";
import { judged, parquet } from "../judgements.ts";
import { cardOf, imported, importedFile } from "./imported.ts";

const document = (table: object, more: object = {}) => ({
  kind: "DataContract",
  apiVersion: "v3.1.0",
  id: "t",
  version: "1.0.0",
  status: "active",
  schema: [{ name: "t", ...table }],
  ...more,
});
const property = (more: object) => document({ properties: [{ name: "x", ...more }] });
const quality = (...rules: object[]) => imported(property({ quality: rules }));

describe("an ODCS data contract", () => {
  const found = importedFile("orders.odcs.yaml");

  it("becomes cards with types, bounds and text rules", () => {
    expect(found.format).toBe("odcs");
    expect(cardOf(found, "tenant")).toEqual({
      name: "tenant",
      type: "string",
      nulls: "never",
      pattern: "^[a-z]+$",
      length: { min: 2, max: 8 },
    });
    expect(cardOf(found, "amount")).toMatchObject({
      type: "decimal",
      min: 0,
      less_than: 100000,
      mean: { min: 10, max: 500 },
    });
    expect(cardOf(found, "address.city")).toEqual({ name: "address.city", type: "string", nulls: "never" });
  });

  it("makes cards of the elements of arrays, and of the fields of those", () => {
    const price = {
      name: "price",
      logicalType: "number",
      required: true,
      logicalTypeOptions: { minimum: 0 },
    };
    const item = { logicalType: "object", properties: [price] };
    const grid = { logicalType: "array", items: { logicalType: "integer", required: true } };
    const lists = imported(
      document({
        properties: [
          { name: "items", logicalType: "array", items: item },
          { name: "grid", logicalType: "array", items: grid },
        ],
      }),
    );
    expect(lists.contract["columns"]).toEqual([
      { name: "items", type: "list", nulls: "allow" },
      { name: "items[]", type: "struct", nulls: "allow" },
      { name: "items[].price", type: "double", nulls: "never", min: 0 },
      { name: "grid", type: "list", nulls: "allow" },
      { name: "grid[]", type: "list", nulls: "allow" },
      { name: "grid[][]", type: "integer", nulls: "never" },
    ]);
    expect(lists.notes).toEqual([]);
  });

  it("makes a unique set of a key of several columns, in the order of the key", () => {
    expect(found.contract["unique"]).toEqual([["tenant", "order_id"]]);
  });

  it("reads percent as a share", () => {
    expect(cardOf(found, "amount")["nulls"]).toEqual({ max_ratio: 0.05, severity: "warn" });
    expect(cardOf(found, "country")["values"]).toEqual({
      value: ["DE", "FR", "NO"],
      allow: 0.005,
      description: "the countries we ship to",
    });
  });

  it("makes the latency of a column a rule on freshness", () => {
    expect(found.contract["freshness"]).toEqual({ column: "created", max_age: "4d" });
  });

  it("lists what has no counterpart, with its place", () => {
    expect(found.notes.map((note) => note.path)).toEqual([
      "servers",
      "description",
      "schema[0].properties[2].logicalTypeOptions.multipleOf",
      "schema[0].properties[4].logicalTypeOptions.format",
      "schema[0].properties[7].relationships",
      "schema[0].quality[4]",
      "schema[0].quality[5]",
      "slaProperties[1]",
    ]);
  });
});

describe("a property", () => {
  it("allows missing values unless it is required", () => {
    expect(cardOf(imported(property({})), "x")["nulls"]).toBe("allow");
    expect(cardOf(imported(property({ required: true })), "x")["nulls"]).toBe("never");
    expect(cardOf(imported(property({ primaryKey: true })), "x")).toEqual({
      name: "x",
      nulls: "never",
      unique: true,
    });
  });

  it("has exclusive bounds as a flag in version 3.0 and as a bound in 3.1", () => {
    const card = (logicalTypeOptions: object) => cardOf(imported(property({ logicalTypeOptions })), "x");
    expect(card({ minimum: 1, exclusiveMinimum: true })).toMatchObject({ greater_than: 1 });
    expect(card({ exclusiveMaximum: 9 })).toMatchObject({ less_than: 9 });
  });

  it("has a set of values under enum in version 3.2", () => {
    const enumerated = { enum: [{ value: "a", label: "A" }, { value: "b" }] };
    expect(cardOf(imported(property(enumerated)), "x")["values"]).toEqual(["a", "b"]);
  });

  it("is called by its physical name", () => {
    expect(cardOf(imported(property({ physicalName: "col_x" })), "col_x")["nulls"]).toBe("allow");
  });
});

describe("a rule of quality", () => {
  it("takes both ends of mustBeBetween as inside", () => {
    const rows = imported(document({ quality: [{ metric: "rowCount", mustBeBetween: [100, 120] }] }));
    expect(rows.contract["rows"]).toEqual({ min: 100, max: 120 });
  });

  it("reads the metrics of version 3.0", () => {
    const found = quality(
      { rule: "nullCheck", mustBe: 0 },
      { rule: "duplicateCount", mustBeLessThan: 1, name: "no twins" },
    );
    expect(cardOf(found, "x")).toEqual({
      name: "x",
      nulls: "never",
      unique: { value: true, name: "no twins" },
    });
  });

  it.each([
    [{ metric: "nullValues" }, "has no operator"],
    [{ metric: "rows", mustBe: 1 }, "the metric rows is not known"],
    [{ metric: "invalidValues", mustBe: 0 }, "needs the argument"],
    [{ type: "text", description: "fine" }, "text, no rule"],
    [{ type: "custom", engine: "soda", implementation: "x: 1" }, "engine soda"],
    [{ type: "sql", mustBe: 1 }, "has no query"],
  ])("that cannot be judged is listed: %j", (rule, reason) => {
    const { notes } = quality(rule);
    expect(notes).toEqual([
      { path: "schema[0].properties[0].quality[0]", reason: expect.stringContaining(reason) },
    ]);
  });
});

describe("a contract for one of several tables", () => {
  const two = {
    ...document({}),
    schema: [
      { name: "a", properties: [{ name: "x" }] },
      { name: "b", properties: [{ name: "y" }] },
    ],
  };

  it("is refused where none is named", () => {
    expect(() => imported(two)).toThrow('describes 2 tables, "a", "b"');
  });

  it("has the rules of the one that is named", () => {
    expect(cardOf(imported(two, "b"), "y")["nulls"]).toBe("allow");
  });
});

describe("rules that become queries", () => {
  const rules = [
    { metric: "nullValues", mustBeLessThan: 2, name: "few nulls" },
    { metric: "missingValues", arguments: { missingValues: ["N/A"] }, mustBeLessThan: 1, name: "no N/A" },
    {
      metric: "invalidValues",
      arguments: { validValues: ["a", "b"], pattern: "^[a-z]$" },
      mustBe: 0,
      name: "valid",
    },
    { metric: "duplicateValues", mustBeLessOrEqualTo: 25, unit: "percent", name: "few twins" },
    {
      type: "sql",
      query: "SELECT max(length({property})) FROM {object}",
      mustBeBetween: [1, 1],
      name: "short",
    },
  ];

  it.each([
    ["'a', 'b', 'a', NULL", []],
    ["'a', NULL, 'b', NULL", ["few nulls"]],
    ["'a', 'N/A', 'b', 'b'", ["no N/A", "valid", "short"]],
    ["'a', 'a', 'a', 'b'", ["few twins"]],
  ])("judge the values %s", async (values, expected) => {
    const { contract } = quality(...rules);
    const file = await parquet(`SELECT unnest([${values}]) AS x`);
    const { version: _, ...written } = contractFileSchema.parse(contract);
    const { checks } = await judged(file, written);
    expect(checks.filter(({ verdict }) => verdict !== "pass").map(({ name }) => name)).toEqual(expected);
  });
});
