import type { FailingRows } from "../plan/check.ts";
import type { FailingExample } from "../plan/engine.ts";
import type { Expression } from "../plan/expression.ts";
import type { RowsMeasure } from "../plan/measure.ts";
import { compileExpression } from "./compile-expression.ts";
import type { DuckDb, Row } from "./duckdb.ts";
import { rowsOf } from "./element-table.ts";
import { failingRowsSql, isOfTable, type RowsParts } from "./rows-sql.ts";
import { TableScope } from "./table-scope.ts";

interface Parts extends RowsParts {
  readonly db: DuckDb;
}

/** Rules whose rows are found by one query. */
const rulesPerQuery = 250;
/** With a space: no table of a contract can be called so. */
const gathered = '"failing rows"';

/** Finds failing values, and remembers them: reports that ask for the same rows, or for fewer, cost nothing more. */
export class Examples {
  readonly #parts: Parts;
  readonly #known = new Map<string, { readonly limit: number; readonly list: readonly FailingExample[] }>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** For each of `failing`: distinct values, most frequent first, then by value. All predicates on the same rows share a few scans. */
  async find(
    failing: readonly FailingRows[],
    limit: number,
  ): Promise<readonly (readonly FailingExample[])[]> {
    const keys = failing.map((one) => JSON.stringify(one));
    const open = new Map<string, FailingRows>();
    for (const [index, one] of failing.entries()) {
      const key = keys[index] ?? "";
      if ((this.#known.get(key)?.limit ?? -1) < limit) open.set(key, one);
    }
    const found = await findAll([...open.values()], limit, this.#parts);
    for (const [index, key] of [...open.keys()].entries())
      this.#known.set(key, { limit, list: found[index] ?? [] });
    return keys.map((key) => this.#known.get(key)?.list.slice(0, limit) ?? []);
  }
}

async function findAll(failing: readonly FailingRows[], limit: number, parts: Parts) {
  const found: (readonly FailingExample[])[] = failing.map(() => []);
  const counted: Counted[] = [];
  for (const [index, { rows, shown }] of failing.entries()) {
    if (shown.length === 0 || !isOfTable(rows)) continue;
    if (rows.kind === "count") counted.push({ index, rows, shown });
    else
      found[index] = await mostFrequent(failingRowsSql(rows, shown, parts), {
        width: shown.length,
        limit,
        db: parts.db,
      });
  }
  // Rules on the rows of the table, and those on the elements of one list.
  for (const group of Map.groupBy(counted, ({ rows }) => rows.elementsOf?.name).values()) {
    const own = { ...parts, table: rowsOf(group[0]?.rows ?? {}, parts.table) };
    const rules = await withTypes(group, own);
    for (let start = 0; start < rules.length; start += rulesPerQuery) {
      const chunk = rules.slice(start, start + rulesPerQuery);
      for (const [index, list] of await examplesOf(chunk, limit, own)) found[index] = list;
    }
  }
  return found;
}

interface Counted {
  readonly index: number;
  readonly rows: RowsMeasure & { readonly kind: "count" };
  readonly shown: readonly Expression[];
}

interface TypedRule extends Counted {
  /** The types of what is shown, as one text. */
  readonly types: string;
}

/** Rules that show values of the same types stand together: one query can show them. */
async function withTypes(rules: readonly Counted[], { db, table }: Parts): Promise<readonly TypedRule[]> {
  if (rules.length < 2) return rules.map((rule) => ({ ...rule, types: "" }));
  const scope = new TableScope(table);
  const compiled = rules.map(({ shown }) => shown.map((one) => compileExpression(one, scope)));
  const different = [...new Set(compiled.flat())];
  const list = different.map((sql, index) => `${sql} AS e${index}`).join(", ");
  const described = await db.query(`DESCRIBE SELECT ${list} FROM ${scope.from()}`);
  const typeOf = new Map(different.map((sql, index) => [sql, String(described[index]?.["column_type"])]));
  const typed = rules.map((rule, index) => ({
    ...rule,
    types: (compiled[index] ?? []).map((sql) => typeOf.get(sql)).join(),
  }));
  return [...Map.groupBy(typed, ({ types }) => types).values()].flat();
}

type Found = readonly (readonly [index: number, list: readonly FailingExample[]])[];

/** One scan gathers the failing rows of all the rules; values of one type are then counted together. */
async function examplesOf(rules: readonly TypedRule[], limit: number, parts: Parts): Promise<Found> {
  const { db, table } = parts;
  const scope = new TableScope(table);
  const names = new Map<string, string>();
  const named = rules.map(({ rows: { where }, shown }, rule): NamedRule => {
    const flag = where === undefined ? "true" : `(${compileExpression(where, scope)})`;
    const values = shown.map((one) => {
      const sql = compileExpression(one, scope);
      const name = names.get(sql) ?? `e${names.size}`;
      names.set(sql, name);
      return name;
    });
    return { flag, name: `b${rule}`, values };
  });
  const columns = [
    ...named.map(({ flag, name }) => `${flag} AS ${name}`),
    ...[...names].map(([sql, name]) => `${sql} AS ${name}`),
  ];
  const isAny = named.map(({ flag }) => flag).join(" OR ");
  const sql = `SELECT ${columns.join(", ")} FROM ${scope.from()} WHERE ${isAny}`;
  const groups = [...Map.groupBy(rules.keys(), (rule) => rules[rule]?.types ?? "").values()];
  const isKept = groups.length > 1;
  if (isKept) await db.query(`CREATE OR REPLACE TEMP TABLE ${gathered} AS ${sql}`);
  const found: (readonly [number, readonly FailingExample[]])[] = [];
  for (const group of groups) {
    const asked = group.flatMap((rule) => named[rule] ?? []);
    const lists = await countedTogether(asked, { from: isKept ? gathered : `(${sql})`, limit, db });
    for (const [place, rule] of group.entries()) found.push([rules[rule]?.index ?? -1, lists[place] ?? []]);
  }
  if (isKept) await db.query(`DROP TABLE ${gathered}`);
  return found;
}

interface NamedRule {
  readonly flag: string;
  /** Of the flag. */
  readonly name: string;
  /** The names of what is shown. */
  readonly values: readonly string[];
}

interface Gathered {
  /** A table of the flags and the values. */
  readonly from: string;
  readonly limit: number;
  readonly db: DuckDb;
}

/** One query for rules whose values have the same types: each row stands there once for each rule that it breaks. */
async function countedTogether(
  rules: readonly NamedRule[],
  { from, limit, db }: Gathered,
): Promise<readonly (readonly FailingExample[])[]> {
  const [first] = rules;
  if (first === undefined) return [];
  const names = first.values.map((_, index) => `s${index}`);
  if (rules.length === 1) {
    const list = first.values.map((value, index) => `${value} AS s${index}`).join(", ");
    const rows = `SELECT ${list} FROM ${from} WHERE ${first.name}`;
    return [await mostFrequent(rows, { width: names.length, limit, db })];
  }
  const entries = rules.map(({ name, values }, rule) => {
    const shown = values.map((value, index) => `'s${index}': ${value}`).join(", ");
    return `{'r': CASE WHEN ${name} THEN ${rule} END, ${shown}}`;
  });
  const list = names.map((name) => `e.${name} AS ${name}`).join(", ");
  const order = `n DESC, ${names.join(", ")}`;
  const rows = await db.query(
    `SELECT r, ${names.join(", ")}, count(*) AS n
FROM (SELECT e.r AS r, ${list} FROM (SELECT unnest([${entries.join(", ")}]) AS e FROM ${from})) WHERE r IS NOT NULL
GROUP BY r, ${names.join(", ")} QUALIFY row_number() OVER (PARTITION BY r ORDER BY ${order}) <= ${limit} ORDER BY r, ${order}`,
  );
  const lists = Map.groupBy(rows, (row) => Number(row["r"]));
  return rules.map((_, rule) => (lists.get(rule) ?? []).map((row) => exampleOf(row, names)));
}

async function mostFrequent(
  rowsSql: string,
  { width, limit, db }: { readonly width: number; readonly limit: number; readonly db: DuckDb },
): Promise<readonly FailingExample[]> {
  const names = Array.from({ length: width }, (_, index) => `s${index}`);
  const found = await db.query(
    `SELECT ${names.join(", ")}, count(*) AS n FROM (${rowsSql}) GROUP BY ALL ORDER BY n DESC, ${names.join(", ")} LIMIT ${limit}`,
  );
  return found.map((row) => exampleOf(row, names));
}

function exampleOf(row: Row, names: readonly string[]): FailingExample {
  return { values: names.map((name) => row[name] ?? null), count: Number(row["n"]) };
}
