import type { Check, CheckHead, Judgement } from "../plan/check.ts";
import type { PlanColumn } from "../plan/column.ts";
import { and, column as columnValue, isPresent } from "../plan/expression.ts";
import type { Measure, Value } from "../plan/measure.ts";
import type { Quantile, Range } from "./column-rules.ts";
import { columnCounts, identityOf } from "./counts.ts";
import { figureOf, isWithin, rangeComparison, rangeLimit, shownValue } from "./range.ts";
import { headOf, type Rule } from "./rule.ts";
import { misfit, unreadable } from "./unjudged.ts";
import { isNumeric } from "./values.ts";

/** A figure of all present values of a column of numbers. Of no value there is none, which is in no range. */
export function figureCheck(
  key: "mean" | "median" | "stdev" | "sum",
  column: PlanColumn,
  rule: Rule<Range>,
): Check {
  const head = rangeHead("aggregate", column, { rule, name: `${key}(${column.name})` });
  if (!isNumeric(column.type)) return misfit(head, column);
  const counts = columnCounts(column, rule.when);
  const measure: Measure = { kind: key, of: columnValue(column.name), where: presentIn(column, rule) };
  return {
    ...head,
    measures: [...counts.measures, measure],
    judge: (answers) =>
      unreadable(column, counts, answers) ??
      judged(answers.value(measure), { range: rule.value, rows: counts.present(answers) }),
  };
}

/** The values at shares of the rows, interpolated between their neighbours. */
export function quantileChecks(column: PlanColumn, rules: readonly Rule<Quantile>[]): Check[] {
  return rules.map((rule) => {
    const condition = JSON.stringify(rule.when);
    // Found together: each measure would keep all values of the column for itself.
    const together = rules.filter((other) => JSON.stringify(other.when) === condition);
    return quantileCheck(
      column,
      rule,
      together.map((one) => one.value.at),
    );
  });
}

function quantileCheck(column: PlanColumn, rule: Rule<Quantile>, shares: readonly number[]): Check {
  const { at } = rule.value;
  const head = rangeHead("quantiles", column, { rule, name: `quantile(${column.name}, ${at})` });
  if (!isNumeric(column.type)) return misfit(head, column);
  const counts = columnCounts(column, rule.when);
  const of = columnValue(column.name);
  const where = presentIn(column, rule);
  const measure: Measure = { kind: "quantiles", of, at: shares, method: "cont", where };
  return {
    ...head,
    measures: [...counts.measures, measure],
    judge: (answers) =>
      unreadable(column, counts, answers) ??
      judged(answers.values(measure)[shares.indexOf(at)] ?? null, {
        range: rule.value,
        rows: counts.present(answers),
      }),
  };
}

/** The number of different values, or its share of the present ones. */
export function distinctCheck(
  key: "distinct" | "distinct_ratio",
  column: PlanColumn,
  rule: Rule<Range>,
): Check {
  const head = rangeHead("aggregate", column, { rule, name: `${key}(${column.name})` });
  if (column.type === "other") return misfit(head, column);
  const counts = columnCounts(column, rule.when);
  const measure: Measure = { kind: "distinct", of: [identityOf(column)], where: presentIn(column, rule) };
  return {
    ...head,
    measures: [...counts.measures, measure],
    judge: (answers) => {
      const rows = counts.present(answers);
      const found = answers.count(measure);
      // Of a type that was only found in the first rows, the texts are counted.
      const problem = column.origin === "inferred" ? undefined : unreadable(column, counts, answers);
      if (problem !== undefined) return problem;
      if (key === "distinct") return judged(found, { range: rule.value, rows });
      return judged(rows === 0 ? null : found / rows, { range: rule.value, rows });
    },
  };
}

function rangeHead(
  kind: "aggregate" | "quantiles",
  { name: column }: PlanColumn,
  { rule, name }: { readonly rule: Rule<Range>; readonly name: string },
): CheckHead {
  const [comparison, limit] = [rangeComparison(rule.value), rangeLimit(rule.value)];
  return headOf(rule, { name, kind, column, comparison, limit });
}

function presentIn({ name }: PlanColumn, { when }: Rule<unknown>) {
  return and(when, isPresent(name));
}

function judged(value: Value, { range, rows }: { readonly range: Range; readonly rows: number }): Judgement {
  const figure = figureOf(value);
  const found = { observed: shownValue(value), failingRows: null, judgedRows: rows };
  if (figure === undefined) return { outcome: "bad", ...found, reason: noFigure(rows) };
  return { outcome: isWithin(figure, range) ? "good" : "bad", ...found };
}

function noFigure(rows: number): string {
  return rows === 0 ? "there is no value" : "the values have none: too few of them, or infinite ones";
}
