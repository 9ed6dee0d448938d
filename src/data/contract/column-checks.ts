import type { Check, CheckKind } from "../plan/check.ts";
import type { PlanColumn } from "../plan/column.ts";
import { distinctCheck, figureCheck, quantileChecks } from "./aggregate-checks.ts";
import type { ColumnRules } from "./column-rules.ts";
import { infiniteCheck, nullsCheck } from "./missing-checks.ts";
import { orderCheck } from "./order-checks.ts";
import type { ResolvedColumn } from "./resolve-cards.ts";
import { defaultRule, headOf, type Rule } from "./rule.ts";
import { typeCheck } from "./schema-checks.ts";
import { lengthCheck, patternCheck } from "./text-checks.ts";
import { uniqueCheck } from "./unique-checks.ts";
import { boundCheck, scalarsCheck } from "./value-checks.ts";

const boundKeys = ["min", "max", "greater_than", "less_than"] as const;
const figureKeys = ["mean", "median", "stdev", "sum"] as const;

/** The rules that hold for a column that is there, its missing and infinite values by default. */
export function columnChecks(column: PlanColumn, resolved: ResolvedColumn, maxNullRatio: number): Check[] {
  const { rules, when } = resolved;
  const checks: (Check | readonly Check[])[] = [];
  if (rules.type !== undefined) checks.push(typeCheck(column, rules.type));
  checks.push(nullsCheck(column, rules.nulls ?? defaultRule(maxNullRatio, when)));
  checks.push(infiniteCheck(column, rules.infinite ?? defaultRule("never", when)));
  for (const key of boundKeys) {
    const rule = rules[key];
    if (rule !== undefined) checks.push(boundCheck(key, column, rule));
  }
  for (const key of ["values", "not_values"] as const) {
    const rule = rules[key];
    if (rule !== undefined) checks.push(scalarsCheck(key, column, rule));
  }
  for (const key of ["pattern", "not_pattern"] as const) {
    const rule = rules[key];
    if (rule !== undefined) checks.push(patternCheck(key, column, rule));
  }
  if (rules.length !== undefined) checks.push(lengthCheck(column, rules.length));
  if (rules.unique !== undefined) checks.push(uniqueCheck(column, rules.unique));
  if (rules.order !== undefined) checks.push(orderCheck(column, rules.order));
  return [...checks.flat(), ...figureChecks(column, rules)];
}

function figureChecks(column: PlanColumn, rules: ColumnRules): Check[] {
  return [
    ...figureKeys.flatMap((key) => {
      const rule = rules[key];
      return rule === undefined ? [] : [figureCheck(key, column, rule)];
    }),
    ...(["distinct", "distinct_ratio"] as const).flatMap((key) => {
      const rule = rules[key];
      return rule === undefined ? [] : [distinctCheck(key, column, rule)];
    }),
    ...quantileChecks(column, rules.quantiles ?? []),
  ];
}

const kinds: Readonly<Record<Exclude<keyof ColumnRules, "required" | "quantiles">, CheckKind>> = {
  type: "type",
  nulls: "nulls",
  infinite: "infinite",
  min: "range",
  max: "range",
  greater_than: "range",
  less_than: "range",
  values: "values",
  not_values: "values",
  pattern: "pattern",
  not_pattern: "pattern",
  length: "length",
  unique: "unique",
  order: "order",
  mean: "aggregate",
  median: "aggregate",
  stdev: "aggregate",
  sum: "aggregate",
  distinct: "aggregate",
  distinct_ratio: "aggregate",
};

/** The rules of a column that is not there: skipped, because `required` says it already. */
export function missingColumnChecks(name: string, rules: ColumnRules): Check[] {
  const skipped = (rule: Rule<unknown>, key: string, kind: CheckKind): Check => {
    const head = headOf(rule, { name: key, kind, column: name, comparison: null, limit: null });
    return { ...head, verdict: "skipped", reason: "the data has no such column" };
  };
  const single = (Object.keys(kinds) as (keyof typeof kinds)[]).flatMap((key) => {
    const rule = rules[key];
    return rule === undefined ? [] : [skipped(rule, `${key}(${name})`, kinds[key])];
  });
  const quantiles = (rules.quantiles ?? []).map((rule) =>
    skipped(rule, `quantile(${name}, ${rule.value.at})`, "quantiles"),
  );
  return [...single, ...quantiles];
}
