import type { Answers } from "../../plan/answers.ts";
import type { Judgement } from "../../plan/check.ts";
import type { PlanColumn } from "../../plan/column.ts";
import type { Expression } from "../../plan/expression.ts";
import type { Measure, RowsMeasure } from "../../plan/measure.ts";
import {
  type Expectation,
  type ExpectationBody,
  type ExpectationTable,
  isNotEvaluable,
  type NotEvaluable,
} from "../expectation.ts";
import { type Bounds, plainBound } from "../kwargs.ts";
import { presentRows } from "./column-map.ts";
import { findColumn, guarded, unknown } from "./columns.ts";

/** What one figure, or a few, of a column say. */
export interface Aggregate {
  readonly measures: readonly Measure[];
  readonly judge: (answers: Answers) => Judgement;
  /** Why the rule does not fit the column: no verdict, unless there is no value. */
  readonly problem?: string | undefined;
  /** What the report shows as the limit. */
  readonly limits?: Bounds;
}

/** An expectation on a figure of a column, nulls and NaN left out. `present` keeps the rows with a value. */
export function aggregate<Kwargs extends { readonly column: string }>(
  expectation: Expectation<Kwargs>,
  table: ExpectationTable,
  make: (column: PlanColumn, present: Expression) => Aggregate,
): ExpectationBody | NotEvaluable {
  const { kwargs, where } = expectation;
  const column = findColumn(table, kwargs.column);
  if (isNotEvaluable(column)) return column;
  const present = presentRows(column, where);
  const { measures, judge, problem, limits } = make(column, present);
  const head = { column: column.name, ...(limits === undefined ? {} : betweenLimit(limits)) };
  if (problem === undefined) return { ...guarded({ measures, judge }, [column], where), ...head };
  const rows: RowsMeasure = { kind: "count", where: present };
  return {
    measures: [rows],
    judge: (answers) => (answers.count(rows) === 0 ? judge(answers) : unknown(problem)),
    ...head,
  };
}

/** The bounds as a report shows them. */
export function betweenLimit({
  min_value,
  max_value,
}: Bounds): Pick<ExpectationBody, "comparison" | "limit"> {
  const shown = (bound: Bounds["min_value"]) => (bound === undefined ? null : plainBound(bound));
  return { comparison: "between", limit: [shown(min_value), shown(max_value)] };
}
