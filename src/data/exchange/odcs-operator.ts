import { listAt, type Plain, textAt } from "./draft.ts";

/** What a figure is held against. Both ends of `mustBeBetween` count as inside. */
export interface Operator {
  /** The SQL condition on a figure. */
  readonly test: (figure: string) => string;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly isStrict: boolean;
  /** False for `mustNotBe` and `mustNotBeBetween`. */
  readonly isRange: boolean;
}

/** A query that returns a row where the figure does not meet its limit; a figure that is missing does not. */
export function broken(figure: string, operator: Operator): string {
  return `SELECT * FROM (SELECT ${figure} AS figure) WHERE NOT coalesce(${operator.test("figure")}, false)`;
}

/** A count as it is, or in percent of all rows where the rule's unit says so. */
export function inUnit(rule: Plain, count: string): string {
  return textAt(rule, "unit") === "percent"
    ? `100.0 * ${count} / nullif((SELECT count(*) FROM data), 0)`
    : count;
}

/** The share of rows that may break the rule, where the operator says just that: none, or at most so many percent. */
export function shareAllowed(rule: Plain, { min, max, isStrict, isRange }: Operator): number | undefined {
  if (!isRange || max === undefined || (min ?? 0) > 0) return undefined;
  if (max === 0 && !isStrict) return 0;
  // Fewer than one row is none.
  if (isStrict && max === 1 && textAt(rule, "unit") !== "percent") return 0;
  return textAt(rule, "unit") === "percent" && !isStrict && max <= 100
    ? Number((max / 100).toFixed(12))
    : undefined;
}

/** The operator of a rule; undefined where none has a number. */
export function operatorOf(rule: Plain): Operator | undefined {
  const number = (key: string) => (typeof rule[key] === "number" ? rule[key] : undefined);
  const one = (sign: string, value: number, ends: Partial<Operator>): Operator => ({
    ...{ min: undefined, max: undefined, isStrict: false, isRange: true },
    ...ends,
    test: (figure) => `${figure} ${sign} ${value}`,
  });
  const simple: readonly [string, string, (value: number) => Partial<Operator>][] = [
    ["mustBe", "=", (value) => ({ min: value, max: value })],
    ["mustNotBe", "<>", () => ({ isRange: false })],
    ["mustBeGreaterThan", ">", (min) => ({ min, isStrict: true })],
    ["mustBeGreaterOrEqualTo", ">=", (min) => ({ min })],
    ["mustBeGreaterThanOrEqualTo", ">=", (min) => ({ min })],
    ["mustBeLessThan", "<", (max) => ({ max, isStrict: true })],
    ["mustBeLessOrEqualTo", "<=", (max) => ({ max })],
    ["mustBeLessThanOrEqualTo", "<=", (max) => ({ max })],
  ];
  for (const [key, sign, ends] of simple) {
    const value = number(key);
    if (value !== undefined) return one(sign, value, ends(value));
  }
  return betweenOf(rule);
}

function betweenOf(rule: Plain): Operator | undefined {
  const isNegated = Array.isArray(rule["mustNotBeBetween"]);
  const [low, high] = listAt(rule, isNegated ? "mustNotBeBetween" : "mustBeBetween");
  if (typeof low !== "number" || typeof high !== "number") return undefined;
  return {
    ...{ min: low, max: high, isStrict: false, isRange: !isNegated },
    test: (figure) => `${figure} ${isNegated ? "NOT " : ""}BETWEEN ${low} AND ${high}`,
  };
}

/** The whole numbers that the operator lets through: `more than 9` begins at 10. */
export function wholeRange({ min, max, isStrict }: Operator): {
  readonly min?: number;
  readonly max?: number;
} {
  return {
    ...(min === undefined ? {} : { min: isStrict ? Math.floor(min) + 1 : Math.ceil(min) }),
    ...(max === undefined ? {} : { max: isStrict ? Math.ceil(max) - 1 : Math.floor(max) }),
  };
}
