import type { PlanColumn } from "../plan/column.ts";
import type { Expression, Literal } from "../plan/expression.ts";
import type { Answer, Measure, Value } from "../plan/measure.ts";
import type { ColumnFacts, TableFacts } from "./facts.ts";

/** The answer to `measure` that follows from the footers alone; undefined where the table has to be read. Pure. */
export function proven(
  measure: Measure,
  facts: TableFacts,
  columns: readonly PlanColumn[],
): Answer | undefined {
  const value = provenValue(measure, facts, columns);
  return value === undefined ? undefined : { kind: "value", value };
}

function provenValue(measure: Measure, facts: TableFacts, columns: readonly PlanColumn[]): Value | undefined {
  if (measure.kind === "count") return provenCount(measure.where, facts, columns);
  if ((measure.kind === "min" || measure.kind === "max") && measure.of.op === "column") {
    const { column } = measure.of;
    const isAll = measure.where === undefined || presentColumn(measure.where) === column;
    return isAll ? facts.columns.get(column)?.range?.[measure.kind] : undefined;
  }
  return undefined;
}

function provenCount(
  where: Expression | undefined,
  facts: TableFacts,
  columns: readonly PlanColumn[],
): number | undefined {
  if (where === undefined) return facts.rows;
  if (where.op === "is-null") return facts.columns.get(where.column)?.nulls;
  if (where.op === "is-missing")
    return typeOf(where.column, columns) === "double" ? undefined : facts.columns.get(where.column)?.nulls;
  return where.op === "and" ? provenZero(where.parts, facts) : undefined;
}

function typeOf(name: string, columns: readonly PlanColumn[]): PlanColumn["type"] | undefined {
  return columns.find((column) => column.name === name)?.type;
}

/** "There, and not as compared": none, where even the extremes are as compared. */
function provenZero(parts: readonly Expression[], facts: TableFacts): number | undefined {
  for (const part of parts) {
    const test = part.op === "not" && part.value.op === "is-true" ? part.value.value : undefined;
    if (test?.op !== "compare" || test.left.op !== "column" || test.right.op !== "literal") continue;
    const { column } = test.left;
    const isOnlyAboutPresent = parts.some((other) => presentColumn(other) === column);
    const found = facts.columns.get(column);
    if (isOnlyAboutPresent && found !== undefined && allHold(test.operator, test.right.value, found))
      return 0;
  }
  return undefined;
}

function presentColumn(where: Expression): string | undefined {
  return where.op === "not" && where.value.op === "is-missing" ? where.value.column : undefined;
}

/** Numbers only; big integers and numbers compare exactly in JavaScript. */
function allHold(operator: string, limit: Literal, { range }: ColumnFacts): boolean {
  if (range === undefined || typeof limit !== "number") return false;
  const { min, max } = range;
  if (!isNumeric(min) || !isNumeric(max)) return false;
  switch (operator) {
    case ">=":
      return min >= limit;
    case ">":
      return min > limit;
    case "<=":
      return max <= limit;
    default:
      return operator === "<" && max < limit;
  }
}

function isNumeric(value: Value): value is number | bigint {
  return typeof value === "bigint" || typeof value === "number";
}
