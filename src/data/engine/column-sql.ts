import type { PlanColumn } from "../plan/column.ts";

/** Text of a decimal number. */
export const decimalPattern = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)";
/** Digits of DuckDB's widest decimal. */
export const mostDigits = 38;

export function decimalType(fractionDigits: number): string {
  return `DECIMAL(${mostDigits},${fractionDigits})`;
}

/** How a column, for which `sql` stands, is read as its type: NULL where that cannot be done. */
export function typedValue(column: PlanColumn, sql: string): string {
  if (column.storage === "text") return castText(column, rawText(column, sql));
  const target = { double: "DOUBLE", string: "VARCHAR" } as const;
  // A naive timestamp stays as it is: the cast to one with a zone would cost more than all else.
  if (column.type !== "double" && column.type !== "string") return sql;
  return column.storedAs === target[column.type] ? sql : `CAST(${sql} AS ${target[column.type]})`;
}

function rawText(column: PlanColumn, sql: string): string {
  return column.storedAs === "VARCHAR" ? sql : `CAST(${sql} AS VARCHAR)`;
}

/**
 * Stricter than DuckDB's own casts, which round 1.5 to the integer 2, take the date out of a timestamp, and drop the
 * offset of a timestamp with zone.
 */
function castText({ type, fractionDigits }: PlanColumn, sql: string): string {
  const trimmed = `trim(${sql})`;
  const when = (pattern: string, target: string) =>
    `CASE WHEN regexp_full_match(${trimmed}, '${pattern}') THEN TRY_CAST(${trimmed} AS ${target}) END`;
  switch (type) {
    case "integer":
      return when("[+-]?[0-9]+", "HUGEINT");
    case "double":
      return `TRY_CAST(${sql} AS DOUBLE)`;
    case "decimal":
      return when(decimalPattern, fractionDigits === undefined ? "DOUBLE" : decimalType(fractionDigits));
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
