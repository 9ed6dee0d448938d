import { expect, it } from "vitest";
import { expectationRules } from "../../../src/data/gx/registry.ts";
import { readSuite } from "../../../src/data/gx/suite.ts";
import { expectationTable, suiteChecks } from "../../../src/data/gx/suite-checks.ts";
import { MlopsError } from "../../../src/errors.ts";
import { fc } from "../../support/fast-check.ts";
import { times } from "../../support/full.ts";

const runs = times(150, 4000);
const read = (text: string) => readSuite({ text, shown: "s.json", parameters: new Map(), now: new Date(0) });

const types = ["integer", "double", "decimal", "string", "boolean", "date", "timestamp", "other"] as const;
const tables = types.map((type) =>
  expectationTable({
    columns: ["a", "b"].map((name) => ({
      ...{ name, type, storedType: type, storedAs: type.toUpperCase() },
      ...{ storage: "typed", origin: "stored" },
    })),
    otherTables: ["other"],
    now: new Date(0),
  }),
);

/** What reading ends in; anything that is not an error of ours, of kind usage and with a place, is thrown on. */
function outcome(text: string): "read" | "refused" {
  try {
    const suite = read(text);
    for (const table of tables) expect(suiteChecks(suite, table)).toHaveLength(suite.expectations.length);
    return "read";
  } catch (error) {
    if (!(error instanceof MlopsError)) throw error;
    expect(error.kind).toBe("usage");
    for (const line of error.message.split("\n")) expect(line).toMatch(/^s\.json:\d+/);
    return "refused";
  }
}

const whole = JSON.stringify(
  {
    name: "s",
    expectations: [
      {
        type: "expect_column_values_to_be_between",
        kwargs: {
          column: "a",
          min_value: { $PARAMETER: "now() - timedelta(days=1)" },
          row_condition: { type: "comparison", column: { name: "a" }, operator: ">", parameter: 1 },
        },
        meta: { notes: ["x"] },
        severity: "warning",
      },
      {
        expectation_type: "expect_column_values_to_be_in_set",
        kwargs: { column: "é", value_set: [1, "a", null] },
      },
    ],
  },
  null,
  1,
);

it("reads a whole suite, and refuses it cut off at any place", () => {
  expect(outcome(whole)).toBe("read");
  for (let length = 0; length < whole.length; length += 1)
    expect(outcome(whole.slice(0, length))).toBe("refused");
});

it("reads or refuses a suite with any of its characters replaced", () => {
  const change = fc.tuple(fc.nat(whole.length - 1), fc.string({ maxLength: 3, unit: "binary" }));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
      const text = changes.reduce(
        (sum, [at, by]) => `${sum.slice(0, at)}${by}${sum.slice(at + by.length)}`,
        whole,
      );
      outcome(text);
    }),
    { numRuns: runs },
  );
});

it("reads or refuses any kwargs of any expectation", () => {
  const names = [
    ...new Set(Object.values(expectationRules).flatMap((rule) => rule.kwargNames)),
    "row_condition",
  ];
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom("a", 1, 0.5, -1, true, "2020-01-01", ["a", "b"], 'col("a") > 1', "a == 1 and"),
    fc.string().map((name) => ({ $PARAMETER: name })),
  );
  const kwargs = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 6 });
  const expectation = fc.record({
    type: fc.constantFrom(...Object.keys(expectationRules), "expect_nothing"),
    kwargs,
  });
  fc.assert(
    fc.property(fc.array(expectation, { maxLength: 4 }), (expectations) => {
      outcome(JSON.stringify({ name: "s", expectations }));
    }),
    { numRuns: runs },
  );
});
