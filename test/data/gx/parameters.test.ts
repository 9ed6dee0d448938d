import { describe, expect, it } from "vitest";
import type { JsonPath } from "../../../src/data/gx/json-document.ts";
import { fillParameters, parseParameters } from "../../../src/data/gx/parameters.ts";
import { thrownBy } from "./thrown.ts";

const now = new Date("2026-03-15T12:30:00.250Z");

function filled(written: unknown, values: Readonly<Record<string, unknown>> = {}) {
  const problems: string[] = [];
  const used = new Set<string>();
  const refuse = (path: JsonPath, message: string) => problems.push(`${path.join(".")}: ${message}`);
  const value = fillParameters(written, { values: new Map(Object.entries(values)), now, used, refuse });
  return { value, problems, used: [...used] };
}

describe("parseParameters", () => {
  it("reads numbers, truths, lists and objects as JSON, and the rest as text", () => {
    const values = parseParameters([
      "lo=3",
      "hi=-2.5",
      "strict=true",
      'set=[1, "a"]',
      "country=DE",
      "eq=a=b",
      "id=007",
      "none=",
    ]);
    expect(Object.fromEntries(values)).toEqual({
      lo: 3,
      hi: -2.5,
      strict: true,
      set: [1, "a"],
      country: "DE",
      eq: "a=b",
      id: "007",
      none: "",
    });
  });

  it.each([
    [["lo"], '--param "lo" is not name=value.'],
    [["=3"], '--param "=3" is not name=value.'],
    [["lo=3", "lo=4"], "--param lo is given more than once."],
  ])("refuses %j", (written, message) => {
    const thrown = thrownBy(() => parseParameters(written));
    expect(thrown).toMatchObject({ kind: "usage", code: "PARAMETER_INVALID", message });
  });
});

describe("fillParameters", () => {
  it("fills in values of any type, however deep, and says which it used", () => {
    const written = { min_value: { $PARAMETER: "lo" }, list: [{ deep: { $PARAMETER: "set" } }, 1, null] };
    expect(filled(written, { lo: 5, set: ["a"], other: 1 })).toEqual({
      value: { min_value: 5, list: [{ deep: ["a"] }, 1, null] },
      problems: [],
      used: ["lo", "set"],
    });
  });

  it("takes the value that stands beside the parameter where none is given, and the given one where one is", () => {
    const written = { $PARAMETER: "rows", "$PARAMETER.rows": 10 };
    expect(filled(written).value).toBe(10);
    expect(filled(written, { rows: 20 }).value).toBe(20);
  });

  it.each([
    ["2 * lo", 20],
    ["lo - 3 - 2", 5],
    ["2 + 3 * 4", 14],
    ["(2 + 3) * 4", 20],
    ["2 ^ 3 ^ 2", 512],
    ["-lo / 4", -2.5],
    ["upstream * 1.1", 110.00000000000001],
    ["trunc(lo / 4)", 2],
    ["round(2.5)", 2],
    ["abs(-3)", 3],
    ["now()", "2026-03-15T12:30:00.250000"],
    ["now() - timedelta(weeks=1)", "2026-03-08T12:30:00.250000"],
    ["now() + timedelta(1, hours=2)", "2026-03-16T14:30:00.250000"],
    ["now() - timedelta(weeks=52*100)", "1926-07-18T12:30:00.250000"],
    ["datetime(1969, 1, 1)", "1969-01-01T00:00:00"],
    ["datetime(2020, 2, 29, 1, 2, 3, 4)", "2020-02-29T01:02:03.000004"],
    ["start + timedelta(days=1)", "2020-03-01T00:00:00"],
    ["text * 2", 14],
  ])("calculates %s", (expression, expected) => {
    const values = { lo: 10, upstream: 100, start: "2020-02-29", text: "7" };
    expect(filled({ $PARAMETER: expression }, values)).toMatchObject({ value: expected, problems: [] });
  });

  it("takes a name with signs in it for a name where it has a value", () => {
    expect(filled({ $PARAMETER: "a-b" }, { "a-b": 1 }).value).toBe(1);
  });

  it.each([
    ["lo", 'the parameter "lo" has no value; give it by --param lo=VALUE'],
    ["2 * lo", '$PARAMETER "2 * lo": the parameter "lo" has no value'],
    [
      "now() - 1",
      '$PARAMETER "now() - 1": these values cannot be added: a time goes with a timedelta, a number with a number',
    ],
    [
      "timedelta(days=1)",
      '$PARAMETER "timedelta(days=1)": the result is a timedelta, expected a number or a time',
    ],
    ["1 / 0", '$PARAMETER "1 / 0": it divides by 0'],
    ["timedelta(years=1)", "timedelta(...) knows no years"],
    ["datetime(2020, 2, 30)", "there is no day 2020-2-30"],
    ["datetime(2020)", "datetime(...) needs year, month and day"],
    ["open('x')", `"'x')" is not understood`],
    ["eval(1)", "eval(...) with these arguments is not known; known are now()"],
    ["1 +", "it ends too early"],
    ["(1", "a ) is missing"],
    ["1 2", '"2" stands where an operator should'],
    ["set * 2", 'the parameter "set" is neither a number nor a date, to calculate with'],
    ["9e999", "the result is not a finite number"],
    ["datetime(2020, 1, 1) - timedelta(weeks=999999)", "the result is no date that a timestamp can hold"],
  ])("refuses %s", (expression, message) => {
    const { value, problems } = filled({ a: { $PARAMETER: expression } }, { set: [1] });
    expect(value).toEqual({ a: undefined });
    expect(problems).toEqual([expect.stringContaining(message)]);
    expect(problems[0]).toMatch(/^a: /);
  });

  it("refuses what is no name, other keys beside it, and endless brackets", () => {
    expect(filled({ $PARAMETER: 3 }).problems).toEqual([
      ": $PARAMETER is 3, expected a name or an expression",
    ]);
    expect(filled({ $PARAMETER: "a", b: 1 }).problems).toEqual([': "b" cannot stand beside $PARAMETER']);
    expect(filled({ $PARAMETER: "(".repeat(5000) }).problems[0]).toContain("nested more than 100 deep");
  });
});
