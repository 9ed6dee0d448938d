import type { Bound, LogicalType, Scalar } from "./contract.ts";
import type { ColumnType, PlanColumn } from "./plan.ts";
import { doubleLiteral, quoteText } from "./sql.ts";

/** The expressions that DuckDB needs to judge one column; every rule is put together from these. */
export interface ColumnSql {
  /** The value as it stands in the file. */
  readonly raw: string;
  /** The value as its type; NULL where it is missing or cannot be read so. */
  readonly typed: string;
  /** NULL, or empty in a CSV. */
  readonly isNull: string;
  /** Not a number, which counts as missing; undefined for types that know none. */
  readonly isNan: string | undefined;
  readonly isInfinite: string | undefined;
  /** There, but not readable as the column's type; undefined for stored types. */
  readonly isMistyped: string | undefined;
}

/** `sql` is what stands for the column in a query. */
export function columnSql(column: PlanColumn, sql: string): ColumnSql {
  if (column.storage === "typed") return storedColumn(column, sql);
  return textColumn(column.type, column.storedAs === "VARCHAR" ? sql : `CAST(${sql} AS VARCHAR)`);
}

function textColumn(type: ColumnType, sql: string): ColumnSql {
  const trimmed = `trim(${sql})`;
  const typed = castText(type, sql, trimmed);
  const isNull = `${sql} IS NULL`;
  if (type === "string" || type === "other")
    return { raw: sql, typed, isNull, isNan: undefined, isInfinite: undefined, isMistyped: undefined };
  const isMistyped = `(${sql} IS NOT NULL AND (${typed}) IS NULL)`;
  if (type !== "double")
    return { raw: sql, typed, isNull, isNan: undefined, isInfinite: undefined, isMistyped };
  return { raw: sql, typed, isNull, isNan: `isnan(${typed})`, isInfinite: `isinf(${typed})`, isMistyped };
}

/**
 * Stricter than DuckDB's own casts, which round 1.5 to the integer 2, take the date out of a timestamp, and drop the
 * offset of a timestamp with zone.
 */
function castText(type: ColumnType, sql: string, trimmed: string): string {
  const when = (pattern: string, target: string) =>
    `CASE WHEN regexp_full_match(${trimmed}, '${pattern}') THEN TRY_CAST(${trimmed} AS ${target}) END`;
  switch (type) {
    case "integer":
      return when("[+-]?[0-9]+", "HUGEINT");
    case "double":
      return `TRY_CAST(${trimmed} AS DOUBLE)`;
    case "decimal":
      return when("[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)", "DOUBLE");
    case "boolean":
      return `CASE lower(${trimmed}) WHEN 'true' THEN true WHEN 't' THEN true WHEN 'false' THEN false WHEN 'f' THEN false END`;
    case "date":
      return when("[0-9]{4}-[0-9]{2}-[0-9]{2}", "DATE");
    case "timestamp":
      return when("[0-9]{4}-[0-9]{2}-[0-9]{2}.*", "TIMESTAMPTZ");
    case "string":
    case "other":
      return sql;
  }
}

function storedColumn(column: PlanColumn, sql: string): ColumnSql {
  const isNull = `${sql} IS NULL`;
  const none = { raw: sql, isNull, isNan: undefined, isInfinite: undefined, isMistyped: undefined };
  switch (column.type) {
    case "double": {
      const typed = `CAST(${sql} AS DOUBLE)`;
      return { ...none, typed, isNan: `isnan(${sql})`, isInfinite: `isinf(${sql})` };
    }
    case "timestamp":
      return { ...none, typed: `CAST(${sql} AS TIMESTAMPTZ)` };
    case "string":
      return { ...none, typed: `CAST(${sql} AS VARCHAR)` };
    default:
      return { ...none, typed: sql };
  }
}

/** The comparison that a good value passes. Integers are compared as integers: 2^53 + 1 is more than 2^53. */
export function withinBound(rule: "min" | "max", bound: Bound, about: ComparedColumn): string {
  const { column, typed } = about;
  const operator = rule === "min" ? ">=" : "<=";
  if (typeof bound === "string") {
    const hasClock = bound.length > 10;
    const type = column.type === "timestamp" || hasClock ? "TIMESTAMPTZ" : "DATE";
    const value = type === "DATE" ? typed : `CAST(${typed} AS TIMESTAMPTZ)`;
    return `${value} ${operator} CAST(${quoteText(bound)} AS ${type})`;
  }
  if (column.type === "integer") {
    const whole = rule === "min" ? Math.ceil(bound) : Math.floor(bound);
    return integerComparison(typed, operator, whole);
  }
  return `${typed} ${operator} ${numberLiteral(bound, column)}`;
}

export interface ComparedColumn {
  readonly column: PlanColumn;
  readonly typed: string;
}

/** Beyond what a 128-bit integer holds every value is on the one side. */
function integerComparison(typed: string, operator: ">=" | "<=", whole: number): string {
  if (Math.abs(whole) < 1e38) return `${typed} ${operator} CAST('${BigInt(whole)}' AS HUGEINT)`;
  const isTrue = operator === ">=" ? whole < 0 : whole > 0;
  return `(${typed} IS NOT NULL AND ${isTrue})`;
}

/** Decimals are compared as decimals where the number can be written in the column's own type, else as doubles. */
function numberLiteral(value: number, column: PlanColumn): string {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(column.storedAs);
  const written = /^-?(\d+)(?:\.(\d+))?$/.exec(String(value));
  if (decimal !== null && written !== null) {
    const [width, scale] = [Number(decimal[1]), Number(decimal[2])];
    if ((written[2] ?? "").length <= scale && (written[1] ?? "").length <= width - scale)
      return `CAST('${value}' AS ${column.storedAs})`;
  }
  return doubleLiteral(value);
}

/** Whether the value is one of `values`. Numbers compare as numbers, text as text, dates as dates. */
export function isOneOf(values: readonly Scalar[], { column, typed }: ComparedColumn): string {
  const { type } = column;
  const literals = values.map((value) => valueLiteral(value, column));
  const subject = type === "integer" || type === "decimal" ? numericSubject(typed, column, values) : typed;
  return `${subject} IN (${literals.join(", ")})`;
}

function numericSubject(typed: string, column: PlanColumn, values: readonly Scalar[]): string {
  const isExact = column.type === "integer" ? values.every(isWhole) : column.storedAs.startsWith("DECIMAL");
  return isExact ? typed : `CAST(${typed} AS DOUBLE)`;
}

function isWhole(value: Scalar): boolean {
  return typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 1e38;
}

function valueLiteral(value: Scalar, column: PlanColumn): string {
  const type: LogicalType | "other" = column.type;
  if (type === "integer" && typeof value === "number" && isWhole(value))
    return `CAST('${BigInt(value)}' AS HUGEINT)`;
  if (type === "boolean") return String(value);
  if (type === "date" || type === "timestamp")
    return `CAST(${quoteText(String(value))} AS ${type === "date" ? "DATE" : "TIMESTAMPTZ"})`;
  if (typeof value === "number" && type !== "string") return numberLiteral(value, column);
  return quoteText(String(value));
}
