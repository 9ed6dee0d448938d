import { fc } from "../support/fast-check.ts";

export type Kind = "integer" | "double" | "decimal" | "string" | "boolean" | "date" | "timestamp";

export interface RandomColumn {
  readonly name: string;
  readonly kind: Kind;
  /** As a file holds them, and as JavaScript's own BigInt and Number read them; null is no value. */
  readonly values: readonly (string | null)[];
  readonly rules: Rules;
}

/** The rules of a card as they are tried here. */
interface Rules {
  readonly nulls?: "never" | { readonly max_ratio: number };
  readonly min?: number | string;
  readonly max?: number | string;
  readonly values?: readonly (number | string)[];
  readonly unique?: boolean;
}

const texts: Readonly<Record<Kind, fc.Arbitrary<string>>> = {
  integer: fc.oneof(
    fc.integer({ min: -3, max: 3 }).map(String),
    fc.constantFrom("9007199254740992", "9007199254740993", "-9007199254740993"),
    fc.constantFrom("9223372036854775807", "-9223372036854775808"),
  ),
  double: fc.oneof(
    fc.integer({ min: -3, max: 3 }).map(String),
    fc.constantFrom("0.5", "-0.5", "1e300", "-1e-300", "0.1"),
    fc.constantFrom("NaN", "inf", "-inf"),
  ),
  decimal: fc.oneof(
    fc.integer({ min: -3, max: 3 }).map((number) => `${number}.0000`),
    fc.constantFrom("0.1000", "0.3000", "9007199254740993.0000"),
    fc.constantFrom("1234567890123456789012345678901234.5678", "1234567890123456789012345678901234.5679"),
  ),
  string: fc.constantFrom("a", "A", "b", "é", "e\u0301", "😀", "x y", "'", "007", "7", "NULL"),
  boolean: fc.constantFrom("true", "false"),
  date: fc.constantFrom("2026-01-31", "2026-02-01", "1900-01-01", "2024-02-29"),
  timestamp: fc.constantFrom(
    ...["2026-01-31 10:00:00+00:00", "2026-01-31 12:00:00+02:00", "2026-01-31 10:00:00.000001+00:00"],
    ...["1969-12-31 23:59:59.999999+00:00", "2026-02-01 00:00:00+00:00"],
  ),
};

const times = fc.constantFrom("2026-01-31", "2026-02-01", "1970-01-01");
const bounds: Readonly<Record<Kind, fc.Arbitrary<number | string> | undefined>> = {
  integer: fc.constantFrom(-3, -1, 0, 1, 2, 0.5, 9_007_199_254_740_992, 1e19, -1e19),
  double: fc.constantFrom(-3, -0.5, 0, 0.1, 2, 1e299),
  decimal: fc.constantFrom(-3, 0, 0.1, 0.3, 2.5, 9_007_199_254_740_992),
  string: undefined,
  boolean: undefined,
  date: times,
  timestamp: fc.oneof(times, fc.constantFrom("2026-01-31T10:00:00Z", "2026-01-31T11:00:00+01:00")),
};

function rulesFor(kind: Kind): fc.Arbitrary<Rules> {
  const bound = bounds[kind];
  const isListed = kind === "string" || kind === "integer";
  const listed: fc.Arbitrary<string | number> =
    kind === "string" ? texts.string : fc.integer({ min: -3, max: 3 });
  const shares = fc.constantFrom(0, 0.05, 0.25, 0.5, 1).map((max_ratio) => ({ max_ratio }));
  return fc
    .record(
      {
        nulls: fc.oneof(fc.constant("never" as const), shares),
        unique: fc.boolean(),
        ...(bound === undefined ? {} : { min: bound, max: bound }),
        ...(isListed ? { values: fc.uniqueArray(listed, { minLength: 1, maxLength: 4 }) } : {}),
      },
      { requiredKeys: [] },
    )
    .filter(({ min, max }) => min === undefined || max === undefined || min <= max);
}

const kinds: readonly Kind[] = ["integer", "double", "decimal", "string", "boolean", "date", "timestamp"];

/** One to four columns of one length from 0 to 9, each with rules that may hold or not. */
export const randomTable: fc.Arbitrary<readonly RandomColumn[]> = fc
  .record({ rows: fc.nat(9), width: fc.integer({ min: 1, max: 4 }) })
  .chain(({ rows, width }) =>
    fc.tuple(...Array.from({ length: width }, (_, index) => randomColumn(`c${index}`, rows))),
  );

function randomColumn(name: string, rows: number): fc.Arbitrary<RandomColumn> {
  return fc.constantFrom(...kinds).chain((kind) =>
    fc.record({
      name: fc.constant(name),
      kind: fc.constant(kind),
      values: fc.array(fc.option(texts[kind], { freq: 5 }), { minLength: rows, maxLength: rows }),
      rules: rulesFor(kind),
    }),
  );
}
