import { expect, test } from "vitest";
import { absent, anyOrder, empty, mismatches, present } from "./match.ts";
import { table } from "./table.ts";

test("no two rows have the same id", () => {
  const ids = table.map((row) => row.id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test.each([
  ["a value that differs", { a: 1 }, { a: 2 }],
  ["a number where text is expected", { a: "1" }, { a: 1 }],
  ["a field that is missing", { a: { b: 1 } }, { a: {} }],
  ["a field that should be absent", { a: absent }, { a: 0 }],
  ["a field that should be present", { a: present }, {}],
  ["an object that should be empty", empty, { a: 1 }],
  ["an array where {} is expected", empty, []],
  ["no answer at all where {} is expected", empty, undefined],
  ["a longer array", { a: [1] }, { a: [1, 2] }],
  ["an array in another order", { a: [1, 2] }, { a: [2, 1] }],
  ["an array without one of the expected items", { a: anyOrder(1, 2) }, { a: [1, 1] }],
  ["text that does not match", { a: /^x/ }, { a: "yx" }],
])("the matcher sees %s", (_title, expected, got) => {
  expect(mismatches(expected, got)).not.toEqual([]);
});

test("the matcher lets pass what fits: more fields, any order, patterns", () => {
  const expected = { a: anyOrder({ b: 1 }, { b: 2 }), c: /x/, d: absent, e: present, f: empty, g: "NaN" };
  const got = { a: [{ b: 2, more: 1 }, { b: 1 }], c: "axb", e: 0, f: {}, g: "NaN", more: 1 };
  expect(mismatches(expected, got)).toEqual([]);
});
