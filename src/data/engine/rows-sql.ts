import type { Expression } from "../plan/expression.ts";
import type { RowsMeasure } from "../plan/measure.ts";
import { compileExpression } from "./compile-expression.ts";
import { quoteIdentifier } from "./sql.ts";
import { type EngineTable, TableScope } from "./table-scope.ts";

/** The name that user queries and references know another table by is a view of this name. */
export const viewOf = (table: string): string => quoteIdentifier(table);

/** Kinds whose rows SQL can find by itself. */
export type SqlRowsMeasure = Exclude<RowsMeasure, { readonly kind: "failing-test" | "query" | "table-rows" }>;

/** One row `n`: how many rows break the rule. */
export function countRowsSql(measure: SqlRowsMeasure, table: EngineTable): string {
  return `SELECT count(*) AS n FROM (${failingRowsSql(measure, [], table)})`;
}

/** The rows that break the rule, with the columns s0, s1, … of `shown`. */
export function failingRowsSql(
  measure: SqlRowsMeasure,
  shown: readonly Expression[],
  table: EngineTable,
): string {
  const scope = new TableScope(table);
  const columns = shown.map((one, index) => `${compileExpression(one, scope)} AS s${index}`);
  const list = columns.length === 0 ? ["1 AS one"] : columns;
  const where = measure.where === undefined ? "true" : compileExpression(measure.where, scope);
  switch (measure.kind) {
    case "count":
      return `SELECT ${list.join(", ")} FROM ${scope.from()} WHERE ${where}`;
    case "duplicates": {
      const keys = measure.keys.map((key) => compileExpression(key, scope));
      const windowed = `count(*) OVER (PARTITION BY ${keys.join(", ")})`;
      return `SELECT ${list.join(", ")} FROM ${scope.from()} WHERE ${where} QUALIFY ${windowed} > 1`;
    }
    case "disorder":
      return disorderSql(measure, list, { scope, where });
    case "unmatched": {
      const keys = measure.keys.map((key) => compileExpression(key, scope));
      const matches = keys.map(
        (key, index) => `${key} = other.${quoteIdentifier(measure.tableKeys[index] ?? "")}`,
      );
      return `SELECT ${list.join(", ")} FROM ${scope.from()} AS t WHERE (${where}) AND NOT EXISTS (SELECT 1 FROM ${viewOf(measure.table)} AS other WHERE ${matches.join(" AND ")})`;
    }
  }
}

/** A window without an order goes through the rows as they come, which is the order of the files (DuckDB keeps it). */
function disorderSql(
  measure: SqlRowsMeasure & { readonly kind: "disorder" },
  list: readonly string[],
  { scope, where }: { readonly scope: TableScope; readonly where: string },
): string {
  const of = compileExpression(measure.of, scope);
  const sign = measure.direction === "increasing" ? ">" : "<";
  const operator = measure.strictly ? sign : `${sign}=`;
  const names = list.map((one) => /AS (\w+)$/.exec(one)?.[1] ?? "one");
  const inner = `SELECT ${list.join(", ")}, ${of} AS value, lag(${of}) OVER () AS before FROM ${scope.from()} WHERE ${where}`;
  return `SELECT ${names.join(", ")} FROM (${inner}) WHERE before IS NOT NULL AND NOT (value ${operator} before)`;
}
