/** A value that stands in a rule. Dates and timestamps are ISO 8601 text, told from text by their key. */
export type Literal =
  | string
  | number
  | boolean
  | null
  | { readonly date: string }
  | { readonly timestamp: string };

export type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=";

/**
 * A value of a row, or a truth about it, as any SQL engine can compute it. Truths are three-valued as in SQL: a comparison
 * with a missing value is neither true nor false. Plain data, so that two rules that ask the same are seen to ask the same.
 */
export type Expression =
  /** The value as the column's type; null where it is missing or cannot be read so. NaN is kept. */
  | { readonly op: "column"; readonly column: string }
  /** The value as it stands in the file, as text; null where there is none. */
  | { readonly op: "text"; readonly column: string }
  | { readonly op: "literal"; readonly value: Literal }
  /** No value in the file (NULL; an empty field of a CSV). */
  | { readonly op: "is-null"; readonly column: string }
  /** Not a number, infinite; false for types that know none. */
  | { readonly op: "is-nan" | "is-infinite"; readonly column: string }
  /** Null or NaN: what counts as missing. */
  | { readonly op: "is-missing"; readonly column: string }
  /** There, but not readable as the column's type; false for stored types. */
  | { readonly op: "is-mistyped"; readonly column: string }
  /** `(value) IS NULL`, of any expression. */
  | { readonly op: "is-unknown"; readonly value: Expression }
  | {
      readonly op: "compare";
      readonly operator: Comparison;
      readonly left: Expression;
      readonly right: Expression;
    }
  /** Equal, or both null. Never unknown. */
  | { readonly op: "same"; readonly left: Expression; readonly right: Expression }
  /** `list` holds no null: it would make every other value unknown. Empty: false. */
  | { readonly op: "in"; readonly value: Expression; readonly list: readonly Literal[] }
  /** Finds `pattern` anywhere in the text. RE2 syntax, Unicode. */
  | { readonly op: "matches"; readonly value: Expression; readonly pattern: string }
  | {
      readonly op: "like";
      readonly value: Expression;
      readonly pattern: string;
      readonly escape: string | null;
    }
  /** Code points. */
  | { readonly op: "length"; readonly value: Expression }
  | { readonly op: "is-json"; readonly value: Expression }
  /** Can be read by the strptime format. */
  | { readonly op: "has-format"; readonly value: Expression; readonly format: string }
  | { readonly op: "and" | "or"; readonly parts: readonly Expression[] }
  | { readonly op: "not"; readonly value: Expression }
  /** True where the truth is true, false where it is false or unknown. */
  | { readonly op: "is-true"; readonly value: Expression }
  | {
      readonly op: "+" | "-" | "*" | "/";
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly op: "abs"; readonly value: Expression }
  /** An SQL expression that the user wrote over the columns by their names; the engine refuses one that is more than that. */
  | { readonly op: "user"; readonly sql: string };

export const column = (name: string): Expression => ({ op: "column", column: name });
export const textOf = (name: string): Expression => ({ op: "text", column: name });
export const literal = (value: Literal): Expression => ({ op: "literal", value });
export const isNull = (name: string): Expression => ({ op: "is-null", column: name });
export const isNan = (name: string): Expression => ({ op: "is-nan", column: name });
export const isMissing = (name: string): Expression => ({ op: "is-missing", column: name });
export const isPresent = (name: string): Expression => not(isMissing(name));
export const not = (value: Expression): Expression => ({ op: "not", value });
export const isTrue = (value: Expression): Expression => ({ op: "is-true", value });
export const userSql = (sql: string): Expression => ({ op: "user", sql });

export function compare(left: Expression, operator: Comparison, right: Expression): Expression {
  return { op: "compare", operator, left, right };
}

/** All of `parts` that are there; undefined where there is none, which means every row. */
export function and(...parts: readonly (Expression | undefined)[]): Expression | undefined {
  return joined("and", parts);
}

/** Any of `parts`; undefined where there is none. */
export function or(...parts: readonly (Expression | undefined)[]): Expression | undefined {
  return joined("or", parts);
}

function joined(op: "and" | "or", parts: readonly (Expression | undefined)[]): Expression | undefined {
  const given = parts.filter((part) => part !== undefined);
  return given.length <= 1 ? given[0] : { op, parts: given };
}
