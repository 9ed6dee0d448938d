import type { PlanColumn } from "../plan/column.ts";
import type { Comparison, Expression } from "../plan/expression.ts";
import type { Answer, Measure, Value } from "../plan/measure.ts";
import type { ColumnFacts, TableFacts } from "./column-facts.ts";

/** A measure that the facts of one column can settle, and how. */
export interface Provable {
  readonly column: string;
  /** The smallest and largest value are needed. */
  readonly byRange: boolean;
  /** Undefined where the facts do not settle it. */
  readonly settle: (facts: ColumnFacts) => Value | undefined;
}

/** Whether and how facts of a column can answer `measure`. Pure. */
export function provable(measure: Measure, columns: ReadonlyMap<string, PlanColumn>): Provable | undefined {
  if (measure.kind === "count") return provableCount(measure.where, columns);
  if (measure.kind !== "min" && measure.kind !== "max") return undefined;
  const { kind, of, where } = measure;
  if (of.op !== "column" || !isNumber(columns.get(of.column))) return undefined;
  if (where !== undefined && presentColumn(where) !== of.column) return undefined;
  return { column: of.column, byRange: true, settle: ({ range }) => range?.[kind] };
}

/** The answer to `measure` that follows from the facts; undefined where the table has to be asked. Pure. */
export function proven(
  measure: Measure,
  facts: TableFacts,
  columns: ReadonlyMap<string, PlanColumn>,
): Answer | undefined {
  const found = provable(measure, columns);
  const known = found === undefined ? undefined : facts.get(found.column);
  const value = known === undefined ? undefined : found?.settle(known);
  return value === undefined ? undefined : { kind: "value", value };
}

function provableCount(
  where: Expression | undefined,
  columns: ReadonlyMap<string, PlanColumn>,
): Provable | undefined {
  switch (where?.op) {
    case "is-null":
      return { column: where.column, byRange: false, settle: ({ nulls }) => nulls };
    case "is-missing":
      if (isFloatText(where.column, columns)) return undefined;
      return {
        column: where.column,
        byRange: false,
        settle: ({ nulls, allFinite }) => (allFinite === false ? undefined : nulls),
      };
    case "is-nan":
    case "is-infinite":
      if (isFloatText(where.column, columns)) return undefined;
      return {
        column: where.column,
        byRange: false,
        settle: ({ allFinite }) => (allFinite === false ? undefined : 0),
      };
    case "is-mistyped":
      // Stored values, and texts that are all exact, are of their type.
      return columns.get(where.column)?.storage === "typed"
        ? { column: where.column, byRange: false, settle: () => 0 }
        : undefined;
    case "and":
      return provableZero(where.parts, columns);
    default:
      return undefined;
  }
}

/** A text of doubles that is read the strict way: whether its values are finite is not among its facts. */
function isFloatText(name: string, columns: ReadonlyMap<string, PlanColumn>): boolean {
  const column = columns.get(name);
  return column?.storage === "text" && column.type === "double";
}

/** "There, and not as compared": none, where even the extremes are as compared. */
function provableZero(
  parts: readonly Expression[],
  columns: ReadonlyMap<string, PlanColumn>,
): Provable | undefined {
  for (const part of parts) {
    const test = part.op === "not" && part.value.op === "is-true" ? part.value.value : undefined;
    if (test?.op !== "compare" || test.left.op !== "column" || test.right.op !== "literal") continue;
    const { operator, left } = test;
    const limit = test.right.value;
    const isOnlyAboutPresent = parts.some((other) => presentColumn(other) === left.column);
    if (typeof limit !== "number" || !isOnlyAboutPresent || !isNumber(columns.get(left.column))) continue;
    return {
      column: left.column,
      byRange: true,
      settle: ({ range }) => (range !== undefined && holds(range, operator, limit) ? 0 : undefined),
    };
  }
  return undefined;
}

/** Numbers and big integers, whose extremes come as such; a decimal comes as text. */
function isNumber(column: PlanColumn | undefined): boolean {
  return column?.storage === "typed" && (column.type === "integer" || column.type === "double");
}

function presentColumn(where: Expression): string | undefined {
  return where.op === "not" && where.value.op === "is-missing" ? where.value.column : undefined;
}

/** Whether all values between the extremes compare so. Big integers and numbers compare exactly in JavaScript. */
function holds(
  { min, max }: NonNullable<ColumnFacts["range"]>,
  operator: Comparison,
  limit: number,
): boolean {
  if (!isNumeric(min) || !isNumeric(max)) return false;
  switch (operator) {
    case ">=":
      return min >= limit;
    case ">":
      return min > limit;
    case "<=":
      return max <= limit;
    case "<":
      return max < limit;
    default:
      return false;
  }
}

function isNumeric(value: Value): value is number | bigint {
  return typeof value === "bigint" || typeof value === "number";
}
