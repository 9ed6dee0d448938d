import type { WrittenRules } from "./column-form.ts";
import { type Notes, type Place, type Rule, ruleOf, writtenRule } from "./rule.ts";
import type { Bound, DeclaredType, Scalar } from "./values.ts";

/** From min to max, both included; an open end is undefined. */
export interface Range {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export type Order = "increasing" | "strictly_increasing" | "decreasing" | "strictly_decreasing";

export interface Quantile extends Range {
  /** Share of the rows, 0..1. */
  readonly at: number;
}

/** The rules that hold for one column, each in one form. */
export interface ColumnRules {
  readonly required?: Rule<boolean> | undefined;
  readonly type?: Rule<DeclaredType> | undefined;
  /** The share of missing values that is allowed. */
  readonly nulls?: Rule<number> | undefined;
  readonly infinite?: Rule<"never" | "allow"> | undefined;
  readonly min?: Rule<Bound> | undefined;
  readonly max?: Rule<Bound> | undefined;
  readonly greater_than?: Rule<Bound> | undefined;
  readonly less_than?: Rule<Bound> | undefined;
  readonly values?: Rule<readonly Scalar[]> | undefined;
  readonly not_values?: Rule<readonly Scalar[]> | undefined;
  readonly pattern?: Rule<string> | undefined;
  readonly not_pattern?: Rule<string> | undefined;
  readonly length?: Rule<Range> | undefined;
  readonly unique?: Rule<boolean> | undefined;
  readonly order?: Rule<Order> | undefined;
  readonly mean?: Rule<Range> | undefined;
  readonly median?: Rule<Range> | undefined;
  readonly stdev?: Rule<Range> | undefined;
  readonly sum?: Rule<Range> | undefined;
  readonly distinct?: Rule<Range> | undefined;
  readonly distinct_ratio?: Rule<Range> | undefined;
  readonly quantiles?: readonly Rule<Quantile>[] | undefined;
}

/** The rules that a card, or the defaults, state. */
export function rulesOf(written: WrittenRules, place: Place = {}): ColumnRules {
  const range = (rule: WrittenRange | undefined) => (rule === undefined ? rule : rangeOf(rule, place));
  const bound = (rule: WrittenRules["min"]) => (rule === undefined ? rule : ruleOf<Bound>(rule, place));
  const scalars = (rule: WrittenRules["values"]) => rule && ruleOf<readonly Scalar[]>(rule, place);
  const text = (rule: WrittenRules["pattern"]) => (rule === undefined ? rule : ruleOf<string>(rule, place));
  const flag = (rule: WrittenRules["unique"]) => (rule === undefined ? rule : ruleOf<boolean>(rule, place));
  const { type, nulls, infinite, order, quantiles } = written;
  return {
    required: flag(written.required),
    type: type && ruleOf<DeclaredType>(type, place),
    nulls: nulls && nullsOf(nulls, place),
    infinite: infinite && ruleOf<"never" | "allow">(infinite, place),
    min: bound(written.min),
    max: bound(written.max),
    greater_than: bound(written.greater_than),
    less_than: bound(written.less_than),
    values: scalars(written.values),
    not_values: scalars(written.not_values),
    pattern: text(written.pattern),
    not_pattern: text(written.not_pattern),
    length: range(written.length),
    unique: flag(written.unique),
    order: order && ruleOf<Order>(order, place),
    mean: range(written.mean),
    median: range(written.median),
    stdev: range(written.stdev),
    sum: range(written.sum),
    distinct: range(written.distinct),
    distinct_ratio: range(written.distinct_ratio),
    quantiles: quantiles && quantilesOf(quantiles, place),
  };
}

/** The rules of `own` over those of `general`, each by itself. */
export function merged(general: ColumnRules, own: ColumnRules): ColumnRules {
  return { ...general, ...Object.fromEntries(Object.entries(own).filter(([, rule]) => rule !== undefined)) };
}

const shareOfWord = { never: 0, allow: 1 } as const;

function nullsOf(written: NonNullable<WrittenRules["nulls"]>, place: Place): Rule<number> {
  if (typeof written === "string") return writtenRule(shareOfWord[written], {}, place);
  if ("max_ratio" in written) return writtenRule(written.max_ratio, written, place);
  const { value } = written;
  return writtenRule(typeof value === "number" ? value : shareOfWord[value], written, place);
}

interface Ends {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}
type WrittenRange = number | (Ends & Notes) | ({ readonly value: number | Ends } & Notes);

function rangeOf(written: WrittenRange, place: Place): Rule<Range> {
  if (typeof written === "number") return writtenRule(endsOf(written), {}, place);
  return writtenRule(endsOf("value" in written ? written.value : written), written, place);
}

function endsOf(value: number | Ends): Range {
  return typeof value === "number" ? { min: value, max: value } : { min: value.min, max: value.max };
}

type WrittenShares = Readonly<Record<string, WrittenRange>>;
type NotedShares = { readonly value: WrittenShares } & Notes;

function quantilesOf(written: WrittenShares | NotedShares, place: Place): Rule<Quantile>[] {
  const noted = isNoted(written) ? written : { value: written };
  const all = writtenRule(undefined, noted, place);
  const rules = Object.entries(noted.value).map(([share, range]) => {
    const rule = rangeOf(range, { ...place, severity: all.severity, when: all.when });
    return {
      ...rule,
      name: rule.name ?? (all.name === undefined ? undefined : `${all.name} (${share})`),
      description: rule.description ?? all.description,
      value: { at: Number(share), ...rule.value },
    };
  });
  return rules.toSorted((a, b) => a.value.at - b.value.at);
}

/** `value` is no share of the rows, so that it cannot be one of the keys. */
function isNoted(written: WrittenShares | NotedShares): written is NotedShares {
  return "value" in written;
}
