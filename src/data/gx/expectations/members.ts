import type { PlanColumn } from "../../plan/column.ts";
import { column as columnOf, type Expression, type Literal } from "../../plan/expression.ts";
import { timeOf } from "../kwargs.ts";
import { isNumeric } from "./columns.ts";

export type Member = string | number | boolean | null;

/**
 * The members of a set that values of the column can equal at all, each once: numbers and truths are equal as in Python
 * (1 = 1.0 = true), text never equals a number, ISO 8601 text is a time for a column of times. Null is none.
 */
export function literalsFor(column: PlanColumn, members: readonly Member[]): Literal[] {
  const found = new Map<string, Literal>();
  for (const member of members) {
    const literal = literalFor(column, member);
    if (literal !== undefined) found.set(JSON.stringify(literal), literal);
  }
  return [...found.values()];
}

/** A member as a value of the column's type; undefined where no value can equal it. */
export function literalFor(column: PlanColumn, member: Member): Literal | undefined {
  if (member === null) return undefined;
  if (isNumeric(column)) return typeof member === "string" ? undefined : Number(member);
  switch (column.type) {
    case "boolean":
      return truthOf(member);
    case "string":
      return typeof member === "string" ? member : undefined;
    case "date":
    case "timestamp":
      return typeof member === "string" ? timeFor(column, member) : undefined;
    default:
      return undefined;
  }
}

function truthOf(member: string | number | boolean): boolean | undefined {
  if (typeof member === "boolean") return member;
  if (member === 1) return true;
  return member === 0 ? false : undefined;
}

function timeFor(column: PlanColumn, text: string): Literal | undefined {
  const time = timeOf(text);
  if (time === undefined) return undefined;
  if (column.type === "timestamp") return "date" in time ? { timestamp: `${time.date}T00:00:00` } : time;
  if ("date" in time) return time;
  // A date equals a timestamp at its midnight.
  const midnight = /^(.{10})T00:00(:00(\.0+)?)?Z?$/.exec(time.timestamp);
  return midnight === null ? undefined : { date: midnight[1] ?? "" };
}

/** Whether the value is one of `list`; false for no member. */
export function isIn(column: PlanColumn, list: readonly Literal[]): Expression {
  return { op: "in", value: columnOf(column.name), list };
}
