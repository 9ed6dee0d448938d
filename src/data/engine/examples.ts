import type { FailingRows } from "../plan/check.ts";
import type { FailingExample } from "../plan/engine.ts";
import type { Expression } from "../plan/expression.ts";
import type { RowsMeasure } from "../plan/measure.ts";
import { compileExpression } from "./compile-expression.ts";
import type { DuckDb } from "./duckdb.ts";
import { rowsOf } from "./element-table.ts";
import { failingRowsSql, isOfTable, type RowsParts } from "./rows-sql.ts";
import { TableScope } from "./table-scope.ts";

interface Parts extends RowsParts {
  readonly db: DuckDb;
}

/** Rules whose rows are gathered by one scan. */
const rulesPerScan = 50;
/** With a space: no table of a contract can be called so. */
const gathered = '"failing rows"';

/** For each of `failing`: distinct values, most frequent first, then by value. All predicates on the same rows share one scan. */
export async function findExamples(
  failing: readonly FailingRows[],
  limit: number,
  parts: Parts,
): Promise<readonly (readonly FailingExample[])[]> {
  const found: (readonly FailingExample[])[] = failing.map(() => []);
  const together: Counted[] = [];
  for (const [index, { rows, shown }] of failing.entries()) {
    if (shown.length === 0) continue;
    if (rows.kind === "count") together.push({ index, rows, shown });
    else if (isOfTable(rows))
      found[index] = await mostFrequent(failingRowsSql(rows, shown, parts), {
        width: shown.length,
        limit,
        db: parts.db,
      });
    else if (rows.kind === "query") found[index] = [];
  }
  for (const group of Map.groupBy(together, ({ rows }) => rows.elementsOf?.name).values()) {
    for (let start = 0; start < group.length; start += rulesPerScan) {
      const rules = group.slice(start, start + rulesPerScan);
      const lists = await gatheredExamples(rules, limit, parts);
      for (const [position, list] of lists.entries()) found[rules[position]?.index ?? -1] = list;
    }
  }
  return found;
}

interface Counted {
  readonly index: number;
  readonly rows: RowsMeasure & { readonly kind: "count" };
  readonly shown: readonly Expression[];
}

/** Of rules that are all about the same rows, those of the table or the elements of one list. */
async function gatheredExamples(rules: readonly Counted[], limit: number, { db, table }: Parts) {
  const scope = new TableScope(rowsOf(rules[0]?.rows ?? {}, table));
  const flags = rules.map(({ rows: { where } }) =>
    where === undefined ? "true" : `(${compileExpression(where, scope)})`,
  );
  const columns = rules.flatMap(({ shown }, rule) => [
    `${flags[rule]} AS b${rule}`,
    ...shown.map((one, index) => `${compileExpression(one, scope)} AS r${rule}_${index}`),
  ]);
  const sql = `SELECT ${columns.join(", ")} FROM ${scope.from()} WHERE ${flags.join(" OR ")}`;
  if (rules.length > 1) await db.query(`CREATE OR REPLACE TEMP TABLE ${gathered} AS ${sql}`);
  const from = rules.length > 1 ? gathered : `(${sql})`;
  const lists: (readonly FailingExample[])[] = [];
  for (const [rule, { shown }] of rules.entries()) {
    const names = shown.map((_, index) => `r${rule}_${index} AS s${index}`).join(", ");
    lists.push(
      await mostFrequent(`SELECT ${names} FROM ${from} WHERE b${rule}`, { width: shown.length, limit, db }),
    );
  }
  if (rules.length > 1) await db.query(`DROP TABLE ${gathered}`);
  return lists;
}

async function mostFrequent(
  rowsSql: string,
  { width, limit, db }: { readonly width: number; readonly limit: number; readonly db: DuckDb },
): Promise<readonly FailingExample[]> {
  const names = Array.from({ length: width }, (_, index) => `s${index}`);
  const found = await db.query(
    `SELECT ${names.join(", ")}, count(*) AS n FROM (${rowsSql}) GROUP BY ALL ORDER BY n DESC, ${names.join(", ")} LIMIT ${limit}`,
  );
  return found.map((row) => ({ values: names.map((name) => row[name] ?? null), count: Number(row["n"]) }));
}
