import { randomExpectation } from "./gx-random-expectations.ts";
import { randomMisfit } from "./gx-random-misfits.ts";
import { days, doubles, pick, type Random, randomOf, times, whole, words } from "./gx-random-values.ts";

/** Random tables and expectations, from a seed: the same seed makes the same round in every run. */
export interface RandomRound {
  /** A query of DuckDB that makes the table. */
  readonly sql: string;
  readonly expectations: readonly RandomExpectation[];
}

export interface RandomExpectation {
  readonly id: string;
  readonly type: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** Column, its type in SQL, and how a value of it is made. */
const columns: Readonly<
  Record<string, { readonly type: string; readonly make: (random: Random) => string }>
> = {
  i: { type: "BIGINT", make: (random) => String(whole(random, -3, 6)) },
  n: { type: "BIGINT", make: (random) => String(whole(random, 0, 5)) },
  x: { type: "DOUBLE", make: (random) => String(pick(random, doubles)) },
  y: { type: "DOUBLE", make: (random) => String(pick(random, doubles)) },
  s: { type: "VARCHAR", make: (random) => pick(random, words) },
  r: { type: "VARCHAR", make: (random) => pick(random, words.slice(0, 5)) },
  d: { type: "DATE", make: (random) => pick(random, days) },
  t: { type: "TIMESTAMP", make: (random) => pick(random, times) },
  b: { type: "BOOLEAN", make: (random) => pick(random, ["true", "false"]) },
  c: { type: "BOOLEAN", make: (random) => pick(random, ["true", "false"]) },
  f: { type: "DOUBLE", make: (random) => pick(random, ["nan", "1", "2.5", "-3", "2"]) },
  g: { type: "DOUBLE", make: (random) => pick(random, ["inf", "1", "2.5", "-3", "-inf"]) },
  m: { type: "DECIMAL(9,2)", make: (random) => pick(random, ["1.10", "2.20", "3.30", "-0.05"]) },
};
/** The others have nulls, in shares of their own. */
const withoutNulls = ["i", "b"];

export function randomRound(seed: number, size: number): RandomRound {
  const random = randomOf(seed);
  const expectations = Array.from({ length: size }, (_, place) => ({
    id: `${seed}-${place}`,
    ...(random() < 0.7 ? randomExpectation(random) : randomMisfit(random)),
  }));
  return { sql: randomTable(random), expectations };
}

function randomTable(random: Random): string {
  const rows = pick(random, [0, 1, 2, 5, 12, 30]);
  const nullShares = new Map(
    Object.keys(columns).map((name) => [
      name,
      withoutNulls.includes(name) ? 0 : pick(random, [0, 0.1, 0.3, 1]),
    ]),
  );
  const row = () =>
    Object.entries(columns).map(([name, { type, make }]) => {
      const text = random() < (nullShares.get(name) ?? 0) ? "NULL" : `'${make(random)}'`;
      return `CAST(${text} AS ${type})`;
    });
  const values = Array.from({ length: rows }, () => `(${row().join(", ")})`);
  const names = Object.keys(columns).join(", ");
  if (rows === 0) return `SELECT * FROM (VALUES (${row().join(", ")})) AS t(${names}) WHERE false`;
  return `SELECT * FROM (VALUES ${values.join(", ")}) AS t(${names})`;
}
