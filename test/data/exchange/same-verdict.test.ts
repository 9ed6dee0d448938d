import { describe, expect, it } from "vitest";
import { contractFileSchema } from "../../../src/data/contract/contract.ts";
import { writtenExpectations } from "../../../src/data/contract/programs.ts";
import { readSuite, type Suite } from "../../../src/data/gx/suite.ts";
import { fc } from "../../support/fast-check.ts";
import { times } from "../../support/full.ts";
import { judged, parquet } from "../judgements.ts";
import { imported } from "./imported.ts";

const now = new Date("2026-11-22T12:00:00Z");
const number = fc.integer({ min: -2, max: 12 });
const mostly = fc.constantFrom(1, 1, 0.9, 0.75, 0.5, 0);
const numeric = fc.constantFrom("i", "x", "few");
const text = fc.constantFrom("s", "key");
const condition = fc.constantFrom(
  undefined,
  undefined,
  'col("few") > 1',
  'col("s").notnull()',
  { type: "comparison", column: { name: "s" }, operator: "!=", parameter: "a" },
  { type: "nullity", column: { name: "x" }, is_null: false },
);

type Kwargs = Readonly<Record<string, unknown>>;
interface Written {
  readonly type: string;
  readonly kwargs: Kwargs;
}

function expectation(type: string, kwargs: fc.Arbitrary<Kwargs>, isMap = true): fc.Arbitrary<Written> {
  return fc.record({ kwargs, mostly, row_condition: condition }).map((made) => {
    const { row_condition } = made;
    return {
      type: `expect_column_${type}`,
      kwargs: {
        ...made.kwargs,
        ...(isMap ? { mostly: made.mostly } : {}),
        ...(row_condition === undefined ? {} : { row_condition }),
        ...(typeof row_condition === "string" ? { condition_parser: "great_expectations" } : {}),
      },
    };
  });
}

const ends = fc.oneof(
  number.map((min_value) => ({ min_value })),
  number.map((max_value) => ({ max_value })),
  fc.tuple(number, fc.nat(8)).map(([low, more]) => ({ min_value: low, max_value: low + more })),
);
const strict = fc.record({ strict_min: fc.boolean(), strict_max: fc.boolean() }, { requiredKeys: [] });
const bounded = (column: fc.Arbitrary<string>) =>
  fc.tuple(column, ends).map(([name, range]) => ({ column: name, ...range }));
const strictly = fc.tuple(bounded(numeric), strict).map(([range, how]) => ({ ...range, ...how }));
const shares = fc.tuple(numeric, fc.constantFrom(0, 0.2, 0.5), fc.constantFrom(0.5, 0.9, 1));
const set = (column: fc.Arbitrary<string>, value: fc.Arbitrary<unknown>) =>
  fc.record({ column, value_set: fc.uniqueArray(value, { minLength: 1, maxLength: 3 }) });
const regex = fc.record({ column: text, regex: fc.constantFrom("a", "^k", "\\d$", "^(a|b)$", "é") });

const random = fc.oneof(
  expectation("values_to_be_between", strictly),
  expectation(
    "values_to_be_in_set",
    fc.oneof(set(numeric, number), set(text, fc.constantFrom("a", "b", "é", "k1"))),
  ),
  expectation(
    "values_to_not_be_in_set",
    fc.oneof(set(numeric, number), set(text, fc.constantFrom("a", "z"))),
  ),
  expectation("values_to_match_regex", regex),
  expectation("values_to_not_match_regex", regex),
  expectation("value_lengths_to_be_between", bounded(text)),
  expectation("values_to_not_be_null", fc.record({ column: fc.constantFrom("i", "x", "s") })),
  expectation("values_to_be_unique", fc.record({ column: fc.constantFrom("i", "x", "few", "s", "key") })),
  expectation("values_to_be_increasing", fc.record({ column: numeric, strictly: fc.boolean() })),
  ...["mean", "median", "stdev", "sum"].map((name) =>
    expectation(`${name}_to_be_between`, bounded(numeric), false),
  ),
  expectation("unique_value_count_to_be_between", bounded(fc.oneof(numeric, text)), false),
  expectation(
    "proportion_of_unique_values_to_be_between",
    shares.map(([column, min_value, max_value]) => ({ column, min_value, max_value })),
    false,
  ),
);

const table = `SELECT i, CASE WHEN i % 4 = 0 THEN NULL ELSE i / 2.0::DOUBLE END AS x, (i % 3)::INTEGER AS few,
  [NULL, 'a', 'b', 'é', 'a'][1 + (i % 5)::INTEGER] AS s, 'k' || i AS key FROM range(10) numbers(i)`;

function suiteOf(expectations: readonly object[]): Suite {
  return readSuite({
    text: JSON.stringify({ name: "s", expectations, meta: {} }),
    shown: "s.json",
    parameters: new Map(),
    now,
  });
}

describe("an expectation and the rule that it becomes", () => {
  async function bothVerdicts(file: string, written: Written): Promise<readonly [string, string]> {
    const settings = { maxNullRatio: 1, minRows: 0 };
    const native = await judged(file, {}, { ...settings, suites: [suiteOf([written])] });
    const { contract } = imported({ name: "s", expectations: [written], meta: {} });
    const { version: _, ...rules } = contractFileSchema.parse(contract);
    const stated = writtenExpectations(rules).map(({ type, kwargs }) => ({ type, kwargs }));
    const suites = stated.length === 0 ? [] : [suiteOf(stated)];
    const ours = await judged(file, rules, { ...settings, suites });
    return [native.verdict, ours.verdict];
  }

  it("come to the same verdict", async () => {
    const file = await parquet(table);
    await fc.assert(
      fc.asyncProperty(random, async (written) => {
        const [native, ours] = await bothVerdicts(file, written);
        expect(ours).toBe(native);
      }),
      { numRuns: times(40, 400) },
    );
  }, 300_000);
});
