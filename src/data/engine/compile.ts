import type { Plan, PlanColumn, PlannedCheck } from "../plan/plan.ts";
import { type ColumnSql, columnSql, isOneOf, typedValue, withinBound } from "./column-sql.ts";

/** What the scan answers for one column, under these names in `CompiledPlan.scan`. */
export interface CompiledPlan {
  /** Aggregate queries, one row each; their columns are named `rows`, `c3_nulls`, `k7_failing`, … */
  readonly scans: readonly string[];
  /** One query a uniqueness rule, one row: `groups`, `failing`. */
  readonly unique: readonly { readonly check: number; readonly sql: string }[];
  /** Up to three failing values of a check, most frequent first: columns `value`, `n`. Run only where it failed. */
  exampleSql(check: number): string | undefined;
}

export interface CompileInput {
  readonly plan: Plan;
  /** What stands for a column in a query. */
  sqlOf(column: string): string;
  /** The table expression. */
  readonly table: string;
}

/**
 * DuckDB plans some thousand aggregates of one query well, tens of thousands badly. No FILTER clauses: their cost grows with
 * the square of their number (1,000 of them over 200 rows: 2.2 s and 0.6 GB, count_if 0.1 s; DuckDB 1.5.6).
 */
const aggregatesPerScan = 1000;
const exampleCount = 3;

/** Compiles a plan to DuckDB: one aggregate query for all that is counted row by row, one group-by per uniqueness rule. */
export function compilePlan(input: CompileInput): CompiledPlan {
  const { plan } = input;
  const columns: Columns = new Map(
    plan.columns.map((column, index) => {
      const sql = input.sqlOf(column.name);
      return [column.name, { column, sql: columnSql(column, sql, `"v${index}"`) }];
    }),
  );
  // Several aggregates want each value as its type: it is read so once, below them.
  const values = plan.columns.map((column, index) => {
    const sql = input.sqlOf(column.name);
    return `${sql}, ${typedValue(column, sql)} AS "v${index}"`;
  });
  const table = `(SELECT ${values.join(", ")} FROM ${input.table})`;
  const aggregates = [`count(*) AS "rows"`];
  for (const [index, { sql }] of [...columns.values()].entries())
    aggregates.push(...columnAggregates(index, sql));
  for (const [index, check] of plan.checks.entries())
    aggregates.push(...checkAggregates(index, check, columns));
  const scans: string[] = [];
  for (let start = 0; start < aggregates.length; start += aggregatesPerScan)
    scans.push(`SELECT ${aggregates.slice(start, start + aggregatesPerScan).join(",\n  ")}\nFROM ${table}`);
  const unique = plan.checks.flatMap((check, index) =>
    check.rule === "unique" ? [{ check: index, sql: uniqueSql(check.columns, columns, table) }] : [],
  );
  return {
    scans,
    unique,
    exampleSql: (index) => exampleSql(plan.checks[index], columns, table),
  };
}

type Columns = ReadonlyMap<string, { readonly column: PlanColumn; readonly sql: ColumnSql }>;

/** The measures of a column that several rules, and the report, want. */
function columnAggregates(index: number, sql: ColumnSql): string[] {
  const counted = [
    ["nulls", sql.isNull],
    ["nan", sql.isNan],
    ["infinite", sql.isInfinite],
    ["mistyped", sql.isMistyped],
  ] as const;
  return counted.flatMap(([name, predicate]) =>
    predicate === undefined ? [] : [`count_if(${predicate}) AS "c${index}_${name}"`],
  );
}

function checkAggregates(index: number, check: PlannedCheck, columns: Columns): string[] {
  const failing = failingPredicate(check, columns);
  if (failing === undefined) return [];
  const aggregates = [`count_if(${failing}) AS "k${index}_failing"`];
  if (check.rule === "min" || check.rule === "max") {
    const about = columns.get(check.column);
    if (about !== undefined) {
      const value = `CASE WHEN ${present(about.sql)} THEN ${about.sql.typed} END`;
      aggregates.push(`${check.rule}(${value}) AS "k${index}_observed"`);
    }
  }
  return aggregates;
}

/** True for the rows that break a rule. A value that cannot be read as the column's type breaks every rule on values. */
function failingPredicate(check: PlannedCheck | undefined, columns: Columns): string | undefined {
  if (check === undefined) return undefined;
  if (check.rule !== "min" && check.rule !== "max" && check.rule !== "values") return undefined;
  const about = columns.get(check.column);
  if (about === undefined) return undefined;
  const compared = { column: about.column, typed: about.sql.typed };
  const isGood =
    check.rule === "values"
      ? isOneOf(check.values, compared)
      : withinBound(check.rule, check.bound, compared);
  return `${present(about.sql)} AND (${isGood}) IS NOT TRUE`;
}

/** Neither NULL nor NaN. */
function present(sql: ColumnSql): string {
  const isNumber = sql.isNan === undefined ? "" : ` AND (${sql.isNan}) IS NOT TRUE`;
  return `NOT (${sql.isNull})${isNumber}`;
}

/** As SQL's UNIQUE: a row with a missing value in one of the columns is nobody's duplicate. Exact. */
function uniqueSql(names: readonly string[], columns: Columns, table: string): string {
  return `SELECT count(*) AS "groups", coalesce(sum("n"), 0) AS "failing" FROM (${duplicates(names, columns, table)})`;
}

function duplicates(names: readonly string[], columns: Columns, table: string): string {
  const parts = names.flatMap((name) => columns.get(name) ?? []);
  // Where nobody said that 007 and 7 are the same number, they are two texts.
  const keys = parts.map(({ column, sql }, index) => {
    const key = column.origin === "inferred" ? sql.raw : sql.typed;
    return `${key} AS "k${index}"`;
  });
  const where = parts.map(({ sql }) => present(sql)).join(" AND ");
  const grouped = parts.map((_, index) => `"k${index}"`).join(", ");
  return `SELECT ${grouped}, count(*) AS "n" FROM (SELECT ${keys.join(", ")} FROM ${table} WHERE ${where}) GROUP BY ${grouped} HAVING count(*) > 1`;
}

function exampleSql(check: PlannedCheck | undefined, columns: Columns, table: string): string | undefined {
  const tail = `ORDER BY "n" DESC, "value" LIMIT ${exampleCount}`;
  if (check?.rule === "unique") {
    const value = check.columns.map((_, index) => `CAST("k${index}" AS VARCHAR)`).join(", ");
    return `SELECT concat_ws(' | ', ${value}) AS "value", "n" FROM (${duplicates(check.columns, columns, table)}) ${tail}`;
  }
  const predicate =
    check?.rule === "type" ? columns.get(check.column)?.sql.isMistyped : failingPredicate(check, columns);
  if (check === undefined || predicate === undefined || !("column" in check) || check.column === null)
    return undefined;
  const about = columns.get(check.column);
  if (about === undefined) return undefined;
  const shown = about.column.storage === "text" ? about.sql.raw : about.sql.typed;
  return `SELECT CAST(${shown} AS VARCHAR) AS "value", count(*) AS "n" FROM ${table} WHERE ${predicate} GROUP BY 1 ${tail}`;
}
