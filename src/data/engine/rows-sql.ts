import type { Expression } from "../plan/expression.ts";
import type { RowsMeasure } from "../plan/measure.ts";
import { compileExpression } from "./compile-expression.ts";
import { listColumn, rowsOf } from "./element-table.ts";
import type { EngineTable } from "./engine-table.ts";
import type { FailingTexts } from "./failing-texts.ts";
import { quoteIdentifier } from "./sql.ts";
import { TableScope } from "./table-scope.ts";

/** Kinds that fail on rows of the table itself. */
type TableRowsMeasure = Exclude<RowsMeasure, { readonly kind: "query" | "table-rows" }>;

export interface RowsParts {
  readonly table: EngineTable;
  readonly texts: FailingTexts;
}

export function isOfTable(measure: RowsMeasure): measure is TableRowsMeasure {
  return measure.kind !== "query" && measure.kind !== "table-rows";
}

/** One row `n`: how many rows break the rule. */
export function countRowsSql(measure: TableRowsMeasure, parts: RowsParts): string {
  return `SELECT count(*) AS n FROM (${failingRowsSql(measure, [], parts)})`;
}

/** The rows that break the rule, in the order of the files, with the columns s0, s1, … of `shown`. */
export function failingRowsSql(
  measure: TableRowsMeasure,
  shown: readonly Expression[],
  { table, texts }: RowsParts,
): string {
  const scope = new TableScope(
    rowsOf(measure, table, { places: true, listNumbers: measure.kind === "disorder" }),
  );
  const columns = shown.map((one, index) => `${compileExpression(one, scope)} AS s${index}`);
  const list = columns.length === 0 ? "1 AS one" : columns.join(", ");
  const names = columns.length === 0 ? "one" : columns.map((_, index) => `s${index}`).join(", ");
  const where = measure.where === undefined ? "true" : `(${compileExpression(measure.where, scope)})`;
  switch (measure.kind) {
    case "count":
      return `SELECT ${list} FROM ${scope.from()} WHERE ${where}`;
    case "duplicates": {
      const keys = measure.keys.map((key) => compileExpression(key, scope)).join(", ");
      const inner = `SELECT ${list}, row_number() OVER () AS place, ${keys === "" ? "1" : `row(${keys})`} AS k FROM ${scope.from()} WHERE ${where}`;
      return `SELECT ${names} FROM (SELECT *, count(*) OVER (PARTITION BY k) AS n FROM (${inner})) WHERE n > 1 ORDER BY place`;
    }
    case "disorder":
      return `SELECT ${names} FROM (${neighboursSql(measure, { list, where }, scope)}) WHERE before IS NOT NULL AND ${outOfOrder(measure)}`;
    case "failing-test": {
      const found = texts.tableOf(measure);
      if (found === undefined) throw new Error(`the test ${measure.test.test} was not run`);
      const of = compileExpression(measure.of, scope);
      return `SELECT ${list} FROM ${scope.from()} WHERE ${where} AND CAST(${of} AS VARCHAR) IN (SELECT value FROM ${found})`;
    }
    case "unmatched": {
      const matches = measure.keys.map(
        (key, index) =>
          `${compileExpression(key, scope)} = other.${quoteIdentifier(measure.tableKeys[index] ?? "")}`,
      );
      return `SELECT ${list} FROM ${scope.from()} AS t WHERE ${where} AND NOT EXISTS (SELECT 1 FROM ${quoteIdentifier(measure.table)} AS other WHERE ${matches.join(" AND ")})`;
    }
  }
}

type Disorder = TableRowsMeasure & { readonly kind: "disorder" };

/**
 * Each row with its value and the one before it. A window without an order goes through the rows as they come, which is the order
 * of the files (DuckDB keeps it). The first element of a list has none before it.
 */
function neighboursSql(
  { of, elementsOf }: Disorder,
  { list, where }: { readonly list: string; readonly where: string },
  scope: TableScope,
): string {
  const value = compileExpression(of, scope);
  const before = `lag(${value}) OVER ()`;
  const number = elementsOf === undefined ? undefined : scope.typed(listColumn);
  const known =
    number === undefined ? before : `CASE WHEN lag(${number}) OVER () = ${number} THEN ${before} END`;
  return `SELECT ${list}, ${value} AS value, ${known} AS before FROM ${scope.from()} WHERE ${where}`;
}

function outOfOrder({ direction, strictly }: Disorder): string {
  return `NOT (value ${direction === "increasing" ? ">" : "<"}${strictly ? "" : "="} before)`;
}
