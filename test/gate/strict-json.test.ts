import { describe, expect, it } from "vitest";
import { parseStrictJson } from "../../src/gate/strict-json.ts";
import { fc } from "../support/fast-check.ts";

describe("parseStrictJson", () => {
  it("reads what JSON.parse reads", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, undefined, 2);
        expect(parseStrictJson(text)).toEqual({ value: JSON.parse(text), nonNumbers: 0 });
      }),
    );
  });

  it("takes a byte-order mark", () => {
    expect(parseStrictJson('\uFEFF{"auc": 0.9}')).toEqual({ value: { auc: 0.9 }, nonNumbers: 0 });
  });

  it("names a key that stands twice, with its line, also where it is written differently", () => {
    expect(parseStrictJson('{"a": 1,\n "b": {"c": [{"x": 1}, {"x": 2}],\n "\\u0063": 2}}')).toEqual({
      problem: 'line 3: the key "b.c" stands there twice',
    });
    expect(parseStrictJson('{"a": {"b": 1}, "c": {"b": 1}, "d": ["a", "a"]}')).toHaveProperty("value");
  });

  it("refuses what is truncated, empty, or more than one value", () => {
    expect(parseStrictJson('{"auc": 0.9,\n"f1"')).toEqual({
      problem: "line 2: the JSON ends too early (is the file complete?)",
    });
    expect(parseStrictJson(" \n")).toEqual({ problem: "the file is empty" });
    expect(parseStrictJson('{"a": 1} {"a": 2}')).toHaveProperty("problem");
    expect(parseStrictJson("{'a': 1}")).toHaveProperty("problem");
    expect(parseStrictJson('{"a": 1,}')).toHaveProperty("problem");
  });

  it("reads Python's NaN and Infinity as no value, and leaves those words alone in texts", () => {
    expect(parseStrictJson('{"auc": NaN, "b": -Infinity, "NaN": "say NaN \\"NaN\\""}')).toEqual({
      value: { auc: null, b: null, NaN: 'say NaN "NaN"' },
      nonNumbers: 2,
    });
  });

  it.each([
    ['{"auc": .9}', "line 1: not valid JSON (Unexpected token '.')"],
    ['{"f1": 0.5,\n "auc": +1}', "line 2: not valid JSON (Unexpected token '+')"],
    ['{"auc": 0.9}\n{"auc": 0.8}', "line 2: not valid JSON (Unexpected non-whitespace character after JSON)"],
  ])("says where the JSON is wrong and does not call it truncated: %s", (text, problem) => {
    expect(parseStrictJson(text)).toEqual({ problem });
  });
});
