import type { Comparison } from "../plan/expression.ts";

/** A value that a row condition compares with. Times are ISO text: what they are, the column decides. */
export type ConditionValue = string | number | boolean;

/**
 * A `row_condition` as read, before the table is known. A truth that is unknown because of a null keeps its row out, so
 * there is no `not`: `negated` turns it into what is true where the condition is false.
 */
export type Condition =
  | {
      readonly is: "comparison";
      readonly column: string;
      readonly operator: Comparison;
      readonly value: ConditionValue;
    }
  | {
      readonly is: "columns";
      readonly column: string;
      readonly operator: Comparison;
      readonly other: string;
    }
  | {
      readonly is: "membership";
      readonly column: string;
      readonly values: readonly ConditionValue[];
      readonly isIn: boolean;
    }
  | { readonly is: "nullity"; readonly column: string; readonly isNull: boolean }
  | { readonly is: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly is: "sql"; readonly sql: string };

const opposites = { "=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">" } as const;

/** What is true where `condition` is false, and unknown where it is unknown. */
export function negated(condition: Condition): Condition {
  switch (condition.is) {
    case "comparison":
    case "columns":
      return { ...condition, operator: opposites[condition.operator] };
    case "membership":
      return { ...condition, isIn: !condition.isIn };
    case "nullity":
      return { ...condition, isNull: !condition.isNull };
    case "and":
    case "or":
      return { is: condition.is === "and" ? "or" : "and", parts: condition.parts.map(negated) };
    case "sql":
      return { is: "sql", sql: `NOT (${condition.sql})` };
  }
}

const operators: Readonly<Record<string, Comparison>> = {
  "==": "=",
  "!=": "<>",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

/** `==` as `=`; undefined for what is no comparison. */
export function comparisonOf(written: string): Comparison | undefined {
  return operators[written];
}
