import type { Bound, ColumnCard, LogicalType, Scalar } from "./contract.ts";
import { type Annotations, type Rule, writtenRule } from "./rule.ts";

/** The rules that hold for one column. */
export interface ColumnRules {
  readonly required?: Rule<boolean>;
  readonly type?: Rule<LogicalType>;
  /** The share of missing values that is allowed. */
  readonly nulls?: Rule<number>;
  readonly infinite?: Rule<"never" | "allow">;
  readonly min?: Rule<Bound>;
  readonly max?: Rule<Bound>;
  readonly values?: Rule<readonly Scalar[]>;
  readonly unique?: Rule<boolean>;
}

type Written<T> = T | ({ readonly value: T } & Annotations);

/** The rules that a card states, in one form. */
export function rulesOf(card: ColumnCard): ColumnRules {
  const { nulls } = card;
  return {
    ...(card.required === undefined ? {} : { required: ruleOf<boolean>(card.required) }),
    ...(card.type === undefined ? {} : { type: ruleOf<LogicalType>(card.type) }),
    ...(nulls === undefined ? {} : { nulls: nullsRule(nulls) }),
    ...(card.infinite === undefined ? {} : { infinite: ruleOf<"never" | "allow">(card.infinite) }),
    ...(card.min === undefined ? {} : { min: ruleOf<Bound>(card.min) }),
    ...(card.max === undefined ? {} : { max: ruleOf<Bound>(card.max) }),
    ...(card.values === undefined ? {} : { values: ruleOf<readonly Scalar[]>(card.values) }),
    ...(card.unique === undefined ? {} : { unique: ruleOf<boolean>(card.unique) }),
  };
}

function nullsRule(written: NonNullable<ColumnCard["nulls"]>): Rule<number> {
  return written === "never" ? writtenRule(0, {}) : writtenRule(written.max_ratio, written);
}

/** A rule in its short or its long form. */
export function ruleOf<T extends string | number | boolean | readonly Scalar[]>(
  written: Written<T>,
): Rule<T> {
  return isLong(written) ? writtenRule<T>(written.value, written) : writtenRule<T>(written, {});
}

function isLong<T>(written: Written<T>): written is { readonly value: T } & Annotations {
  return typeof written === "object" && written !== null && "value" in written;
}
