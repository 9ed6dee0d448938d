import { fc } from "../../support/fast-check.ts";

/** A column as SQL expressions over the row number `i` and a random number `r` of 0..1. */
interface RandomColumn {
  readonly name: string;
  readonly sql: string;
}

const bases: Readonly<Record<string, string>> = {
  id: "i",
  "order id": "'o-' || lpad(i::VARCHAR, 6, '0')",
  uuid: "uuid()::VARCHAR",
  age: "(18 + r * 60)::INTEGER",
  year: "(1971 + r * 20)::INTEGER",
  amount: "r * 1000 - 100",
  tiny: "r / 1e6",
  huge: "(r * 1e18)::BIGINT",
  price: "(r * 99)::DECIMAL(18, 4)",
  constant: "7",
  flag: "r < 0.5",
  code: "(r * 4)::INTEGER",
  country: "['DE', 'FR', 'NO', 'null', '0'][1 + (r * 4)::INTEGER]",
  rare: "CASE WHEN i = 3 THEN 'once' ELSE ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'k', 'm', 'n'][1 + (r * 10)::INTEGER] END",
  email: "'p' || i || '@example.com'",
  note: "repeat('é,', (r * 9)::INTEGER) || chr(10)",
  day: "DATE '2020-01-01' + (r * 999)::INTEGER",
  at: "TIMESTAMP '2020-01-01 00:00:00' + to_seconds((r * 1e7)::BIGINT)",
  zip: "lpad((r * 99999)::INTEGER::VARCHAR, 5, '0')",
  mixed: "CASE WHEN i % 7 = 0 THEN 'x' ELSE i::VARCHAR END",
  ratio: "CASE WHEN i = 1 THEN 'NaN'::DOUBLE WHEN i = 2 THEN 'Infinity'::DOUBLE ELSE r END",
};

const column = fc
  .record({
    base: fc.constantFrom(...Object.keys(bases)),
    name: fc.constantFrom("", " (2)", '"; drop', "_é"),
    missing: fc.constantFrom(0, 0, 0.01, 0.3, 1),
    salt: fc.integer({ min: 1, max: 1000 }),
  })
  .map(({ base, name, missing, salt }): RandomColumn => {
    const value = (bases[base] ?? "i").replaceAll(/\br\b/g, `((hash(i, ${salt}) % 10000) / 10000.0)`);
    const isMissing = missing === 1 ? "true" : `(hash(i, ${salt + 1}) % 1000) < ${missing * 1000}`;
    return {
      name: `${base}${name}`,
      sql: missing === 0 ? value : `CASE WHEN ${isMissing} THEN NULL ELSE ${value} END`,
    };
  });

/** A SELECT that makes a table of random columns; the same text makes the same table, but for uuids. */
export const randomTable: fc.Arbitrary<string> = fc
  .record({
    columns: fc.uniqueArray(column, {
      minLength: 1,
      maxLength: 8,
      selector: ({ name }) => name.toLowerCase(),
    }),
    rows: fc.constantFrom(0, 1, 2, 19, 40, 300, 2000),
  })
  .map(({ columns, rows }) => {
    const list = columns.map(({ name, sql }) => `${sql} AS "${name.replaceAll('"', '""')}"`).join(", ");
    return `SELECT ${list} FROM range(1, ${rows + 1}) numbers(i)`;
  });
