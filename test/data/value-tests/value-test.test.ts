import { describe, expect, it } from "vitest";
import type { ValueTest } from "../../../src/data/plan/measure.ts";
import type { CompiledValueTest } from "../../../src/data/value-tests/compiled-test.ts";
import { compileValueTest } from "../../../src/data/value-tests/value-test.ts";

async function compiled(test: ValueTest): Promise<CompiledValueTest> {
  const found = await compileValueTest(test);
  if (typeof found === "object") throw new Error(found.error);
  return found;
}

async function passing(test: ValueTest, texts: readonly string[]): Promise<string[]> {
  const passes = await compiled(test);
  return texts.filter((text) => passes(text) === true);
}

describe("a test of regular expressions", () => {
  it("finds any, all or none of several patterns", async () => {
    const texts = ["ab", "a", "b", "c"];
    const of = (match: "any" | "all" | "none"): ValueTest => ({ test: "regex", patterns: ["a", "b"], match });
    expect(await passing(of("any"), texts)).toEqual(["ab", "a", "b"]);
    expect(await passing(of("all"), texts)).toEqual(["ab"]);
    expect(await passing(of("none"), texts)).toEqual(["c"]);
  });

  it("knows look-around and references, and counts code points", async () => {
    const test: ValueTest = { test: "regex", patterns: ["^(?=.*\\d)(.)\\1.$"], match: "any" };
    expect(await passing(test, ["aa1", "ab1", "aab", "💡💡1"])).toEqual(["aa1", "💡💡1"]);
  });

  it("takes classes within classes", async () => {
    const test: ValueTest = { test: "regex", patterns: ["^[[a-z]--[aeiou]]+$"], match: "any" };
    expect(await passing(test, ["xyz", "xaz"])).toEqual(["xyz"]);
  });

  it("is an error before any value is seen where a pattern is none", async () => {
    expect(await compileValueTest({ test: "regex", patterns: ["a", "("], match: "any" })).toMatchObject({
      error: expect.stringContaining("("),
    });
  });
});

describe("a test of JSON", () => {
  it("takes what Python's json.loads takes", async () => {
    const good = ['{"a": 1}', "[NaN, -Infinity]", "1", '"x"', " null ", '{"a": "NaN"}', "Infinity"];
    const bad = [
      "",
      "a",
      "{'a': 1}",
      "nan",
      "-NaN",
      "1Infinity",
      "Infinity1",
      "[1,]",
      "01",
      '"a\nb"',
      "\ufeff1",
    ];
    expect(await passing({ test: "python-json" }, [...good, ...bad])).toEqual(good);
  });
});

describe("a test against a JSON schema", () => {
  const schema = { type: "object", properties: { a: { type: "integer" } }, required: ["a"] };

  it("passes what the schema allows", async () => {
    const test: ValueTest = { test: "json-schema", schema };
    expect(await passing(test, ['{"a": 1}', '{"a": 1.0}', '{"a": "1"}', "{}", "[]"])).toEqual([
      '{"a": 1}',
      '{"a": 1.0}',
    ]);
  });

  it("has no verdict on a text that is no JSON", async () => {
    const passes = await compiled({ test: "json-schema", schema });
    expect(passes("a")).toEqual({ error: "a value is no JSON" });
  });

  it("reads the schema by its draft", async () => {
    const tuple = { items: [{ type: "integer" }], additionalItems: false };
    const draft07 = { $schema: "http://json-schema.org/draft-07/schema#", ...tuple };
    const draft2020 = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      prefixItems: [{ type: "integer" }],
      items: false,
    };
    for (const one of [draft07, draft2020])
      expect(await passing({ test: "json-schema", schema: one }, ["[1]", "[1, 2]", '["a"]'])).toEqual([
        "[1]",
      ]);
  });

  it("takes formats for annotations, and infinite numbers for numbers", async () => {
    const format: ValueTest = { test: "json-schema", schema: { format: "date" } };
    expect(await passing(format, ['"nonsense"'])).toEqual(['"nonsense"']);
    const number: ValueTest = { test: "json-schema", schema: { type: "number" } };
    expect(await passing(number, ["NaN", "Infinity", "1"])).toEqual(["NaN", "Infinity", "1"]);
  });

  it.each([
    ["a draft that is not known", { $schema: "http://json-schema.org/draft-04/schema#" }, "draft-04"],
    ["a schema that is none", { type: "nonsense" }, "json_schema cannot be used"],
    ["no schema at all", [], "has to be an object"],
  ])("is an error for %s", async (_, wrong, message) => {
    const found = await compileValueTest({ test: "json-schema", schema: wrong });
    expect(found).toMatchObject({ error: expect.stringContaining(message) });
  });
});

describe("a test of a strptime format", () => {
  it.each([
    [
      "%Y-%m-%d",
      ["2020-01-05", "2020-1-5", "2020-02-29"],
      ["2021-02-29", "20-01-05", "2020-01-05 ", "0000-01-01"],
    ],
    ["%d%m%Y", ["01022020", "112020"], ["3022020", "1022"]],
    ["%b %d, %Y %I:%M %p", ["jan 5, 2020 01:02 PM", "Jan  5,\t2020 1:2 am"], ["January 5, 2020 01:02 PM"]],
    ["%H:%M:%S.%f", ["23:59:59.5", "0:0:0.123456"], ["24:00:00.0", "23:59:60.0", "1:2:3.1234567"]],
    ["%d %b", ["28 feb"], ["29 feb", "31 apr"]],
    [
      "%Y-%m-%dT%H:%M:%S%z",
      ["2020-01-01T00:00:00+0100", "2020-01-01t00:00:00Z"],
      ["2020-01-01T00:00:00+2500"],
    ],
    ["%c", ["Mon Jan  6 10:11:12 2020"], ["Mon Jan 6 2020"]],
    ["%Y-%j", ["2021-366"], ["2021-367", "9999-366"]],
    ["100%%", ["100%"], ["100%%"]],
  ])("reads %s", async (format, good, bad) => {
    expect(await passing({ test: "strptime", format }, [...good, ...bad])).toEqual(good);
  });

  it.each(["%q", "%G-%V", "%Y %Y", "%"])("is an error for %s", async (format) => {
    expect(await compileValueTest({ test: "strptime", format })).toMatchObject({ error: expect.any(String) });
  });
});
