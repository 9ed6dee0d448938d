import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../support/folder.ts";
import { judged, judgedFile, type Written } from "./judged.ts";

const ofType = (column: string, type_: string): Written => [
  "expect_column_values_to_be_of_type",
  { column, type_ },
];
const inList = (column: string, type_list: unknown): Written => [
  "expect_column_values_to_be_in_type_list",
  { column, type_list },
];
const typeToBe = (column: string, type_: string): Written => ["expect_column_type_to_be", { column, type_ }];

const table = `SELECT 1::INTEGER AS i, 1::BIGINT AS l, 1::FLOAT AS r, 1::DOUBLE AS f, 'a' AS s, true AS b, 1.5::DECIMAL(9,2) AS c,
  DATE '2020-01-01' AS d, TIMESTAMP '2020-01-01' AS t, TIMESTAMPTZ '2020-01-01' AS z, [1] AS a`;

describe("types of columns", () => {
  it.each([
    ["i", ["int32", "INTEGER", "int", "IntegerType", "int4"]],
    ["l", ["int64", "BIGINT", "LongType", "NUMBER"]],
    ["r", ["float32", "REAL", "FloatType"]],
    ["f", ["float64", "float", "DOUBLE PRECISION", "DOUBLE_PRECISION", "DoubleType", "FLOAT"]],
    ["s", ["str", "object", "TEXT", "VARCHAR(20)", "StringType"]],
    ["b", ["bool", "BOOLEAN", "BooleanType"]],
    ["c", ["Decimal", "NUMERIC(9,2)", "DecimalType"]],
    ["d", ["date", "DATE", "DateType"]],
    ["t", ["datetime64[ns]", "TIMESTAMP", "TimestampType", "DATETIME"]],
    ["z", ["Timestamp", "TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE", "TimestampType"]],
    ["a", ["list", "ARRAY", "ArrayType"]],
  ])("%s has its names in three vocabularies", async (column, names) => {
    const others = ["i", "s", "b", "d", "a"].filter((one) => one !== column);
    const good = await judged(
      table,
      names.map((name) => ofType(column, name)),
    );
    expect(good.map(({ outcome }) => outcome)).toEqual(names.map(() => "good"));
    const first = names[0] ?? "";
    const bad = await judged(
      table,
      others.map((other) => ofType(other, first)),
    );
    expect(bad.map(({ outcome }) => outcome)).toEqual(others.map(() => "bad"));
  });

  it("are observed in the words that were asked in", async () => {
    const found = await judged(table, [
      ofType("l", "str"),
      ofType("l", "TEXT"),
      ofType("l", "StringType"),
      ofType("l", "x"),
    ]);
    expect(found.map(({ result }) => result["observed_value"])).toEqual([
      "int64",
      "BIGINT",
      "LongType",
      "int64",
    ]);
  });

  it("may be one of a list; no list asks for nothing", async () => {
    const found = await judged(table, [
      inList("i", ["str", "INTEGER"]),
      inList("i", ["str"]),
      inList("i", []),
      inList("i", null),
    ]);
    expect(found.map(({ outcome }) => outcome)).toEqual(["good", "bad", "bad", "good"]);
  });

  it("cannot be judged by a name of nobody where the type itself is asked for", async () => {
    const found = await judged(table, [
      typeToBe("i", "int32"),
      typeToBe("i", "int64"),
      typeToBe("i", "intt"),
      typeToBe("x", "str"),
    ]);
    expect(found.map(({ outcome }) => outcome)).toEqual(["good", "bad", "error", "error"]);
  });

  it("are those that all values of a CSV can be read as", async () => {
    const file = path.join(temporaryFolder(), "data.csv");
    await writeFile(file, "i,f,s\n1,1.5,a\n2,2,b\n");
    const found = await judgedFile(file, [
      ...[ofType("i", "int64"), ofType("i", "INTEGER"), ofType("i", "int32")],
      ...[ofType("f", "float64"), ofType("s", "str"), ofType("s", "int64")],
    ]);
    expect(found.map(({ outcome }) => outcome)).toEqual(["good", "good", "bad", "good", "good", "bad"]);
  });
});
