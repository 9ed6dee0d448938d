import * as z from "zod";
import type { Answers } from "../../plan/answers.ts";
import type { PlanColumn } from "../../plan/column.ts";
import {
  and,
  column as columnOf,
  compare,
  type Expression,
  isMissing,
  isTrue,
  literal,
  not,
} from "../../plan/expression.ts";
import type { Measure, RowsMeasure } from "../../plan/measure.ts";
import {
  type Expectation,
  type ExpectationBody,
  type ExpectationRule,
  type ExpectationTable,
  expectationRule,
  isNotEvaluable,
  type NotEvaluable,
} from "../expectation.ts";
import { mapBody } from "../map-result.ts";
import { requiredNumber } from "./bounds.ts";
import { columnMap, columnMapKwargs, presentRows } from "./column-map.ts";
import { findColumn, guarded, isNumeric } from "./columns.ts";

/** What values are expected, once the figures of the column are known; undefined: all of them. */
interface TwoPasses {
  readonly figures: readonly Measure[];
  readonly expected: (answers: Answers) => Expression | undefined;
}

interface OutlierKwargs {
  readonly column: string;
  readonly mostly: number;
}

function twoPasses<Kwargs extends OutlierKwargs>(
  expectation: Expectation<Kwargs>,
  table: ExpectationTable,
  passesOf: (column: PlanColumn, present: Expression) => TwoPasses,
): ExpectationBody | NotEvaluable {
  const { kwargs, where } = expectation;
  const column = findColumn(table, kwargs.column);
  if (isNotEvaluable(column)) return column;
  if (!isNumeric(column)) {
    const problem = `column ${JSON.stringify(column.name)} is ${column.type}: it has no outliers`;
    return columnMap(expectation, table, () => ({ problem }));
  }
  const present = presentRows(column, where);
  const { figures, expected } = passesOf(column, present);
  const bodyOf = (answers: Answers) => {
    const good = expected(answers);
    // No figure to compare with: no value is out of bounds.
    const broken = good === undefined ? literal(false) : not(isTrue(good));
    const unexpected: RowsMeasure = { kind: "count", where: and(present, broken) };
    const shown = [columnOf(column.name)];
    return mapBody({ where, missing: isMissing(column.name), unexpected, mostly: kwargs.mostly, shown });
  };
  const body: ExpectationBody = {
    measures: figures,
    next: (answers) => bodyOf(answers).measures,
    judge: (answers) => bodyOf(answers).judge(answers),
    failing: (answers) => bodyOf(answers).failing?.(answers),
    column: column.name,
    comparison: "<=",
    limit: 0,
    allow: Number((1 - kwargs.mostly).toPrecision(12)),
  };
  return guarded(body, [column], where);
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

const zScores = expectationRule({
  kwargs: z.strictObject({
    ...columnMapKwargs,
    threshold: requiredNumber,
    double_sided: z.boolean(),
  }),
  make: (expectation, table) =>
    twoPasses(expectation, table, (column, where) => {
      const { threshold, double_sided } = expectation.kwargs;
      const of = columnOf(column.name);
      const [mean, stdev]: Measure[] = [
        { kind: "mean", of, where },
        { kind: "stdev", of, where },
      ];
      if (mean === undefined || stdev === undefined) return { figures: [], expected: () => undefined };
      return {
        figures: [mean, stdev],
        expected: (answers) => {
          const [center, spread] = [finite(answers.number(mean)), finite(answers.number(stdev))];
          if (center === undefined || spread === undefined || spread === 0) return undefined;
          const score: Expression = {
            op: "/",
            left: { op: "-", left: of, right: literal(center) },
            right: literal(spread),
          };
          return double_sided
            ? compare({ op: "abs", value: score }, "<", literal(Math.abs(threshold)))
            : compare(score, "<", literal(threshold));
        },
      };
    }),
});

const outliers = expectationRule({
  kwargs: z.strictObject({
    ...columnMapKwargs,
    method: z.enum(["iqr", "std"]).default("iqr"),
    multiplier: requiredNumber.pipe(z.number().min(0)).default(1.5),
  }),
  make: (expectation, table) => {
    const { method, multiplier } = expectation.kwargs;
    return twoPasses(expectation, table, (column, where) =>
      method === "iqr" ? byQuartiles(column, where, multiplier) : byDeviation(column, where, multiplier),
    );
  },
});

/** Tukey's fences over linearly interpolated quartiles; on the fence is inside. */
function byQuartiles(column: PlanColumn, where: Expression, multiplier: number): TwoPasses {
  const of = columnOf(column.name);
  const quartiles: Measure = { kind: "quantiles", of, at: [0.25, 0.75], method: "cont", where };
  return {
    figures: [quartiles],
    expected: (answers) => {
      const answer = answers.get(quartiles);
      const [low, high] =
        answer.kind === "values" ? answer.values.map((value) => finite(Number(value ?? "NaN"))) : [];
      if (low === undefined || high === undefined) return undefined;
      const reach = multiplier * (high - low);
      return and(compare(of, ">=", literal(low - reach)), compare(of, "<=", literal(high + reach)));
    },
  };
}

/** Nearer to the mean than `multiplier` sample deviations. */
function byDeviation(column: PlanColumn, where: Expression, multiplier: number): TwoPasses {
  const of = columnOf(column.name);
  const mean: Measure = { kind: "mean", of, where };
  const stdev: Measure = { kind: "stdev", of, where };
  return {
    figures: [mean, stdev],
    expected: (answers) => {
      const [center, spread] = [finite(answers.number(mean)), finite(answers.number(stdev))];
      // Without spread no value stands out; the mean itself may be off by a rounding.
      if (center === undefined || spread === undefined || (spread === 0 && multiplier > 0)) return undefined;
      const reach = multiplier * spread;
      if (reach <= 0) return compare(of, "=", literal(center));
      const distance: Expression = { op: "abs", value: { op: "-", left: of, right: literal(center) } };
      return compare(distance, "<", literal(reach));
    },
  };
}

export const outlierRules: Readonly<Record<string, ExpectationRule>> = {
  expect_column_value_z_scores_to_be_less_than: zScores,
  expect_column_values_to_not_be_outliers: outliers,
};
