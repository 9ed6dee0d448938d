import { describe, expect, it } from "vitest";
import { cardOf, imported, importedFile } from "./imported.ts";

const schema = (column: object, more: object = {}) => ({
  schema_type: "dataframe",
  columns: { x: column },
  ...more,
});
const card = (column: object) => cardOf(imported(schema(column)), "x");

describe("a schema that pandera 0.35 wrote", () => {
  const found = importedFile("pandera-0.35.yaml");

  it("is known by what stands in it", () => {
    expect(found.format).toBe("pandera");
  });

  it("becomes cards with types, missing values, uniqueness and bounds", () => {
    expect(cardOf(found, "id")).toEqual({ name: "id", type: "integer", nulls: "never", unique: true });
    expect(cardOf(found, "age")).toMatchObject({
      type: "double",
      nulls: "allow",
      min: 0,
      less_than: 100,
      description: "age",
    });
    expect(cardOf(found, "n")).toMatchObject({ greater_than: 1, less_than: 100, not_values: [3] });
    expect(cardOf(found, "d")).toMatchObject({ type: "timestamp", min: "2020-01-01" });
  });

  it("keeps the name and the message of a check, and warns where it warned", () => {
    expect(cardOf(found, "age")["max"]).toEqual({
      value: 120,
      severity: "warn",
      name: "old",
      description: "too old",
    });
  });

  it("keeps each of several patterns of a column", () => {
    expect(cardOf(found, "s")["pattern"]).toBe("^a");
    expect(found.contract["checks"]).toContainEqual({
      expect: "expect_column_values_to_match_regex",
      column: "s",
      regex: "a$",
    });
  });

  it("turns strict, ordered and unique into rules on the table", () => {
    expect(found.contract).toMatchObject({
      extra_columns: "fail",
      column_order: "fail",
      unique: [["id", "age"]],
    });
  });

  it("turns a regular expression for names into a pattern with a star", () => {
    expect(cardOf(found, "f_*")).toEqual({ match: "f_*", type: "double", nulls: "never" });
  });

  it("lists what has no counterpart, with its place", () => {
    expect(found.notes.map(({ path }) => path)).toEqual([
      "index",
      "columns.age.coerce",
      "columns.t.dtype",
      "columns.c.dtype",
      "columns.o.dtype",
    ]);
    expect(found.yaml).toContain("#   columns.t.dtype: the type timedelta64[ns] has no counterpart\n");
  });
});

describe("a schema that pandera 0.20 wrote", () => {
  it("becomes the same cards", () => {
    const [old, current] = [importedFile("pandera-0.20.yaml"), importedFile("pandera-0.35.yaml")];
    expect(cardOf(old, "id")).toEqual(cardOf(current, "id"));
    expect(cardOf(old, "d")).toEqual(cardOf(current, "d"));
    expect(cardOf(old, "s")).toMatchObject({
      values: ["a", "b"],
      not_values: ["z"],
      pattern: "^a",
      length: { min: 1, max: 5 },
    });
  });
});

describe("a schema that pandera inferred", () => {
  it("keeps every rule on its columns", () => {
    const found = importedFile("pandera-0.35-infer.yaml");
    expect(found.notes.map(({ path }) => path)).toEqual(["index", "coerce"]);
    expect(cardOf(found, "sex")).toMatchObject({
      type: "string",
      nulls: "never",
      length: { min: 4, max: 6 },
    });
    expect(cardOf(found, "income")).toMatchObject({ type: "double", nulls: "allow", min: 11, max: 22 });
  });
});

describe("a column of a pandera schema", () => {
  it("is required to hold values unless it is nullable", () => {
    expect(card({})).toEqual({ name: "x", nulls: "never" });
    expect(card({ nullable: true, required: false })).toEqual({ name: "x", nulls: "allow", required: false });
  });

  it("anchors str_matches at the start, as re.match does, and leaves str_contains open", () => {
    expect(card({ str_matches: "ab|c" })["pattern"]).toBe("^(?:ab|c)");
    expect(card({ str_contains: "ab|c" })["pattern"]).toBe("ab|c");
    expect(card({ str_startswith: "a.b" })["pattern"]).toBe("^a\\.b");
    expect(card({ str_endswith: "$" })["pattern"]).toBe("\\$$");
  });

  it("reads the list of checks as well", () => {
    const checks = [
      { value: 3, options: { check_name: "greater_than", raise_warning: true } },
      {
        min_value: 0,
        max_value: 9,
        include_max: false,
        options: { check_name: "in_range", ignore_na: true },
      },
    ];
    expect(card({ nullable: true, checks })).toEqual({
      name: "x",
      nulls: "allow",
      greater_than: { value: 3, severity: "warn" },
      min: 0,
      less_than: 9,
    });
  });

  it.each([
    [{ checks: [{ value: 3, options: { check_name: "greater_than", groupby: "y" } }] }, "a check of groups"],
    [{ greater_than: { min_value: 3, ignore_na: false } }, "ignore_na"],
    [{ my_own_check: 3 }, "my_own_check has no counterpart"],
  ])("lists a check that means more: %j", (column, reason) => {
    const { notes } = imported(schema(column));
    expect(notes).toHaveLength(1);
    expect(notes[0]?.reason).toContain(reason);
  });

  it.each([
    ["Int64", "integer"],
    ["uint8", "integer"],
    ["LongType()", "integer"],
    ["Float32", "double"],
    ["string[pyarrow]", "string"],
    ["String", "string"],
    ["bool", "boolean"],
    ["Decimal(28, 0)", "decimal"],
    ["datetime64[ns, UTC]", "timestamp"],
    ["date", "date"],
  ])("of type %s is %s", (dtype, type) => {
    expect(card({ dtype })["type"]).toBe(type);
  });

  it("is left out, and listed, where its regular expression is no pattern with stars", () => {
    const found = imported({ schema_type: "dataframe", columns: { "f_\\d+": { regex: true } } });
    expect(found.contract["columns"]).toBeUndefined();
    expect(found.notes[0]?.path).toBe("columns.f_\\d+");
  });
});
