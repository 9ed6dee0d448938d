import { describe, expect, it } from "vitest";
import { cardOf, imported } from "./imported.ts";

const schema = {
  fields: [
    { name: "id", type: "integer", constraints: { minimum: "1", exclusiveMaximum: 1000 } },
    {
      name: "day",
      type: "date",
      title: "day of the visit",
      format: "%d.%m.%Y",
      constraints: { required: true },
    },
    {
      name: "kind",
      type: "string",
      constraints: { enum: ["a", "b"], pattern: "[ab]|c", minLength: 1, unique: true },
    },
    { name: "place", type: "geopoint", constraints: { jsonSchema: {} } },
    { name: "level", type: "integer", constraints: { enum: ["1", "2"], maxLength: 2 } },
  ],
  primaryKey: ["id", "day"],
  uniqueKeys: [["day", "kind"], ["level"]],
  missingValues: ["", "n/a"],
  foreignKeys: [{ fields: "kind", reference: { resource: "kinds", fields: "id" } }],
};

describe("a Frictionless Table Schema", () => {
  const found = imported(schema);

  it("becomes cards with types, constraints and titles", () => {
    expect(found.format).toBe("frictionless");
    expect(cardOf(found, "id")).toEqual({
      name: "id",
      type: "integer",
      min: 1,
      less_than: 1000,
      nulls: "never",
    });
    expect(cardOf(found, "day")).toEqual({
      name: "day",
      type: "date",
      nulls: "never",
      description: "day of the visit",
    });
    expect(cardOf(found, "level")).toMatchObject({ values: [1, 2], unique: true, nulls: "allow" });
  });

  it("takes a pattern for one of the whole value", () => {
    expect(cardOf(found, "kind")).toMatchObject({
      pattern: "^(?:[ab]|c)$",
      values: ["a", "b"],
      length: { min: 1 },
    });
  });

  it("becomes unique sets, and just these columns in this order", () => {
    expect(found.contract).toMatchObject({
      unique: [
        ["id", "day"],
        ["day", "kind"],
      ],
      extra_columns: "fail",
      column_order: "fail",
    });
  });

  it("lists what has no counterpart, with its place", () => {
    expect(found.notes.map(({ path }) => path)).toEqual([
      "fields[1].format",
      "fields[3].type",
      "fields[3].constraints.jsonSchema",
      "foreignKeys",
      "missingValues",
      "columns[4].length",
    ]);
  });

  it("lets fields be missing where it says so", () => {
    const partial = imported({ ...schema, fieldsMatch: "partial" });
    expect(cardOf(partial, "kind")["required"]).toBe(false);
    expect(partial.contract).not.toHaveProperty("extra_columns");
  });

  it("is found in a data package by the name of its resource", () => {
    const resources = [
      { name: "a", schema },
      { name: "b", schema: { fields: [{ name: "x" }] } },
    ];
    expect(cardOf(imported({ resources }, "b"), "x")).toEqual({ name: "x", nulls: "allow" });
    expect(() => imported({ resources })).toThrow('The data package describes 2 tables, "a", "b".');
  });
});
