import type { Judgement } from "../../plan/check.ts";
import type { PlanColumn } from "../../plan/column.ts";
import {
  and,
  column as columnOf,
  type Expression,
  isMissing,
  isPresent,
  isTrue,
  not,
} from "../../plan/expression.ts";
import type { RowsMeasure } from "../../plan/measure.ts";
import {
  type Expectation,
  type ExpectationBody,
  type ExpectationTable,
  isNotEvaluable,
  type NotEvaluable,
} from "../expectation.ts";
import { columnName, mostly } from "../kwargs.ts";
import { mapBody, mapMeasures, mapResult } from "../map-result.ts";
import { findColumn, guarded, unknown } from "./columns.ts";

/** The kwargs of every expectation on the values of one column. */
export const columnMapKwargs = { column: columnName, mostly };

interface ColumnMapKwargs {
  readonly column: string;
  readonly mostly: number;
}

/** What a rule says of the present values of a column. */
export type ColumnMapJudge =
  /** Each is judged by itself: true, false, never unknown. */
  | { readonly expected: Expression; readonly isText?: boolean }
  /** The rows that break the rule, of those that `present` keeps. */
  | { readonly unexpected: RowsMeasure; readonly isText?: boolean }
  /** The rule does not fit the column: no verdict, unless there is no value. */
  | { readonly problem: string };

/**
 * An expectation on the values of a column, nulls and NaN left out. `isText`: judged as the text of the file, which is
 * there whatever the type. `present` keeps the rows with a value, after `row_condition`.
 */
export function columnMap<Kwargs extends ColumnMapKwargs>(
  expectation: Expectation<Kwargs>,
  table: ExpectationTable,
  judge: (column: PlanColumn, present: Expression) => ColumnMapJudge,
): ExpectationBody | NotEvaluable {
  const { kwargs, where } = expectation;
  const column = findColumn(table, kwargs.column);
  if (isNotEvaluable(column)) return column;
  const present = presentRows(column, where);
  const judged = judge(column, present);
  if ("problem" in judged) return problemBody(column, judged.problem, where);
  const unexpected: RowsMeasure =
    "unexpected" in judged
      ? judged.unexpected
      : { kind: "count", where: and(present, not(isTrue(judged.expected))) };
  const body = mapBody({
    where,
    missing: isMissing(column.name),
    unexpected,
    mostly: kwargs.mostly,
    shown: [columnOf(column.name)],
  });
  const named = { ...body, column: column.name };
  return judged.isText === true ? named : guarded(named, [column], where);
}

/** Rows of `where` in which the column has a value. */
export function presentRows(column: PlanColumn, where: Expression | undefined): Expression {
  const present = isPresent(column.name);
  return and(where, present) ?? present;
}

/** A rule that does not fit the type of the column: without a value nothing breaks it, with one nothing can be said. */
function problemBody(column: PlanColumn, problem: string, where: Expression | undefined): ExpectationBody {
  const present: RowsMeasure = { kind: "count", where: presentRows(column, where) };
  const measures = mapMeasures({ where, missing: isMissing(column.name), unexpected: present });
  const judge = (answers: Parameters<ExpectationBody["judge"]>[0]): Judgement => {
    const counts = measures.countsOf(answers);
    return counts.unexpected === 0 ? mapResult(counts, 1) : unknown(problem);
  };
  return { measures: measures.all, judge, column: column.name };
}
