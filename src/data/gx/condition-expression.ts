import type { ColumnType, PlanColumn } from "../plan/column.ts";
import {
  and,
  column,
  compare,
  type Expression,
  isMissing,
  isPresent,
  type Literal,
  literal,
  not,
  or,
  userSql,
} from "../plan/expression.ts";
import type { Condition, ConditionValue } from "./condition.ts";
import { type ExpectationTable, type NotEvaluable, notEvaluable } from "./expectation.ts";
import { timeOf } from "./kwargs.ts";

export interface ConditionRows {
  /** True for the rows that the condition keeps. */
  readonly where: Expression;
}

/**
 * A row condition over the columns of the table. A null, or NaN, keeps its row out of every comparison, also of `!=` and
 * NOT_IN: SQL's filter, where pandas would keep it. Equality of values of different kinds is false; their order is an error.
 */
export function conditionRows(condition: Condition, table: ExpectationTable): ConditionRows | NotEvaluable {
  try {
    return { where: expressionOf(condition, table) };
  } catch (error) {
    if (error instanceof Unfit) return notEvaluable(`row_condition: ${error.message}`);
    throw error;
  }
}

/** A condition that does not fit the table. Never leaves this file. */
class Unfit extends Error {}

function expressionOf(condition: Condition, table: ExpectationTable): Expression {
  switch (condition.is) {
    case "sql":
      return userSql(condition.sql);
    case "and":
    case "or": {
      const parts = condition.parts.map((part) => expressionOf(part, table));
      return (condition.is === "and" ? and(...parts) : or(...parts)) ?? literal(true);
    }
    case "nullity": {
      const { name } = found(condition.column, table);
      return condition.isNull ? isMissing(name) : isPresent(name);
    }
    case "comparison":
      return comparison(condition, found(condition.column, table));
    case "columns":
      return columnComparison(condition, table);
    case "membership":
      return membership(condition, found(condition.column, table));
  }
}

function found(name: string, table: ExpectationTable): PlanColumn {
  const known = table.find(name);
  if (known === undefined) throw new Unfit(`the data has no column ${JSON.stringify(name)}`);
  return known;
}

function comparison(condition: Condition & { readonly is: "comparison" }, of: PlanColumn): Expression {
  const { operator, value } = condition;
  const right = literalFor(value, of.type);
  if (right !== undefined) return guarded(compare(column(of.name), operator, literal(right)), of);
  if (operator === "=") return literal(false);
  if (operator === "<>") return isPresent(of.name);
  throw new Unfit(
    `column ${JSON.stringify(of.name)} of type ${of.type} has no order with ${JSON.stringify(value)}`,
  );
}

function membership(condition: Condition & { readonly is: "membership" }, of: PlanColumn): Expression {
  const list = condition.values
    .map((value) => literalFor(value, of.type))
    .filter((one): one is Literal => one !== undefined);
  const isIn: Expression = { op: "in", value: column(of.name), list };
  if (condition.isIn) return list.length === 0 ? literal(false) : guarded(isIn, of);
  return list.length === 0 ? isPresent(of.name) : guarded(not(isIn), of);
}

function columnComparison(
  condition: Condition & { readonly is: "columns" },
  table: ExpectationTable,
): Expression {
  const [left, right] = [found(condition.column, table), found(condition.other, table)];
  if (familyOf(left.type) !== familyOf(right.type) || left.type === "other")
    throw new Unfit(
      `columns ${JSON.stringify(left.name)} (${left.type}) and ${JSON.stringify(right.name)} (${right.type}) cannot be compared`,
    );
  return guarded(guarded(compare(column(left.name), condition.operator, column(right.name)), left), right);
}

/** DuckDB takes NaN for more than every number; here it is missing. */
function guarded(truth: Expression, of: PlanColumn): Expression {
  return of.type === "double" ? (and(isPresent(of.name), truth) ?? truth) : truth;
}

function familyOf(type: ColumnType): string {
  if (type === "integer" || type === "double" || type === "decimal") return "number";
  return type === "date" || type === "timestamp" ? "time" : type;
}

/** The value as something of the column's kind; undefined where it is of another kind, and so equal to none of it. */
function literalFor(value: ConditionValue, type: ColumnType): Literal | undefined {
  switch (familyOf(type)) {
    case "number":
      return typeof value === "string" ? undefined : Number(value);
    case "string":
      return typeof value === "string" ? value : undefined;
    case "boolean":
      if (value === 0 || value === 1) return value === 1;
      return typeof value === "boolean" ? value : undefined;
    case "time":
      return timeLiteral(value);
    default:
      throw new Unfit(`a column of type ${type} cannot be compared`);
  }
}

function timeLiteral(value: ConditionValue): Literal | undefined {
  if (typeof value !== "string") return undefined;
  const time = timeOf(value.trim());
  if (time === undefined) throw new Unfit(`${JSON.stringify(value)} is no date or timestamp in ISO 8601`);
  return time;
}
