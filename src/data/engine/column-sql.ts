import type { Bound, LogicalType, Scalar } from "../contract/contract.ts";
import type { ColumnType, PlanColumn } from "../plan/plan.ts";
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

/** How a column, for which `sql` stands, is read as its type: NULL where that cannot be done. */
export function typedValue(column: PlanColumn, sql: string): string {
  if (column.storage === "text") return castText(column.type, rawText(column, sql));
  const target = { double: "DOUBLE", string: "VARCHAR" } as const;
  // A naive timestamp stays as it is: the cast to one with a zone would cost more than all else.
  if (column.type !== "double" && column.type !== "string") return sql;
  return column.storedAs === target[column.type] ? sql : `CAST(${sql} AS ${target[column.type]})`;
}

/** `sql` stands for the column as it is in the file, `typed` for its `typedValue`, which is best computed once. */
export function columnSql(column: PlanColumn, sql: string, typed: string): ColumnSql {
  const isText = column.storage === "text";
  const hasNan = column.type === "double";
  const canBeMistyped = isText && column.type !== "string" && column.type !== "other";
  return {
    raw: isText ? rawText(column, sql) : sql,
    typed,
    isNull: `${sql} IS NULL`,
    isNan: hasNan ? `isnan(${typed})` : undefined,
    isInfinite: hasNan ? `isinf(${typed})` : undefined,
    isMistyped: canBeMistyped ? `(${typed} IS NULL AND ${sql} IS NOT NULL)` : undefined,
  };
}

function rawText(column: PlanColumn, sql: string): string {
  return column.storedAs === "VARCHAR" ? sql : `CAST(${sql} AS VARCHAR)`;
}

/**
 * Stricter than DuckDB's own casts, which round 1.5 to the integer 2, take the date out of a timestamp, and drop the
 * offset of a timestamp with zone.
 */
function castText(type: ColumnType, sql: string): string {
  const trimmed = `trim(${sql})`;
  const when = (pattern: string, target: string) =>
    `CASE WHEN regexp_full_match(${trimmed}, '${pattern}') THEN TRY_CAST(${trimmed} AS ${target}) END`;
  switch (type) {
    case "integer":
      return when("[+-]?[0-9]+", "HUGEINT");
    case "double":
      return `TRY_CAST(${sql} AS DOUBLE)`;
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
