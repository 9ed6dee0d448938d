import type { ColumnCard, WrittenRules } from "./column-form.ts";
import { type ColumnRules, rulesOf } from "./column-rules.ts";
import { elementPathProblem } from "./element-path.ts";
import { patternProblem } from "./regex.ts";
import {
  type Bound,
  boundFits,
  type DeclaredType,
  instantOf,
  isNumeric,
  logicalType,
  valueFits,
} from "./values.ts";

/** Where in the card, and what cannot be meant there. */
type Problem = readonly [path: readonly string[], message: string];

const boundKeys = ["min", "greater_than", "max", "less_than"] as const;
const scalarsKeys = ["values", "not_values"] as const;
const textKeys = ["pattern", "not_pattern", "length"] as const;
const numberKeys = ["mean", "median", "stdev", "sum", "quantiles"] as const;
const otherKeys = ["infinite", "unique", "order", "distinct", "distinct_ratio"] as const;

/** Which columns the card is about. */
export function subjectProblems({ name, match }: ColumnCard): Problem[] {
  if (name === undefined && match === undefined)
    return [[[], "names no column: it needs a name, or match for all columns of a form"]];
  if (name !== undefined && match !== undefined)
    return [[["match"], "stands beside name; a card has one of them"]];
  const problem = name === undefined ? undefined : elementPathProblem(name);
  return problem === undefined ? [] : [[["name"], problem]];
}

/** What cannot be meant: a bound on a type that has no order, a text among the allowed numbers, min above max. */
export function ruleProblems(written: WrittenRules): Problem[] {
  const rules = rulesOf(written);
  return [
    ...typeProblems(rules),
    ...rangeProblems(rules),
    ...valuesProblems(rules),
    ...patternProblems(rules),
  ];
}

function typeProblems(rules: ColumnRules): Problem[] {
  const type = rules.type?.value;
  if (type === undefined) return [];
  const logical = logicalType.safeParse(type).data;
  const misfits = (keys: readonly (keyof ColumnRules)[]) =>
    keys.flatMap((key): Problem[] => (rules[key] === undefined ? [] : [[[key], doesNotFit(type)]]));
  if (logical === undefined)
    return misfits([...boundKeys, ...scalarsKeys, ...textKeys, ...numberKeys, ...otherKeys]);
  const bounds = boundKeys.flatMap((key): Problem[] => {
    const rule = rules[key];
    return rule === undefined || boundFits(rule.value, logical)
      ? []
      : [[[key], `${JSON.stringify(rule.value)} ${doesNotFit(type)}`]];
  });
  const scalars = scalarsKeys.flatMap((key) =>
    (rules[key]?.value ?? [])
      .filter((value) => !valueFits(value, logical))
      .map((value): Problem => [[key], `${JSON.stringify(value)} ${doesNotFit(type)}`]),
  );
  return [
    ...bounds,
    ...scalars,
    ...(logical === "string" ? [] : misfits(textKeys)),
    ...(isNumeric(logical) ? [] : misfits(numberKeys)),
  ];
}

function doesNotFit(type: DeclaredType): string {
  return `does not fit type ${type}`;
}

function rangeProblems(rules: ColumnRules): Problem[] {
  return (["min", "greater_than"] as const).flatMap((low) =>
    (["max", "less_than"] as const).flatMap((high): Problem[] => {
      const [from, to] = [rules[low]?.value, rules[high]?.value];
      if (from === undefined || to === undefined) return [];
      if (typeof from !== typeof to) return [[[high], `is of another kind than ${low}`]];
      const [start, end] = [positionOf(from), positionOf(to)];
      if (start > end) return [[[low], `${from} is more than ${high} ${to}`]];
      const isOpen = low === "greater_than" || high === "less_than";
      return start === end && isOpen ? [[[low], `${from} and ${high} ${to} leave no value`]] : [];
    }),
  );
}

function positionOf(bound: Bound): number {
  return typeof bound === "number" ? bound : (instantOf(bound) ?? Number.NaN);
}

function valuesProblems({ values, not_values: forbidden }: ColumnRules): Problem[] {
  const both = (values?.value ?? []).filter((value) => forbidden?.value.includes(value) === true);
  return both.map((value): Problem => [["not_values"], `${JSON.stringify(value)} is one of values too`]);
}

function patternProblems(rules: ColumnRules): Problem[] {
  return (["pattern", "not_pattern"] as const).flatMap((key): Problem[] => {
    const pattern = rules[key]?.value;
    const problem = pattern === undefined ? undefined : patternProblem(pattern);
    return problem === undefined ? [] : [[[key], `is no regular expression: ${problem}`]];
  });
}
