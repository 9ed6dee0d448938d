import { describe, expect, it } from "vitest";
import type { FeatureData, FeatureType } from "../../src/scoring/column-buffer.ts";
import { planInputs, tensorData } from "../../src/scoring/onnx-inputs.ts";

const table = (["age", "weight", "sex"] as const).map((name) => ({
  name,
  type: name === "sex" ? ("text" as const) : ("float64" as const),
  sql: name,
}));
const nothing = { signature: undefined, exclude: [] };
const input = (name: string, shape: readonly (number | string)[], type = "float32") => ({
  name,
  type,
  shape,
});

function numbers(type: FeatureType, values: FeatureData["values"], there?: readonly boolean[]): FeatureData {
  const bits = there?.reduce((sum, one, row) => sum + (one ? 1 << row : 0), 0);
  const validity = bits === undefined ? undefined : Uint8Array.of(bits);
  const missing = there?.filter((one) => !one).length ?? 0;
  return { type, rows: values.length, values, offsets: undefined, validity, missing };
}

function texts(...words: readonly string[]): FeatureData {
  const values = new TextEncoder().encode(words.join(""));
  const ends = words.map((_, index) => Buffer.byteLength(words.slice(0, index + 1).join("")));
  return {
    type: "text",
    rows: words.length,
    values,
    offsets: Int32Array.of(0, ...ends),
    validity: undefined,
    missing: 0,
  };
}

describe("which columns an ONNX graph gets", () => {
  it("one input a column, of the same names", () => {
    const plan = planInputs([input("weight", ["N", 1]), input("age", ["N"])], table, nothing);
    expect(plan.columns.map(({ name }) => name)).toEqual(["weight", "age"]);
    expect(plan.isMatrix).toBe(false);
    expect(plan.notes).toHaveLength(2);
  });

  it("one input for all that are no label, or for those of the signature", () => {
    const all = planInputs([input("X", ["N", 2])], table, { signature: undefined, exclude: ["sex"] });
    expect([all.isMatrix, all.columns.map(({ name }) => name), all.notes]).toEqual([
      true,
      ["age", "weight"],
      [],
    ]);
    const signature = ["weight", "age"].map((name) => ({ name, type: "double", isRequired: true }));
    const signed = planInputs([input("X", ["N", "M"])], table, { signature, exclude: ["sex"] });
    expect(signed.columns.map(({ name }) => name)).toEqual(["weight", "age"]);
    expect(signed.notes).toEqual([expect.stringContaining("another order than in training")]);
  });

  it("one input of one column is that column where it is called so", () => {
    const plan = planInputs([input("age", ["N", 1])], table, { signature: undefined, exclude: ["sex"] });
    expect(plan.columns.map(({ name }) => name)).toEqual(["age"]);
  });

  it.each([
    [[input("X", ["N", 5])], "FEATURES_MISMATCH", "takes 5 columns without names, and the table has 3"],
    [[input("age", ["N", 1]), input("income", ["N", 1])], "FEATURES_MISSING", 'does not have: "income"'],
    [[input("numbers", ["N", 2]), input("sex", ["N", 1], "string")], "FEATURES_GROUPED", "numbers (N x 2)"],
  ])("%j is refused as %s", (inputs, code, message) => {
    expect(() => planInputs(inputs, table, nothing)).toThrow(
      expect.objectContaining({ kind: "not-evaluable", code, message: expect.stringContaining(message) }),
    );
  });
});

describe("the values that an ONNX graph gets", () => {
  it("stand row by row, missing floats as NaN", () => {
    const columns = [
      numbers("int64", BigInt64Array.of(1n, 2n)),
      numbers("float64", Float64Array.of(0.5, 9), [true, false]),
    ];
    expect(tensorData(input("X", ["N", 2]), columns, ["a", "b"])).toEqual(
      Float32Array.of(1, 0.5, 2, Number.NaN),
    );
    const words = tensorData(input("X", ["N", 2], "string"), [texts("ä", "bc"), texts("", "d")], ["a", "b"]);
    expect(words).toEqual(["ä", "", "bc", "d"]);
  });

  it.each([
    ["int64", numbers("float64", Float64Array.of(3, -4)), BigInt64Array.of(3n, -4n)],
    ["int32", numbers("bool", Uint8Array.of(0, 1)), Int32Array.of(0, 1)],
    ["bool", numbers("bool", Uint8Array.of(0, 1)), Uint8Array.of(0, 1)],
    ["float64", numbers("float32", Float32Array.of(0.1)), Float64Array.of(Math.fround(0.1))],
  ])("are %s where it wants them", (type, column, expected) => {
    expect(tensorData(input("X", ["N", 1], type), [column], ["a"])).toEqual(expected);
  });

  it.each([
    [
      "int64",
      numbers("float64", Float64Array.of(1.5)),
      '"a" holds float64 values such as 1.5, and the model takes int64',
    ],
    ["int64", numbers("int64", BigInt64Array.of(1n), [false]), '"a" misses 1 values'],
    ["string", numbers("int64", BigInt64Array.of(1n)), '"a" holds int64, and the model takes text'],
    ["float32", texts("x"), '"a" holds text, and the model takes float32'],
    ["float16", numbers("float64", Float64Array.of(1)), "takes float16 values"],
  ])("%s is refused where the column has none", (type, column, message) => {
    expect(() => tensorData(input("X", ["N", 1], type), [column], ["a"])).toThrow(
      expect.objectContaining({ code: "FEATURES_TYPE", message: expect.stringContaining(message) }),
    );
  });
});
