import { describe, expect, it } from "vitest";
import { schemaProblems } from "../../../src/config/check.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import { contractFileSchema } from "../../../src/data/contract/contract.ts";

/** What a user is told about a contract. */
function problemsOf(text: string): string[] {
  const file = parseConfig(text, "c.yaml", ".");
  const parsed = contractFileSchema.safeParse(file.values);
  if (parsed.success) return [];
  return schemaProblems(file, contractFileSchema, { issues: parsed.error.issues, prefix: [] });
}

describe("what is wrong with a contract", () => {
  it.each([
    ["colums: []", 'c.yaml:1: unknown key "colums"; did you mean "columns".'],
    ["columns:\n  - name: a\n    mn: 3", 'c.yaml:3: unknown key "columns.0.mn"; did you mean "min".'],
    [
      "columns:\n  - {name: a, min: {value: 1, alow: 1}}",
      'c.yaml:2: unknown key "columns.0.min.alow"; did you mean "allow".',
    ],
    [
      "columns:\n  - {name: a, mean: {mni: 1}}",
      'c.yaml:2: unknown key "columns.0.mean.mni"; did you mean "min".',
    ],
    ["rows: {chang: [1, 2]}", 'c.yaml:1: unknown key "rows.chang"; did you mean "change".'],
    [
      "checks:\n  - assert: a > 1\n    alow: 1%",
      'c.yaml:3: unknown key "checks.0.alow"; did you mean "allow".',
    ],
    [
      "checks:\n  - {sql: select 1, severty: warn}",
      'c.yaml:2: unknown key "checks.0.severty"; did you mean "severity".',
    ],
    [
      "checks:\n  - {sql: select 1, allow: 1%}",
      'c.yaml:2: "checks.0.allow" does not go with the keys beside it.',
    ],
    ["checks:\n  - {scrpt: x}", 'c.yaml:2: unknown key "checks.0.scrpt"; did you mean "script".'],
    ["checks:\n  - {name: x}", "a check is one of assert, in, sql, script, expect"],
    [
      "columns:\n  - {name: a, drift: {max: 0.1}}",
      "c.yaml:2: columns.0.drift: comes with a later version of mlops",
    ],
    ["label: {column: a}", "c.yaml:1: label: comes with a later version of mlops"],
    ["columns:\n  - name: a\n    max: 1\n    min: 2", "c.yaml:4: columns.0.min: 2 is more than max 1."],
    ["columns:\n  - {name: a, pattern: '(a'}", "c.yaml:2: columns.0.pattern: is no regular expression:"],
    ["columns:\n  - {name: a, nulls: 5}", "expected never, allow, or settings such as {max_ratio: 5%}"],
    [
      "columns:\n  - {name: a}\n  - {name: a}",
      'c.yaml:3: columns.1.name: "a" has two cards; put all its rules into one.',
    ],
    ["freshness: {column: a, max_age: 24}", "expected a time span with its unit, such as 24h or 7d"],
    ["checks:\n  - {script: 'a | b'}", 'is run without a shell, which "|" needs'],
    [
      "checks:\n  - {expect: expect_x, when: a > 1}",
      "checks.0.when: is no kwarg of an expectation: write row_condition.",
    ],
    [
      "columns:\n  - {name: 'items[]price'}",
      'c.yaml:2: columns.0.name: "items[]price" is no path into a list: write items[] for its elements',
    ],
    [
      "unique:\n  - ['items[].sku', 'tags[]']",
      "c.yaml:2: unique.0: tags[] and items[] are lists apart: an element of the one has no element of the other",
    ],
    [
      "checks:\n  - in: {columns: ['a[].b', 'a[].c[]', 'c[]'], data: x}",
      "checks.0.in.columns: c[] and a[].c[]",
    ],
    ["freshness: {column: '[].at', max_age: 1h}", 'freshness.column: "[].at" is no path into a list'],
  ])("is said with its line: %j", (text, words) => {
    expect(problemsOf(text).join("\n")).toContain(words);
  });

  it("is said all at once", () => {
    const text =
      "rows: {mn: 1}\nextra_columns: no\ncolumns:\n  - {name: a, typ: integer, max: [1]}\nchecks:\n  - {assert: ''}\n";
    expect(problemsOf(text).map((line) => line.split(": ")[0])).toEqual(
      expect.arrayContaining(["c.yaml:1", "c.yaml:2", "c.yaml:4", "c.yaml:6"]),
    );
    expect(problemsOf(text)).toHaveLength(5);
  });
});
