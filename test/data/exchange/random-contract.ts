import { fc } from "../../support/fast-check.ts";

type Rules = Readonly<Record<string, unknown>>;

const label = fc.stringMatching(/^[a-z][a-z ]{0,8}[a-z]$/);
const severity = fc.constantFrom("fail", "warn", "info");
const share = fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100);
/** In the words that come back: names quoted, terms in brackets. */
const when = fc.constantFrom(
  `"region" = 'DE'`,
  '"channel" IS NOT NULL',
  '("a" > 1 AND "b" <= 2.5)',
  `"x" IN ('it''s', 'b')`,
);

/** What may stand beside the value of a rule. */
interface NotesOf {
  readonly allow?: boolean;
  readonly when?: boolean;
  readonly severity?: readonly ("fail" | "warn" | "info")[];
  readonly name?: boolean;
}

function noted<T>(value: fc.Arbitrary<T>, notes: NotesOf): fc.Arbitrary<unknown> {
  const beside = fc.record(
    {
      severity: notes.severity === undefined ? severity : fc.constantFrom(...notes.severity),
      ...(notes.name === false ? {} : { name: label, description: label }),
      ...(notes.allow === true ? { allow: share } : {}),
      ...(notes.when === true ? { when } : {}),
    },
    { requiredKeys: [] },
  );
  return fc.oneof(
    value,
    fc.record({ value, beside }).map(({ value: inner, beside: more }) => ({ value: inner, ...more })),
  );
}

const number = fc.integer({ min: -1000, max: 1000 }).map((value) => value / 4);
const ordered = fc.tuple(number, number).map(([a, b]): [number, number] => (a < b ? [a, b] : [b, a + 1]));
const range = fc.tuple(ordered, fc.constantFrom("min", "max", "both")).map(([[min, max], which]) => ({
  ...(which === "max" ? {} : { min }),
  ...(which === "min" ? {} : { max }),
}));
const lengths = fc.tuple(fc.nat(5), fc.nat(20)).map(([min, more]) => ({ min, max: min + more }));
const words = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 });
const pattern = fc.constantFrom("^[a-z]+$", "a|b", "^\\d{4}-\\d{2}$", "x$", "(?:é|\\.)");
const nulls = fc.oneof(
  fc.constantFrom("never", "allow"),
  share.map((max_ratio) => ({ max_ratio })),
);
const day = fc
  .integer({ min: 0, max: 20_000 })
  .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10));

/** Which kinds of rules a format has a counterpart for. */
export interface Abilities {
  readonly row: NotesOf;
  readonly figure: NotesOf;
  readonly aggregates: boolean;
  readonly nullRatio: boolean;
}

function numberCard(has: Abilities): fc.Arbitrary<Rules> {
  return ordered.chain(([low, high]) =>
    fc.record(
      {
        type: fc.constantFrom("integer", "double"),
        nulls: has.nullRatio ? nulls : fc.constantFrom("never", "allow"),
        min: noted(fc.constant(low), has.row),
        max: noted(fc.constant(high), has.row),
        not_values: noted(fc.uniqueArray(number, { minLength: 1, maxLength: 3 }), has.row),
        unique: fc.constant(true),
        ...(has.aggregates
          ? { mean: noted(range, has.figure), sum: noted(range, has.figure), stdev: noted(range, has.figure) }
          : {}),
      },
      { requiredKeys: ["type"] },
    ),
  );
}

function strictCard(has: Abilities): fc.Arbitrary<Rules> {
  return ordered.chain(([low, high]) =>
    fc.record(
      {
        type: fc.constant("double"),
        greater_than: noted(fc.constant(low), has.row),
        less_than: noted(fc.constant(high), has.row),
      },
      { requiredKeys: ["type"] },
    ),
  );
}

function textCard(has: Abilities): fc.Arbitrary<Rules> {
  return fc.record(
    {
      type: fc.constant("string"),
      nulls: has.nullRatio ? nulls : fc.constantFrom("never", "allow"),
      values: noted(words, has.row),
      pattern: noted(pattern, has.row),
      not_pattern: noted(fc.constantFrom("^\\s", "[0-9]"), has.row),
      length: noted(lengths, has.row),
      unique: fc.constant(true),
    },
    { requiredKeys: ["type"] },
  );
}

function timeCard(has: Abilities): fc.Arbitrary<Rules> {
  return fc.tuple(day, day, fc.constantFrom("date", "timestamp")).chain(([a, b, type]) =>
    fc.record(
      {
        type: fc.constant(type),
        min: noted(fc.constant([a, b].toSorted()[0]), has.row),
        max: noted(fc.constant([a, b].toSorted()[1]), has.row),
      },
      { requiredKeys: ["type"] },
    ),
  );
}

/** Contracts of named columns and a number of rows, whose rules all have a counterpart in a format of these abilities. */
export function randomContract(has: Abilities): fc.Arbitrary<Rules> {
  const card = fc.oneof(numberCard(has), strictCard(has), textCard(has), timeCard(has));
  const name = fc.oneof(
    fc.stringMatching(/^[a-z][a-z_]{0,9}$/),
    fc.constantFrom("the Größe", '"; drop', "no", "1e5", "a.b"),
  );
  return fc.uniqueArray(name, { minLength: 1, maxLength: 5 }).chain((names) =>
    fc.record({
      columns: fc.tuple(...names.map((one) => card.map((rules) => ({ name: one, ...rules })))),
    }),
  );
}
