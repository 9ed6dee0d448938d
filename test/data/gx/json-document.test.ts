import { describe, expect, it } from "vitest";
import { parseJsonDocument } from "../../../src/data/gx/json-document.ts";
import { thrownBy } from "./thrown.ts";

describe("parseJsonDocument", () => {
  it("reads JSON as JSON.parse does", () => {
    const text = ` {"a": [1, -2.5e3, "x\\"\\u00e9\\n", true, false, null, {}, []], "b": {"c": {}}} `;
    expect(parseJsonDocument(text, "s.json").value).toEqual(JSON.parse(text));
  });

  it("reads the numbers that Python writes and JSON has not", () => {
    const { value } = parseJsonDocument(`[NaN, Infinity, -Infinity]`, "s.json");
    expect(value).toEqual([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  });

  it("reads a file that begins with a byte order mark", () => {
    expect(parseJsonDocument(`\uFEFF{"a": 1}`, "s.json").value).toEqual({ a: 1 });
  });

  it("takes a key __proto__ for a key", () => {
    const { value } = parseJsonDocument(`{"__proto__": {"polluted": true}}`, "s.json");
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("knows the line of every value, and of the nearest part above one that is not there", () => {
    const document = parseJsonDocument(`{\n  "a": [\n    1,\n    {"b": 2}\n  ]\n}`, "s.json");
    expect(document.locate(["a", 1, "b"])).toBe("s.json:4");
    expect(document.locate(["a", 1, "missing"])).toBe("s.json:4");
    expect(document.locate(["a", 0])).toBe("s.json:3");
    expect(document.locate(["other"])).toBe("s.json:1");
  });

  it.each([
    ["{", "s.json:1:2: expected a key in double quotes"],
    ['{"a" 1}', "s.json:1:6: expected a colon"],
    ['{"a": 1,\n}', "s.json:2:1: expected a key in double quotes"],
    ["[1 2]", "s.json:1:4: expected a comma or ]"],
    ['{"a": undefined}', 's.json:1:7: "undefined" is no JSON value'],
    ["[1]\n\n x", "s.json:3:2: text behind the end of the document"],
    ['["abc', "s.json:1:2: a text without its closing quote"],
    ['["\\x"]', 's.json:1:2: "\\"\\\\x\\"" is no JSON value'],
    ["", "s.json:1:1: the document ends too early"],
    ["[01]", 's.json:1:2: "01" is no JSON value'],
  ])("refuses %j with line and column", (text, message) => {
    expect(thrownBy(() => parseJsonDocument(text, "s.json"))).toMatchObject({
      kind: "usage",
      code: "SUITE_INVALID_JSON",
      message: `${message}.`,
    });
  });

  it("refuses values that are nested without end, not with a full stack", () => {
    const thrown = thrownBy(() => parseJsonDocument("[".repeat(100_000), "s.json"));
    expect(thrown).toMatchObject({ kind: "usage", message: "s.json:1:202: values more than 200 deep." });
  });
});
