import type { PlanColumn } from "../plan/column.ts";
import type { Comparison, Literal } from "../plan/expression.ts";
import { decimalType } from "./column-sql.ts";
import { doubleLiteral, quoteText } from "./sql.ts";

/** Integers of DuckDB are smaller than this, and more than its negative. */
const hugeIntegers = 2 ** 127;

/** A literal on its own, with nothing to compare it with. */
export function literalSql(value: Literal): string {
  if (value === null) return "NULL";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return numberSql(value);
  if (typeof value === "string") return quoteText(value);
  if ("date" in value) return `CAST(${quoteText(value.date)} AS DATE)`;
  return `CAST(${quoteText(value.timestamp)} AS TIMESTAMPTZ)`;
}

/** A whole number as it is, so that columns of integers are not cast to compare; everything else as a double. */
function numberSql(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < hugeIntegers) return `CAST('${BigInt(value)}' AS HUGEINT)`;
  return doubleLiteral(value);
}

/** `value` as the type of `column`, so that neither is rounded; a text that is a date or time becomes one. */
export function literalFor(value: Literal, column: PlanColumn | undefined): string {
  if (column === undefined || value === null) return literalSql(value);
  if (typeof value === "number") return numberFor(value, column);
  const text = timeText(value);
  if (text === undefined) return literalSql(value);
  if (column.type === "timestamp") return timestampSql(text, column);
  if (column.type === "date" && text.length === 10) return `CAST(${quoteText(text)} AS DATE)`;
  return column.type === "date" ? timestampSql(text, column) : literalSql(value);
}

/** The ISO text of a date or a time; text that stands beside a column of times is one. */
function timeText(value: Exclude<Literal, number | null>): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return undefined;
  return "date" in value ? value.date : value.timestamp;
}

/** Naive timestamps are taken for UTC, and compared as they are: a cast of the column would cost more than the rest. */
function timestampSql(text: string, column: PlanColumn): string {
  const zoned = `CAST(${quoteText(text)} AS TIMESTAMPTZ)`;
  return isNaiveTimestamp(column) || column.type === "date" ? `(${zoned} AT TIME ZONE 'UTC')` : zoned;
}

function isNaiveTimestamp(column: PlanColumn): boolean {
  return /^TIMESTAMP(_S|_MS|_NS)?$/.test(column.storedAs);
}

/** Decimals are compared as decimals where the number can be written in the column's own type, else as doubles. */
function numberFor(value: number, column: PlanColumn): string {
  const { fractionDigits } = column;
  const type = fractionDigits === undefined ? column.storedAs : decimalType(fractionDigits);
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  const written = /^-?(\d+)(?:\.(\d+))?$/.exec(String(value));
  if (column.type === "decimal" && decimal !== null && written !== null) {
    const [width, scale] = [Number(decimal[1]), Number(decimal[2])];
    if ((written[2] ?? "").length <= scale && (written[1] ?? "").length <= width - scale)
      return `CAST('${value}' AS ${type})`;
  }
  return column.type === "integer" ? numberSql(value) : doubleLiteral(value);
}

/**
 * A comparison of a column of integers with a number that need not be one: `x >= 1.5` asks for 2. `subject` is the column's SQL.
 * Beyond what a 128-bit integer holds every value is on the one side.
 */
export function compareInteger(subject: string, operator: Comparison, value: number): string {
  if (!Number.isFinite(value) || Math.abs(value) >= hugeIntegers) {
    const isTrue = operator === "<>" || (operator !== "=" && operator.startsWith(value > 0 ? "<" : ">"));
    return `(${subject} IS NOT NULL AND ${isTrue && !Number.isNaN(value)})`;
  }
  if (Number.isInteger(value)) return `${subject} ${operator} ${numberSql(value)}`;
  switch (operator) {
    case "=":
      return `(${subject} IS NULL AND NULL)`;
    case "<>":
      return `(${subject} IS NOT NULL OR NULL)`;
    case ">=":
    case "<":
      return `${subject} ${operator} ${numberSql(Math.ceil(value))}`;
    case ">":
    case "<=":
      return `${subject} ${operator} ${numberSql(Math.floor(value))}`;
  }
}

/**
 * A comparison of a column of decimals that stand as text. As a double (`typed`) such a value is told from every other double;
 * only where it is the same double as `value` are the digits of its `text` compared: 2^53 + 1 is more than 2^53.
 */
export function compareDecimalText(
  { typed, text }: { readonly typed: string; readonly text: string },
  operator: Comparison,
  value: number,
): string {
  const rounded = `${typed} ${operator} ${doubleLiteral(value)}`;
  const whole = /^-?(\d+)(?:\.\d+)?$/.exec(String(value))?.[1];
  if (whole === undefined) return rounded;
  const type = `DECIMAL(38, ${37 - whole.length})`;
  const exact = `TRY_CAST(trim(${text}) AS ${type}) ${operator} CAST('${value}' AS ${type})`;
  return `CASE WHEN ${typed} = ${doubleLiteral(value)} THEN coalesce(${exact}, ${rounded}) ELSE ${rounded} END`;
}
