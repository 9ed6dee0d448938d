import { describe, expect, it } from "vitest";
import { readSuite, type Suite } from "../../../src/data/gx/suite.ts";
import { thrownBy } from "./thrown.ts";

const now = new Date("2026-03-15T12:00:00Z");

function read(suite: unknown, parameters: Readonly<Record<string, unknown>> = {}): Suite {
  const text = typeof suite === "string" ? suite : JSON.stringify(suite, null, 1);
  return readSuite({ text, shown: "s.json", parameters: new Map(Object.entries(parameters)), now });
}

const notNull = { type: "expect_column_values_to_not_be_null", kwargs: { column: "a" } };
const between = (kwargs: Record<string, unknown>) => ({
  type: "expect_column_values_to_be_between",
  kwargs: { column: "a", ...kwargs },
});
const refusal = (suite: unknown) => thrownBy(() => read(suite)).message;

describe("readSuite", () => {
  it("reads the format of 0.x", () => {
    const suite = read({
      expectation_suite_name: "old",
      ge_cloud_id: null,
      data_asset_type: null,
      expectations: [
        {
          expectation_type: "expect_column_values_to_be_between",
          kwargs: { column: "a", min_value: 0, max_value: 9, mostly: 0.95, result_format: "BASIC" },
          meta: { notes: { format: "markdown", content: ["**why**", "so"] } },
        },
      ],
      meta: { great_expectations_version: "0.18.21" },
    });
    expect(suite).toMatchObject({ name: "old", id: null, meta: { great_expectations_version: "0.18.21" } });
    expect(suite.expectations).toMatchObject([
      {
        index: 0,
        type: "expect_column_values_to_be_between",
        severity: "fail",
        gxSeverity: "critical",
        notes: "**why**\nso",
        condition: { kind: "none" },
        rule: { kwargs: { column: "a", min_value: 0, max_value: 9, mostly: 0.95 } },
      },
    ]);
  });

  it("reads the format of 1.x, with its severities, ids and notes", () => {
    const suite = read({
      name: "new",
      id: "7",
      expectations: [
        { ...notNull, id: "1", severity: "warning", meta: {}, notes: ["a", "b"], description: "c" },
        { ...notNull, id: "2", severity: "info", rendered_content: [{}] },
        { ...notNull, severity: "critical", meta: { severity: "info" } },
        { ...notNull, meta: { severity: "warning" } },
      ],
      meta: {},
      notes: null,
    });
    expect(suite.id).toBe("7");
    expect(suite.expectations.map(({ id, severity }) => [id, severity])).toEqual([
      ["1", "warn"],
      ["2", "info"],
      [null, "fail"],
      [null, "warn"],
    ]);
    expect(suite.expectations[0]).toMatchObject({ notes: "a\nb", description: "c" });
  });

  it("coerces bounds as Great Expectations does", () => {
    const kwargs = { min_value: "3", max_value: true, mostly: true };
    const [first, second] = read({
      name: "s",
      expectations: [between(kwargs), between({ min_value: "2020-01-02", max_value: "2020-01-02 03:04:05" })],
    }).expectations;
    expect(first).toMatchObject({ rule: { kwargs: { min_value: 3, max_value: 1, mostly: 1 } } });
    expect(second).toMatchObject({
      rule: {
        kwargs: { min_value: { date: "2020-01-02" }, max_value: { timestamp: "2020-01-02T03:04:05" } },
      },
    });
  });

  it("fills in parameters: those given go before those of the suite", () => {
    const written = {
      name: "s",
      suite_parameters: { lo: 1, hi: 2 },
      expectations: [between({ min_value: { $PARAMETER: "lo" }, max_value: { $PARAMETER: "hi" } })],
    };
    const suite = read(written, { hi: 5, other: 1 });
    expect(suite.expectations[0]?.kwargs).toEqual({ column: "a", min_value: 1, max_value: 5 });
    expect([...suite.usedParameters]).toEqual(["lo", "hi"]);
  });

  it("keeps a type that it does not know, as one that cannot be evaluated", () => {
    const { expectations } = read({
      name: "s",
      expectations: [{ type: "expect_column_values_to_be_betwen", kwargs: { anything: 1 } }],
    });
    expect(expectations[0]?.rule).toEqual({
      notEvaluable:
        'expect_column_values_to_be_betwen is not supported by this program; did you mean "expect_column_values_to_be_between"',
    });
  });

  it("keeps windows as what cannot be evaluated, and asks for no value of their parameters", () => {
    const windows = [{ constraint_fn: "mean", parameter_name: "lo", range: 5, offset: {} }];
    const { expectations } = read({
      name: "s",
      expectations: [
        { ...between({ min_value: { $PARAMETER: "lo" } }), windows },
        between({ windows, min_value: 1 }),
      ],
    });
    expect(expectations.map(({ rule }) => rule)).toEqual(
      Array(2).fill({
        notEvaluable: expect.stringContaining("windows are thresholds learned from earlier runs"),
      }),
    );
  });

  it("lists every problem, each with its line", () => {
    const text = `{"name": "s", "expectations": [
      {"type": "expect_column_values_to_be_between",
       "kwargs": {"column": "a", "min_valu": 1, "max_value": "abc"}},
      {"type": "expect_column_values_to_not_be_null", "kwargs": {
         "mostly": 1.5}},
      {"typ": "x"},
      {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "a",
        "value_set": {"$PARAMETER": "countries"}}}]}`;
    const thrown = thrownBy(() => read(text));
    expect(thrown).toMatchObject({ kind: "usage", code: "SUITE_INVALID" });
    expect(thrown.message.split("\n").toSorted()).toEqual([
      "s.json:3: expect_column_values_to_be_between: max_value: expected a number, or a date or timestamp in ISO 8601.",
      's.json:3: expect_column_values_to_be_between: unknown key "min_valu"; did you mean "min_value".',
      "s.json:4: expect_column_values_to_not_be_null: column: is missing.",
      "s.json:5: expect_column_values_to_not_be_null: mostly: Too big: expected number to be <=1.",
      "s.json:6: expectation 3: has no type, such as expect_column_values_to_not_be_null.",
      's.json:6: expectation 3: unknown key "typ"; did you mean "type".',
      's.json:8: expect_column_values_to_be_in_set: the parameter "countries" has no value; give it by --param countries=VALUE.',
    ]);
  });

  it.each([
    [[1], "s.json:1: the suite: Invalid input: expected object, received array."],
    [{ name: "s" }, "s.json:1: the suite: expectations: expected the list of expectations."],
    [{ name: "s", expectation: [] }, 'unknown key "expectation"; did you mean "expectations".'],
    [{ name: "s", expectations: [{ kwargs: {} }] }, "expectation 1: has no type, such as"],
    [{ name: "s", expectations: [{ ...notNull, expectation_type: "b" }] }, "has two types"],
    [{ name: "s", expectations: [{ ...notNull, severity: "fatal" }] }, "severity: "],
    [{ name: "s", expectations: [{ type: notNull.type, kwargs: { column: null } }] }, "column: is missing"],
    [{ name: "s", expectations: [between({})] }, "expect_column_values_to_be_between: "],
    [
      {
        name: "s",
        expectations: [between({ min_value: 1, row_condition: "y == 9", condition_parser: "bad" })],
      },
      'condition_parser is "bad", expected one of',
    ],
    [
      {
        name: "s",
        expectations: [{ type: "expect_column_to_exist", kwargs: { column: "a", row_condition: "a > 1" } }],
      },
      "this expectation is about the table and takes no row_condition",
    ],
  ])("refuses %j", (suite, message) => {
    expect(refusal(suite)).toContain(message);
  });
});
